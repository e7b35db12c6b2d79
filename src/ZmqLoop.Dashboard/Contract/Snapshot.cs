namespace ZmqLoop.Dashboard;

/// <summary>A process at a moment, as JSON: what docs/dashboard.md promises. Times are in seconds, rates per second over the last one or
/// so, what is recent in the last minute at most; null is what is not known, such as a rate of what was looked at once.</summary>
internal sealed record Snapshot
{
    /// <summary>Of this form: it is raised when something is taken away or means another thing, not when something is added.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>For how long there has been somebody to look, so that rates and what is recent are known.</summary>
    public required double WatchedSeconds { get; init; }

    /// <summary>What is not known yet, since somebody has only begun to look; null where it is.</summary>
    public required string? Note { get; init; }

    public required ProcessSnapshot Process { get; init; }

    /// <summary>What is wrong, the worst first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>How many there are, shown or not.</summary>
    public required int FindingCount { get; init; }

    public required TrafficSnapshot Totals { get; init; }

    public required IReadOnlyList<LoopSnapshot> Loops { get; init; }

    /// <summary>Those in trouble first, then the fullest and busiest.</summary>
    public required IReadOnlyList<StreamSnapshot> Streams { get; init; }

    /// <summary>How many there are that match what was asked for, shown or not.</summary>
    public required int StreamCount { get; init; }

    public required IReadOnlyList<ProxySnapshot> Proxies { get; init; }

    /// <summary>The connections of monitored sockets, those of the streams in trouble first.</summary>
    public required IReadOnlyList<PeerSnapshot> Peers { get; init; }

    /// <summary>How many there are, shown or not.</summary>
    public required int PeerCount { get; init; }

    /// <summary>How many sockets are monitored; of the peers of others nothing is known.</summary>
    public required int MonitorCount { get; init; }
}
