using AsyncIO;
using Microsoft.Extensions.Logging;
using NetMQ;

namespace ZmqLoop;

/// <summary>How to make a <see cref="NetMQEngine"/>.</summary>
public sealed record NetMQEngineOptions
{
    private const int MostThreads = 1024;
    private const int MostSockets = 1 << 20; // NetMQ keeps a slot for each

    /// <summary>How the engine's pollers wait.</summary>
    public NetMQPollerKind Poller { get; init; }

    /// <summary>Calls <see cref="ForceDotNet.Force"/>, so that NetMQ uses .NET's sockets instead of Windows' completion ports. No
    /// difference elsewhere. It is for the whole
    /// process, and only before the first NetMQ socket. Default false.</summary>
    public bool ForceDotNet { get; init; }

    /// <summary>Threads that move the bytes: <see cref="NetMQConfig.ThreadPoolSize"/>, for the whole process, and only before the first
    /// NetMQ socket: another number than NetMQ has begun with makes no engine, and throws an
    /// <see cref="InvalidOperationException"/>. Null leaves it as it is: 1.</summary>
    public int? IOThreads { get; init; }

    /// <summary>How many sockets may be open at once: <see cref="NetMQConfig.MaxSockets"/>, for the whole process, and only before the
    /// first NetMQ socket, as with <see cref="IOThreads"/>; 1,048,576 at most. Null leaves it as it is: 1,024.</summary>
    public int? MaxSockets { get; init; }

    /// <summary>Whether what a stranger sends is kept from ending the process: what NetMQ's I/O threads throw is logged, counted
    /// (<see cref="NetMQTelemetry"/>), and costs the connection that it came by. Default true. The
    /// threads are the process's: false, in one engine, is for all sockets from then on, and threads that are guarded already stay
    /// so.</summary>
    public bool GuardIOThreads { get; init; } = true;

    /// <summary>The <see cref="ZMQSocketOptions.MaxMsgSize"/> that sockets begin with, which are made by the engine, or adopted without
    /// one, in bytes of a frame; null is none. Default 256 MiB: four times what is ever
    /// heard of, and little enough that it takes many strangers to fill a heap with what they announce, which NetMQ allocates before any of
    /// it has come. Publishers, PUB and XPUB, begin with 4 KiB, since a subscription
    /// of 64 KiB overflows NetMQ's stack. Set what you need on the socket; taking the limit away is logged.</summary>
    public long? MaxMessageSize { get; init; } = 256L << 20;

    /// <summary>Whether CURVE options may be set. Default false, and setting them throws: NetMQ leaves it to the peer whether there is
    /// encryption. A server takes plain text from whoever says that it speaks ZMTP 1.0 or 2.0, a
    /// client sends plain text to a server that says so. Where CURVE has to protect, use the engine of ZmqLoop.LibZmq; true where
    /// protection against those who only listen will do.</summary>
    public bool AllowUnenforcedCurve { get; init; }

    /// <summary>Whether <c>ipc://</c> may be bound and connected. Default false, and doing so throws: NetMQ's ipc is tcp on 127.0.0.1, on a
    /// port made from the name, so that every user of the machine can connect, and no other library finds it. For ipc, use the engine of
    /// ZmqLoop.LibZmq; true where both ends are NetMQ's, and that will do. A NetMQ socket that has such an endpoint when it is adopted
    /// keeps it; the first one is logged.</summary>
    public bool AllowIpcOverTcp { get; init; }

    /// <summary>Where the engine logs, with the category <c>ZmqLoop.NetMQ</c>; the last one given counts for the process. Null: where the
    /// thread's or the process-wide loop logs
    /// (<see cref="IOLoopOptions.LoggerFactory"/>), else to stderr.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Before anything of the process is changed.</summary>
    internal void Validate()
    {
        if (IOThreads is < 1 or > MostThreads)
            throw new ArgumentOutOfRangeException(nameof(IOThreads), IOThreads, $"1 to {MostThreads}, or null for NetMQ's own.");
        if (MaxSockets is < 1 or > MostSockets)
            throw new ArgumentOutOfRangeException(nameof(MaxSockets), MaxSockets, $"1 to {MostSockets}, or null for NetMQ's own.");
        if (MaxMessageSize is < 0)
            throw new ArgumentOutOfRangeException(nameof(MaxMessageSize), MaxMessageSize, "A number of bytes, or null.");
    }
}
