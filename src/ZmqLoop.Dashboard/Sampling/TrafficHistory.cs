namespace ZmqLoop.Dashboard;

/// <summary>The traffic of all streams together, from sample to sample.</summary>
internal sealed class TrafficHistory
{
    private readonly History _received = new();
    private readonly History _sent = new();
    private readonly History _queued = new();
    private readonly History _dropped = new();
    private bool _isFirst = true; // there are no rates yet

    /// <summary>The next sample.</summary>
    public void Add(IReadOnlyList<StreamSnapshot> streams)
    {
        if (!_isFirst)
        {
            _received.Add(streams.Sum(static stream => stream.ReceivedPerSecond ?? 0));
            _sent.Add(streams.Sum(static stream => stream.SentPerSecond ?? 0));
            _dropped.Add(streams.Sum(static stream => stream.DroppedPerSecond ?? 0));
            _queued.Add(streams.Sum(static stream => (long)stream.Queued));
        }

        _isFirst = false;
    }

    public TrafficSnapshot Of(int loops, IReadOnlyList<StreamSnapshot> streams)
    {
        IReadOnlyList<double> received = _received.ToArray(), sent = _sent.ToArray(), dropped = _dropped.ToArray();
        return new TrafficSnapshot
        {
            Loops = loops,
            Streams = streams.Count,
            Queued = streams.Sum(static stream => (long)stream.Queued),
            Handlers = streams.Sum(static stream => stream.Handlers),
            Dropped = streams.Sum(static stream => stream.Dropped.Total),
            ReceivedPerSecond = Last(received),
            SentPerSecond = Last(sent),
            DroppedPerSecond = Last(dropped),
            ReceivedHistory = received,
            SentHistory = sent,
            QueuedHistory = _queued.ToArray(),
            DroppedHistory = dropped,
        };
    }

    private static double? Last(IReadOnlyList<double> history) => history.Count == 0 ? null : Math.Round(history[^1], 1);
}
