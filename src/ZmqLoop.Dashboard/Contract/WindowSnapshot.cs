namespace ZmqLoop.Dashboard;

/// <summary>What happened in the last minute at most.</summary>
internal readonly record struct WindowSnapshot
{
    /// <summary>How long that was.</summary>
    public required double Seconds { get; init; }

    public required long Received { get; init; }

    public required long Sent { get; init; }

    public required long Dropped { get; init; }

    public required long Refused { get; init; }

    public required long Unroutable { get; init; }

    public required long Oversized { get; init; }

    public required long Connects { get; init; }

    public required long Disconnects { get; init; }

    public required long Retries { get; init; }

    public required long HandshakeFailures { get; init; }
}
