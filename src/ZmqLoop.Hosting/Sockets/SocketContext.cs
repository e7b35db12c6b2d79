using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZmqLoop.Hosting;

/// <summary>Where a socket of the host's lives.</summary>
internal sealed record SocketContext(string Name, HostedLoop Loop, ILoggerFactory? Loggers)
{
    public ILogger Logger { get; } = Loggers?.CreateLogger("ZmqLoop.Hosting") ?? NullLogger.Instance;
}
