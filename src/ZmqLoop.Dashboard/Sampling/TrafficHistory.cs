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
    /// <param name="loops">How many loops there are.</param>
    /// <param name="streams">All streams of the user's.</param>
    public TrafficSnapshot Add(int loops, IEnumerable<StreamSnapshot> streams)
    {
        double received = 0, sent = 0, dropping = 0;
        long queued = 0, dropped = 0;
        int count = 0, handlers = 0;
        foreach (StreamSnapshot stream in streams)
        {
            count++;
            received += stream.ReceivedPerSecond ?? 0;
            sent += stream.SentPerSecond ?? 0;
            dropping += stream.DroppedPerSecond ?? 0;
            queued += stream.Queued;
            dropped += stream.Dropped.Total;
            handlers += stream.Handlers;
        }

        double? receivedRate = Add(_received, received), sentRate = Add(_sent, sent), droppedRate = Add(_dropped, dropping);
        Add(_queued, queued);
        _isFirst = false;
        return new TrafficSnapshot
        {
            Loops = loops,
            Streams = count,
            Queued = queued,
            Handlers = handlers,
            Dropped = dropped,
            ReceivedPerSecond = receivedRate,
            SentPerSecond = sentRate,
            DroppedPerSecond = droppedRate,
            ReceivedHistory = _received.ToArray(),
            SentHistory = _sent.ToArray(),
            QueuedHistory = _queued.ToArray(),
            DroppedHistory = _dropped.ToArray(),
        };
    }

    private double? Add(History history, double value)
    {
        if (_isFirst) return null;
        history.Add(value);
        return Math.Round(value, 1);
    }
}
