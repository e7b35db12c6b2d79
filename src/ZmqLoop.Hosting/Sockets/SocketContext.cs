using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Where a socket of the host's lives.</summary>
internal sealed record SocketContext(string Name, HostedLoop Loop, IServiceProvider Services)
{
    public ILogger Logger { get; } =
        Services.GetService<ILoggerFactory>()?.CreateLogger("ZmqLoop.Hosting") ?? NullLogger.Instance;

    /// <summary>For what has none of its own.</summary>
    public IFrameSerializer? Serializer { get; init; } = Services.GetService<IFrameSerializer>() ?? HostSerializer.Json;
}
