namespace ZmqLoop;

/// <summary>How to make a <see cref="LibZmqEngine"/>: the options of its ZeroMQ context.</summary>
public sealed record LibZmqEngineOptions
{
    private const int MostThreads = 1024;

    /// <summary>Threads that move the bytes; one for each gigabyte a second, 0 for inproc alone; 1,024 at most.
    /// <c>ZMQ_IO_THREADS</c>. Default 1.</summary>
    public int IOThreads { get; init; } = 1;

    /// <summary>How many sockets may be open at once. <c>ZMQ_MAX_SOCKETS</c>. Default 65,535 (libzmq's own is 1,023); libzmq takes what it
    /// can.</summary>
    public int MaxSockets { get; init; } = 65_535;

    /// <summary>Refuse to send and receive messages longer than this many bytes; null is no limit. <c>ZMQ_MAX_MSGSZ</c>.</summary>
    public int? MaxMessageSize { get; init; }

    /// <summary>New sockets also speak IPv6. <c>ZMQ_IPV6</c>. Default false.</summary>
    public bool IPv6 { get; init; }

    /// <summary>How the engine's pollers wait.</summary>
    public PollerKind Poller { get; init; }

    /// <summary>How long <see cref="ZMQEngine.Dispose()"/> may wait for sockets that are closed but still have messages to send
    /// (their <see cref="ZMQSocket.Linger"/> ends it sooner); the rest happens in the background. Up to 24 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Default 5 seconds.</summary>
    public TimeSpan DisposeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(IOThreads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IOThreads, MostThreads);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSockets, 1);
        if (MaxMessageSize is { } size) ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(MaxMessageSize));
        if (DisposeTimeout == Timeout.InfiniteTimeSpan) return;
        ArgumentOutOfRangeException.ThrowIfLessThan(DisposeTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(DisposeTimeout, TimeSpan.FromMilliseconds(int.MaxValue));
    }
}
