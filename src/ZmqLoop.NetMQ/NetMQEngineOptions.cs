using AsyncIO;
using NetMQ;

namespace ZmqLoop;

/// <summary>How to make a <see cref="NetMQEngine"/>.</summary>
public sealed record NetMQEngineOptions
{
    /// <summary>How the engine's pollers wait.</summary>
    public NetMQPollerKind Poller { get; init; }

    /// <summary>Calls <see cref="ForceDotNet.Force"/>, so that NetMQ uses .NET's sockets instead of Windows' completion ports. No difference elsewhere. It is for the whole
    /// process, and only before the first NetMQ socket. Default false.</summary>
    public bool ForceDotNet { get; init; }

    /// <summary>Threads that move the bytes: <see cref="NetMQConfig.ThreadPoolSize"/>, for the whole process, and only before the first NetMQ socket. Null leaves it as it is: 1.</summary>
    public int? IOThreads { get; init; }

    /// <summary>How many sockets may be open at once: <see cref="NetMQConfig.MaxSockets"/>, for the whole process, and only before the first NetMQ socket. Null leaves it as it is: 1,024.</summary>
    public int? MaxSockets { get; init; }
}
