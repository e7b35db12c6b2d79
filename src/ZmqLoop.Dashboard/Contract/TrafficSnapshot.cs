namespace ZmqLoop.Dashboard;

/// <summary>All streams together, those that are not shown as well.</summary>
internal sealed record TrafficSnapshot
{
    public required int Loops { get; init; }

    public required int Streams { get; init; }

    public required long Queued { get; init; }

    public required int Handlers { get; init; }

    public required long Dropped { get; init; }

    public required double? ReceivedPerSecond { get; init; }

    public required double? SentPerSecond { get; init; }

    public required double? DroppedPerSecond { get; init; }

    /// <summary>The last minute, a value a second, the latest last.</summary>
    public required IReadOnlyList<double> ReceivedHistory { get; init; }

    public required IReadOnlyList<double> SentHistory { get; init; }

    public required IReadOnlyList<double> QueuedHistory { get; init; }

    public required IReadOnlyList<double> DroppedHistory { get; init; }
}
