using ZmqLoop.Streams;

namespace ZmqLoop.Dashboard;

/// <summary>Looks at all loops, streams and proxies of the process, without their help, and remembers what rates need. One thread at a
/// time.</summary>
internal sealed class SnapshotSampler(TimeProvider time)
{
    private const int MostPeers = 200;

    private readonly long _start = time.GetTimestamp();
    private Dictionary<long, LoopHistory> _loops = [];
    private Dictionary<long, StreamHistory> _streams = [];
    private Dictionary<long, ProxyHistory> _proxies = [];
    private readonly TrafficHistory _totals = new();

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Looks at what the loops run, and at nothing else: ten times a second is fine.</summary>
    public void Look()
    {
        foreach (IOLoop loop in IOLoop.GetOpenLoops())
        {
            if (_loops.TryGetValue(ObjectNumbers.Of(loop), out LoopHistory? history)) LookAt(loop, history);
        }
    }

    /// <summary>Looks at everything.</summary>
    public Sample Take()
    {
        TimeSpan now = Now;
        Dictionary<ZMQSocket, SocketMonitor> monitors = [];
        foreach (SocketMonitor monitor in SocketMonitor.GetOpenMonitors()) monitors[monitor.Socket] = monitor;
        IReadOnlyList<ZMQStream> open = ZMQStream.GetOpenStreams();
        Dictionary<long, StreamHistory> streamHistories = new(open.Count);
        List<StreamSnapshot> streams = new(open.Count);
        foreach (ZMQStream stream in open) streams.Add(TakeStream(stream, monitors.GetValueOrDefault(stream.Socket), now, streamHistories));
        _streams = streamHistories;
        LoopSnapshot[] loops = TakeLoops(now, streams);
        ProxySnapshot[] proxies = TakeProxies(now);
        StreamSnapshot[] users = [.. streams.Where(static stream => !stream.IsOfLibrary)];
        _totals.Add(users);
        IReadOnlyList<Finding> findings = FindingRules.Apply(loops, streams, proxies, time.GetUtcNow());
        return new Sample
        {
            Time = time.GetUtcNow(),
            Watched = now,
            Loops = loops,
            Streams = Sample.Order(streams, findings),
            Proxies = proxies,
            Findings = findings,
            Totals = _totals.Of(loops.Length, users),
            Histories = _streams,
            Peers = TakePeers(monitors.Values, open, findings),
            PeerCount = monitors.Values.Sum(static monitor => monitor.Statistics.Open),
            MonitorCount = monitors.Count,
        };
    }

    private static CallbackSnapshot? LookAt(IOLoop loop, LoopHistory history)
    {
        CurrentCallback? current = loop.GetCurrentCallback();
        CallbackSnapshot? seen = current is null ? null : new CallbackSnapshot(
            Text(current.Origin), Math.Round(current.Elapsed.TotalSeconds, 3), [.. current.Contexts.Select(Text)]);
        history.Profile.Add(current?.Origin.Callback is Delegate callback ? callback.Method : current?.Origin.Callback?.GetType(), seen);
        return seen;
    }

    private LoopSnapshot[] TakeLoops(TimeSpan now, IReadOnlyList<StreamSnapshot> streams)
    {
        Dictionary<long, int> counts = streams.Where(static stream => !stream.IsOfLibrary)
            .CountBy(static stream => stream.Loop).ToDictionary();
        Dictionary<long, LoopHistory> histories = [];
        List<LoopSnapshot> loops = [];
        foreach (IOLoop loop in IOLoop.GetOpenLoops())
        {
            long id = ObjectNumbers.Of(loop);
            LoopHistory history = histories[id] = _loops.GetValueOrDefault(id) ?? new LoopHistory();
            LoopStatistics statistics = loop.Statistics;
            history.Add(now, statistics.Turns, statistics.Lag);
            loops.Add(new LoopSnapshot
            {
                Id = id,
                Name = loop.Name,
                Engine = (loop as ZMQIOLoop)?.Engine.Name,
                IsRunning = loop.IsRunning,
                AgeSeconds = Math.Round(loop.Age.TotalSeconds, 1),
                Turns = statistics.Turns,
                TurnsPerSecond = history.TurnsPerSecond,
                LagSeconds = Math.Round(statistics.Lag.TotalSeconds, 4),
                Current = LookAt(loop, history),
                Busy = history.Profile.Busy,
                Busiest = history.Profile.Busiest,
                Callbacks = statistics.Callbacks,
                Timers = statistics.Timeouts,
                NextTimerSeconds = Rounded(statistics.NextTimeout, 3),
                Sources = statistics.Handlers,
                Scopes = statistics.Scopes,
                Streams = counts.GetValueOrDefault(id),
                Blocks = [.. loop.GetRecentBlocks().Select(static block => new BlockSnapshot(
                    block.Callback, block.Since, Math.Round(block.Elapsed.TotalSeconds, 3), block.IsOver))],
                TurnsHistory = history.Turns.ToArray(),
                LagHistory = history.Lag.ToArray(),
            });
        }

        _loops = histories;
        return [.. loops.OrderBy(static loop => loop.Id)];
    }

    private StreamSnapshot TakeStream(
        ZMQStream stream, SocketMonitor? monitor, TimeSpan now, Dictionary<long, StreamHistory> histories)
    {
        long id = ObjectNumbers.Of(stream);
        StreamStatistics counts = stream.Statistics;
        ConnectionStatistics connections = monitor?.Statistics ?? default;
        StreamCounters counters = new(counts.Received, counts.Sent, stream.DroppedMessages, counts.Refused, stream.UnroutableMessages,
            stream.OversizedMessages, connections.Connects, connections.Disconnects, connections.Retries, connections.HandshakeFailures);
        int queued = stream.SendQueueLength;
        TimeSpan age = stream.Age;
        if (_streams.TryGetValue(id, out StreamHistory? history)) history.Add(now, counters, queued);
        else history = age < now ? Begun(now, age, counters, queued) : new StreamHistory(now, counters);
        histories.Add(id, history);
        ZMQStreamOptions options = stream.Options;
        return new StreamSnapshot
        {
            Id = id,
            Name = stream.Name,
            Loop = ObjectNumbers.Of(stream.IOLoop),
            Type = TypeOf(stream.Socket),
            Socket = Text(stream.Socket),
            AgeSeconds = Math.Round(age.TotalSeconds, 1),
            IsReceiving = stream.IsReceiving,
            Received = counts.Received,
            ReceivedBytes = counts.ReceivedBytes,
            ReceivedPerSecond = history.ReceivedPerSecond,
            IdleSeconds = Rounded(counts.SinceReceived, 1),
            Sent = counts.Sent,
            SentBytes = counts.SentBytes,
            SentPerSecond = history.SentPerSecond,
            Refused = counts.Refused,
            Queued = queued,
            QueuedBytes = stream.SendQueueBytes,
            QueueLimit = options.SendQueueLimit == int.MaxValue ? null : options.SendQueueLimit,
            MostQueued = counts.MostQueued,
            IsHeldUp = counts.IsHeldUp && queued > 0,
            PeersWithoutRoom = counts.PeersWithoutRoom,
            Dropped = new DroppedSnapshot(counts.DroppedForFullQueue, counts.DroppedForFullPeer, counts.Expired, counts.Cleared),
            DroppedPerSecond = history.DroppedPerSecond,
            Unroutable = counters.Unroutable,
            Oversized = counters.Oversized,
            Handlers = stream.HandlersRunning,
            MaxConcurrency = options.MaxConcurrency,
            OldestHandler = stream.OldestHandler is { } oldest ? Text(oldest with { Owner = null }) : null,
            OldestHandlerSeconds = Rounded(stream.OldestHandlerAge, 1),
            HandlerWarningSeconds = options.HandlerWarning == Timeout.InfiniteTimeSpan ? null : options.HandlerWarning.TotalSeconds,
            Connections = monitor is null ? null : new ConnectionSnapshot(connections.Open, connections.Connects, connections.Disconnects,
                connections.Reconnects, connections.Retries, connections.HandshakeFailures),
            Recent = history.Recent,
        };
    }

    /// <summary>A stream that was made while somebody watched: all that it counted is recent.</summary>
    private static StreamHistory Begun(TimeSpan now, TimeSpan age, in StreamCounters counters, int queued)
    {
        StreamHistory history = new(now - age, default);
        history.Add(now, counters, queued);
        return history;
    }

    /// <summary>The peers of the streams in trouble first, and not more than a page can show.</summary>
    private static List<PeerSnapshot> TakePeers(
        IEnumerable<SocketMonitor> monitors, IReadOnlyList<ZMQStream> open, IReadOnlyList<Finding> findings)
    {
        Dictionary<ZMQSocket, ZMQStream> streams = [];
        foreach (ZMQStream stream in open) streams[stream.Socket] = stream;
        HashSet<long> troubled = [.. findings.Select(static finding => finding.Stream).OfType<long>()];
        List<PeerSnapshot> peers = [];
        foreach ((SocketMonitor monitor, ZMQStream? stream, long? id) in monitors
            .Select(monitor => (monitor, stream: streams.GetValueOrDefault(monitor.Socket)))
            .Select(static pair => (pair.monitor, pair.stream, id: pair.stream is null ? (long?)null : ObjectNumbers.Of(pair.stream)))
            .OrderBy(owned => owned.id is not { } id || !troubled.Contains(id)).ThenBy(static owned => owned.id))
        {
            if (peers.Count >= MostPeers) break;
            string owner = stream?.Name ?? $"{TypeOf(monitor.Socket)}{(id is { } number ? $" {number}" : "")}";
            peers.AddRange(monitor.GetConnections().Take(MostPeers - peers.Count).Select(connection =>
                new PeerSnapshot(id, owner, connection.Endpoint, connection.Accepted, connection.Since, connection.Number)));
        }

        return peers;
    }

    private ProxySnapshot[] TakeProxies(TimeSpan now)
    {
        Dictionary<long, ProxyHistory> histories = [];
        List<ProxySnapshot> proxies = [];
        foreach (ZMQProxy proxy in ZMQProxy.GetOpenProxies())
        {
            long id = ObjectNumbers.Of(proxy);
            ProxyHistory history = histories[id] = _proxies.GetValueOrDefault(id) ?? new ProxyHistory();
            ProxyStatistics counts = proxy.Statistics;
            bool isHeldUp = proxy.IsHeldUp;
            history.Add(now, counts, isHeldUp);
            proxies.Add(new ProxySnapshot
            {
                Id = id,
                Name = proxy.Name,
                Loop = ObjectNumbers.Of(proxy.IOLoop),
                Frontend = TypeOf(proxy.Frontend),
                Backend = TypeOf(proxy.Backend),
                IsPaused = proxy.IsPaused,
                IsHeldUp = isHeldUp,
                HeldUpSeconds = Rounded(history.HeldUp, 1),
                MessagesIn = counts.MessagesIn,
                MessagesOut = counts.MessagesOut,
                InPerSecond = history.InPerSecond,
                OutPerSecond = history.OutPerSecond,
                CaptureDropped = counts.CaptureDropped,
                Unroutable = proxy.UnroutableMessages,
                Oversized = proxy.OversizedMessages,
                InHistory = history.In.ToArray(),
                OutHistory = history.Out.ToArray(),
            });
        }

        _proxies = histories;
        return [.. proxies.OrderBy(static proxy => proxy.Id)];
    }

    private static string TypeOf(ZMQSocket socket) => socket.Type.ToString().ToUpperInvariant();

    private static double? Rounded(TimeSpan? span, int digits) => span is { } time ? Math.Round(time.TotalSeconds, digits) : null;

    /// <summary>What names a callback or a context may be the user's code, and throw.</summary>
    private static string Text(object shown)
    {
        try
        {
            return shown.ToString() ?? "";
        }
        catch (Exception exception)
        {
            return $"{shown.GetType().Name}, whose ToString threw {exception.GetType().Name}";
        }
    }
}
