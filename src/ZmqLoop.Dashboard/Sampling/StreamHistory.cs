namespace ZmqLoop.Dashboard;

/// <summary>One stream, from sample to sample: its rates, and what is recent.</summary>
internal sealed class StreamHistory
{
    private const int MostCheckpoints = 5;
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(12);

    private readonly Queue<(TimeSpan At, StreamCounters Counters)> _checkpoints = []; // what is recent is counted from the oldest
    private TimeSpan _lastCheckpoint;
    private TimeSpan _lastAt;
    private StreamCounters _last;
    private StreamCounters _sum; // since the first look

    /// <param name="now">When it was seen first.</param>
    /// <param name="counters">What it had counted by then.</param>
    public StreamHistory(TimeSpan now, in StreamCounters counters)
    {
        (_lastAt, _last, _lastCheckpoint) = (now, counters, now);
        _checkpoints.Enqueue((now, default));
    }

    public double? ReceivedPerSecond { get; private set; }

    public double? SentPerSecond { get; private set; }

    public double? DroppedPerSecond { get; private set; }

    public WindowSnapshot? Recent { get; private set; }

    public History Received { get; } = new();

    public History Sent { get; } = new();

    public History Queued { get; } = new();

    /// <summary>The next sample.</summary>
    public void Add(TimeSpan now, in StreamCounters counters, int queued)
    {
        double seconds = (now - _lastAt).TotalSeconds;
        if (seconds <= 0) return;
        StreamCounters passed = counters.Since(_last);
        ReceivedPerSecond = Math.Round(passed.Received / seconds, 1);
        SentPerSecond = Math.Round(passed.Sent / seconds, 1);
        DroppedPerSecond = Math.Round(passed.Dropped / seconds, 1);
        Received.Add(ReceivedPerSecond.Value);
        Sent.Add(SentPerSecond.Value);
        Queued.Add(queued);
        (_lastAt, _last, _sum) = (now, counters, _sum + passed);
        Recent = RecentOf(now);
        if (now - _lastCheckpoint < _between) return;
        _lastCheckpoint = now;
        _checkpoints.Enqueue((now, _sum));
        if (_checkpoints.Count > MostCheckpoints) _checkpoints.Dequeue();
    }

    private WindowSnapshot RecentOf(TimeSpan now)
    {
        (TimeSpan at, StreamCounters before) = _checkpoints.Peek();
        StreamCounters recent = _sum - before;
        return new WindowSnapshot
        {
            Seconds = Math.Round((now - at).TotalSeconds, 1),
            Received = recent.Received,
            Sent = recent.Sent,
            Dropped = recent.Dropped,
            Refused = recent.Refused,
            Unroutable = recent.Unroutable,
            Oversized = recent.Oversized,
            Connects = recent.Connects,
            Disconnects = recent.Disconnects,
            Retries = recent.Retries,
            HandshakeFailures = recent.HandshakeFailures,
        };
    }
}
