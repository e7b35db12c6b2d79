namespace ZmqLoop.Streams;

/// <summary>How a <see cref="ZMQProxy"/> behaves; fixed when it is made.</summary>
public sealed record ProxyOptions
{
    /// <summary>What the proxy is called in measurements; null for nothing.</summary>
    public string? Name { get; init; }

    /// <summary>How many messages each way before the loop's others get their turn. At least 1.</summary>
    public int MessagesPerTurn { get; init; } = 128;

    /// <summary>How many bytes each way in one turn, the message that reaches the limit included. At least 1.</summary>
    public long BytesPerTurn { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many frames a message may have that is taken from either side. One with more is read to its end, some thousand frames a
    /// turn, and dropped, with a line in the loop's log, once a minute at most. At least 1; <see cref="int.MaxValue"/> for no
    /// limit.</summary>
    public int MaxFramesPerMessage { get; init; } = 16_384;

    /// <summary>How many bytes its frames may have together; likewise. At least 1; <see cref="long.MaxValue"/> for no limit.</summary>
    public long MaxBytesPerMessage { get; init; } = 1L << 30;

    /// <summary>Among the sources that are ready in one turn, those with a higher priority are served first.</summary>
    public int Priority { get; init; }

    /// <summary>The first frame of what the capture socket gets of messages from the frontend; null for none. <c>in_prefix</c>.</summary>
    public Frame? InPrefix { get; init; }

    /// <summary>The first frame of what the capture socket gets of messages from the backend; null for none. <c>out_prefix</c>.</summary>
    public Frame? OutPrefix { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MessagesPerTurn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BytesPerTurn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxFramesPerMessage, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytesPerMessage, 1);
        if (InPrefix is { IsBorrowed: true } || OutPrefix is { IsBorrowed: true })
            throw new ArgumentException(
                "A prefix is used again and again, and a borrowed frame is valid for a while only: use Frame.Copy.");
    }
}
