using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>What streams log.</summary>
internal static partial class StreamLog
{
    public const string WasForgotten =
        "was forgotten and is closed now: nobody holds it any more, and nothing could happen on it. "
        + "Close or dispose a stream when you are done with it";

    [LoggerMessage(20, LogLevel.Warning, "{Stream}, made at {Place}, " + WasForgotten)]
    public static partial void Forgotten(ILogger logger, string stream, string place);

    [LoggerMessage(21, LogLevel.Warning, "{Stream} answered a request in the place of its handler, which had thrown before it answered")]
    public static partial void AnsweredForHandler(ILogger logger, string stream);
}
