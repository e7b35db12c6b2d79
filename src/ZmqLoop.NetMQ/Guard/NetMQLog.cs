using Microsoft.Extensions.Logging;

namespace ZmqLoop.Guard;

internal static partial class NetMQLog
{
    public const string Category = "ZmqLoop.NetMQ";

    [LoggerMessage(1, LogLevel.Warning, "{What}")]
    public static partial void Contained(ILogger logger, Exception? exception, string what);

    [LoggerMessage(2, LogLevel.Warning, "{What}")]
    public static partial void Danger(ILogger logger, string what);
}
