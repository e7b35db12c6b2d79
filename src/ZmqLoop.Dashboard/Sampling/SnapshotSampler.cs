using System.Runtime.CompilerServices;
using ZmqLoop.Streams;

namespace ZmqLoop.Dashboard;

/// <summary>Looks at all loops, streams and proxies of the process, without their help, and remembers what rates need. One thread at a
/// time.</summary>
internal sealed class SnapshotSampler(TimeProvider time)
{
    private const int MostPeers = 200;

    private readonly long _start = time.GetTimestamp();
    private readonly ConditionalWeakTable<ZMQStream, StreamWatch> _streams = [];
    private readonly TrafficHistory _totals = new();
    private Dictionary<long, LoopHistory> _loops = [];
    private Dictionary<long, ProxyHistory> _proxies = [];

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
        Dictionary<ZMQSocket, StreamSnapshot> monitored = [];
        List<StreamWatch> streams = LookAtStreams(now, monitors, monitored);
        IEnumerable<StreamSnapshot> users = streams.Select(static stream => stream.Snapshot).Where(static stream => !stream.IsOfLibrary);
        LoopSnapshot[] loops = TakeLoops(now, users);
        ProxySnapshot[] proxies = TakeProxies(now);
        Findings findings = FindingRules.Apply(loops, streams.Select(static stream => stream.Snapshot), proxies, time.GetUtcNow());
        foreach (StreamWatch stream in streams) stream.Rank = findings.RankOf(stream.Snapshot.Id);
        streams.Sort(StreamWatch.Compare);
        return new Sample
        {
            Time = time.GetUtcNow(),
            Watched = now,
            Loops = loops,
            Streams = streams,
            Proxies = proxies,
            Findings = findings,
            Totals = _totals.Add(loops.Length, users),
            Peers = TakePeers(monitors.Values, monitored, findings),
            PeerCount = monitors.Values.Sum(static monitor => monitor.Statistics.Open),
            MonitorCount = monitors.Count,
        };
    }

    /// <param name="now">For how long somebody has watched.</param>
    /// <param name="monitors">All monitors.</param>
    /// <param name="monitored">Gets the streams that have one.</param>
    private List<StreamWatch> LookAtStreams(
        TimeSpan now, Dictionary<ZMQSocket, SocketMonitor> monitors, Dictionary<ZMQSocket, StreamSnapshot> monitored)
    {
        Dictionary<ZMQSocket, RequestClient> clients = [];
        foreach (RequestClient client in RequestClient.GetOpenClients()) clients[client.Socket] = client;
        IReadOnlyList<ZMQStream> open = ZMQStream.GetOpenStreams();
        List<StreamWatch> streams = new(open.Count);
        foreach (ZMQStream stream in open)
        {
            StreamWatch watch = _streams.GetValue(stream, static stream => new StreamWatch(stream));
            SocketMonitor? monitor = monitors.GetValueOrDefault(stream.Socket);
            watch.Look(stream, monitor, clients.GetValueOrDefault(stream.Socket), now);
            streams.Add(watch);
            if (monitor is not null) monitored[stream.Socket] = watch.Snapshot;
        }

        return streams;
    }

    private static CallbackSnapshot? LookAt(IOLoop loop, LoopHistory history)
    {
        CurrentCallback? current = loop.GetCurrentCallback();
        CallbackSnapshot? seen = current is null ? null : new CallbackSnapshot(
            ObjectText.Of(current.Origin), Math.Round(current.Elapsed.TotalSeconds, 3), [.. current.Contexts.Select(ObjectText.Of)],
            current.Origin.Owner is ZMQStream stream ? ObjectNumbers.Of(stream) : null);
        history.Profile.Add(current?.Origin.Callback is Delegate callback ? callback.Method : current?.Origin.Callback?.GetType(), seen);
        return seen;
    }

    private LoopSnapshot[] TakeLoops(TimeSpan now, IEnumerable<StreamSnapshot> streams)
    {
        Dictionary<long, int> counts = streams.CountBy(static stream => stream.Loop).ToDictionary();
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
                Slowest = history.Profile.Slowest,
                Callbacks = statistics.Callbacks,
                Timers = statistics.Timeouts,
                NextTimerSeconds = ObjectText.Rounded(statistics.NextTimeout, 3),
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

    /// <summary>The peers of the streams in trouble first, and not more than a page can show.</summary>
    private static List<PeerSnapshot> TakePeers(
        IEnumerable<SocketMonitor> monitors, Dictionary<ZMQSocket, StreamSnapshot> monitored, Findings findings)
    {
        List<PeerSnapshot> peers = [];
        foreach ((SocketMonitor monitor, StreamSnapshot? stream) in monitors
            .Where(static monitor => monitor.Statistics.Open > 0)
            .Select(monitor => (monitor, stream: monitored.GetValueOrDefault(monitor.Socket)))
            .OrderBy(owned => owned.stream is null || !findings.Names(owned.stream.Id)).ThenBy(static owned => owned.stream?.Id)
            .Take(MostPeers))
        {
            if (peers.Count >= MostPeers) break;
            string owner = stream?.Title ?? ObjectText.TypeOf(monitor.Socket);
            peers.AddRange(monitor.GetConnections().Take(MostPeers - peers.Count).Select(connection =>
                new PeerSnapshot(stream?.Id, owner, connection.Endpoint, connection.Accepted, connection.Since, connection.Number)));
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
                Frontend = ObjectText.TypeOf(proxy.Frontend),
                Backend = ObjectText.TypeOf(proxy.Backend),
                IsPaused = proxy.IsPaused,
                IsHeldUp = isHeldUp,
                HeldUpSeconds = ObjectText.Rounded(history.HeldUp, 1),
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
}
