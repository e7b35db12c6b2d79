using ZmqLoop.Streams;

namespace ZmqLoop.Dashboard;

/// <summary>One stream that is watched, and does not live longer for it. A look brings <see cref="Snapshot"/> up to date and allocates
/// nothing, since there may be thousands of streams; what only those have to tell that are shown is made when they are.</summary>
internal sealed class StreamWatch
{
    private readonly WeakReference<ZMQStream> _stream;
    private StreamHistory? _history;
    private RequestSnapshot? _requests;

    public StreamWatch(ZMQStream stream)
    {
        _stream = new WeakReference<ZMQStream>(stream);
        ZMQStreamOptions options = stream.Options;
        Snapshot = new StreamSnapshot
        {
            Id = ObjectNumbers.Of(stream),
            Name = stream.Name,
            Loop = ObjectNumbers.Of(stream.IOLoop),
            Type = ObjectText.TypeOf(stream.Socket),
            QueueLimit = options.SendQueueLimit == int.MaxValue ? null : options.SendQueueLimit,
            PeerQueueLimit = options.MaxQueuedPerPeer == int.MaxValue ? null : options.MaxQueuedPerPeer,
            MaxConcurrency = options.MaxConcurrency,
            HandlerWarningSeconds = options.HandlerWarning == Timeout.InfiniteTimeSpan ? null : options.HandlerWarning.TotalSeconds,
        };
    }

    /// <summary>What the last look found.</summary>
    public StreamSnapshot Snapshot { get; }

    /// <summary>How many findings are worse than the worst that names it; <see cref="int.MaxValue"/> where none does.</summary>
    public int Rank { get; set; }

    /// <summary>Those that a finding names first, the worst of them at the top; then those with the longest queues, then the
    /// busiest.</summary>
    public static int Compare(StreamWatch one, StreamWatch other)
    {
        int order = one.Rank.CompareTo(other.Rank);
        if (order == 0) order = other.Snapshot.Queued.CompareTo(one.Snapshot.Queued);
        if (order == 0) order = other.Snapshot.PerSecond.CompareTo(one.Snapshot.PerSecond);
        return order == 0 ? one.Snapshot.Id.CompareTo(other.Snapshot.Id) : order;
    }

    /// <summary>Reads what it has counted.</summary>
    /// <param name="stream">The stream itself.</param>
    /// <param name="monitor">Its socket's; null for none.</param>
    /// <param name="client">Whose it is; null where it is the user's own.</param>
    /// <param name="now">For how long somebody has watched.</param>
    public void Look(ZMQStream stream, SocketMonitor? monitor, RequestClient? client, TimeSpan now)
    {
        StreamStatistics counts = stream.Statistics;
        ConnectionStatistics connections = monitor?.Statistics ?? default;
        StreamCounters counters = new(counts.Received, counts.Sent, stream.DroppedMessages, counts.Refused, stream.UnroutableMessages,
            stream.OversizedMessages, connections.Connects, connections.Disconnects, connections.Retries, connections.HandshakeFailures);
        int queued = stream.SendQueueLength;
        TimeSpan age = stream.Age;
        StreamHistory history = Add(now, age, counters, queued);
        StreamSnapshot seen = Snapshot;
        seen.Counters = counters;
        seen.AgeSeconds = Math.Round(age.TotalSeconds, 1);
        seen.IsReceiving = stream.IsReceiving;
        seen.ReceivedBytes = counts.ReceivedBytes;
        seen.ReceivedPerSecond = history.ReceivedPerSecond;
        seen.IdleSeconds = ObjectText.Rounded(counts.SinceReceived, 1);
        seen.SentBytes = counts.SentBytes;
        seen.SentPerSecond = history.SentPerSecond;
        seen.Queued = queued;
        seen.QueuedBytes = stream.SendQueueBytes;
        seen.MostQueued = counts.MostQueued;
        seen.IsHeldUp = counts.IsHeldUp && queued > 0;
        seen.PeersWithoutRoom = counts.PeersWithoutRoom;
        seen.Dropped = new DroppedSnapshot(counts.DroppedForFullQueue, counts.DroppedForFullPeer, counts.Expired, counts.Cleared);
        seen.DroppedPerSecond = history.DroppedPerSecond;
        seen.Handlers = stream.HandlersRunning;
        seen.OldestHandler = stream.OldestHandler is { } oldest ? ObjectText.Of(oldest with { Owner = null }) : null;
        seen.OldestHandlerSeconds = ObjectText.Rounded(stream.OldestHandlerAge, 1);
        seen.Connections = monitor is null ? null : new ConnectionSnapshot(connections.Open, connections.Connects, connections.Disconnects,
            connections.Reconnects, connections.Retries, connections.HandshakeFailures);
        seen.Recent = history.Recent;
        _requests = client is null ? null : new RequestSnapshot(client.InFlight, client.Waiting, client.Answers, client.LateAnswers);
    }

    /// <summary>All that there is to tell of it.</summary>
    public StreamSnapshot Show() => Snapshot with
    {
        Socket = _stream.TryGetTarget(out ZMQStream? stream) ? ObjectText.Of(stream.Socket) : "",
        Requests = _requests,
        ReceivedHistory = _history!.Received.ToArray(),
        SentHistory = _history.Sent.ToArray(),
        QueuedHistory = _history.Queued.ToArray(),
    };

    /// <summary>Of a stream that was made while somebody watched, all that it counted is recent.</summary>
    private StreamHistory Add(TimeSpan now, TimeSpan age, in StreamCounters counters, int queued)
    {
        if (_history is null && age >= now) return _history = new StreamHistory(now, counters);
        _history ??= new StreamHistory(now - age, default);
        _history.Add(now, counters, queued);
        return _history;
    }
}
