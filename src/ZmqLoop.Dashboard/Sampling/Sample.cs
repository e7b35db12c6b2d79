using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ZmqLoop.Dashboard;

/// <summary>All that was seen at one moment, from which what somebody asked for is taken.</summary>
internal sealed class Sample
{
    private const int MostFindings = 50;

    private static readonly Process _process = Process.GetCurrentProcess();
    private static readonly DateTimeOffset _started = _process.StartTime;

    public required DateTimeOffset Time { get; init; }

    public required TimeSpan Watched { get; init; }

    public required IReadOnlyList<LoopSnapshot> Loops { get; init; }

    public required IReadOnlyList<StreamSnapshot> Streams { get; init; }

    public required IReadOnlyList<ProxySnapshot> Proxies { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }

    public required TrafficSnapshot Totals { get; init; }

    public required IReadOnlyDictionary<long, StreamHistory> Histories { get; init; }

    public required IReadOnlyList<PeerSnapshot> Peers { get; init; }

    public required int PeerCount { get; init; }

    public required int MonitorCount { get; init; }

    /// <summary>Those that a finding names first, the worst of them at the top; then those with the longest queues, then the
    /// busiest.</summary>
    public static IReadOnlyList<StreamSnapshot> Order(IReadOnlyList<StreamSnapshot> streams, IReadOnlyList<Finding> findings)
    {
        Dictionary<long, int> worst = [];
        for (int i = 0; i < findings.Count; i++)
        {
            if (findings[i].Stream is { } stream) worst.TryAdd(stream, i);
        }

        return [.. streams.OrderBy(stream => worst.GetValueOrDefault(stream.Id, int.MaxValue))
            .ThenByDescending(static stream => stream.Queued)
            .ThenByDescending(static stream => (stream.ReceivedPerSecond ?? 0) + (stream.SentPerSecond ?? 0))
            .ThenBy(static stream => stream.Id)];
    }

    /// <summary>What was asked for. While nothing is sampled: histories are shared.</summary>
    public Snapshot Show(SnapshotQuery query)
    {
        Dictionary<long, string> loops = Loops.ToDictionary(static loop => loop.Id, static loop => loop.Title);
        StreamSnapshot[] matching = [.. Streams.Where(stream => query.Matches(stream, loops.GetValueOrDefault(stream.Loop, "")))];
        return new Snapshot
        {
            Time = Time,
            WatchedSeconds = Math.Round(Watched.TotalSeconds, 1),
            Process = OfProcess(),
            Findings = [.. Findings.Take(MostFindings)],
            FindingCount = Findings.Count,
            Totals = Totals,
            Loops = Loops,
            Streams = [.. matching.Take(query.Streams).Select(WithHistory)],
            StreamCount = matching.Length,
            Proxies = Proxies,
            Peers = Peers,
            PeerCount = PeerCount,
            MonitorCount = MonitorCount,
        };
    }

    private ProcessSnapshot OfProcess() => new(Environment.ProcessId, _process.ProcessName, Environment.MachineName,
        Math.Round((Time - _started).TotalSeconds), RuntimeInformation.FrameworkDescription,
        typeof(IOLoop).Assembly.GetName().Version?.ToString(3) ?? "", Environment.WorkingSet);

    private StreamSnapshot WithHistory(StreamSnapshot stream) => Histories.TryGetValue(stream.Id, out StreamHistory? history)
        ? stream with
        {
            ReceivedHistory = history.Received.ToArray(),
            SentHistory = history.Sent.ToArray(),
            QueuedHistory = history.Queued.ToArray(),
        }
        : stream;
}
