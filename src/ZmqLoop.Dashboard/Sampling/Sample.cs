using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ZmqLoop.Dashboard;

/// <summary>All that was seen at one moment, from which what somebody asked for is taken, until something is seen anew.</summary>
internal sealed class Sample
{
    private static readonly Process _process = Process.GetCurrentProcess();
    private static readonly string _name = Assembly.GetEntryAssembly()?.GetName().Name ?? _process.ProcessName; // not "dotnet"
    private static readonly DateTimeOffset _started = _process.StartTime;

    // What came and went since then is counted, and what is slow was found.
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(10);

    public required DateTimeOffset Time { get; init; }

    public required TimeSpan Watched { get; init; }

    public required IReadOnlyList<LoopSnapshot> Loops { get; init; }

    /// <summary>In the order in which they are shown.</summary>
    public required IReadOnlyList<StreamWatch> Streams { get; init; }

    public required IReadOnlyList<ProxySnapshot> Proxies { get; init; }

    public required Findings Findings { get; init; }

    public required TrafficSnapshot Totals { get; init; }

    public required IReadOnlyList<PeerSnapshot> Peers { get; init; }

    public required int PeerCount { get; init; }

    public required int MonitorCount { get; init; }

    /// <summary>What was asked for.</summary>
    public Snapshot Show(SnapshotQuery query)
    {
        Dictionary<long, string> loops = Loops.ToDictionary(static loop => loop.Id, static loop => loop.Title);
        List<StreamSnapshot> streams = [];
        int matching = 0;
        foreach (StreamWatch stream in Streams)
        {
            if (!query.Matches(stream.Snapshot, loops.GetValueOrDefault(stream.Snapshot.Loop, ""))) continue;
            if (matching++ < query.Streams) streams.Add(stream.Show());
        }

        return new Snapshot
        {
            Time = Time,
            WatchedSeconds = Math.Round(Watched.TotalSeconds, 1),
            Note = Watched >= _settled ? null : $"Looked at for {FindingText.Seconds(Watched.TotalSeconds)} so far: whether callbacks are "
                + "slow, peers come and go, or messages are lost is known after some ten seconds of looking.",
            Process = OfProcess(),
            Findings = Findings.Worst,
            FindingCount = Findings.Count,
            Totals = Totals,
            Loops = Loops,
            Streams = streams,
            StreamCount = matching,
            Proxies = Proxies,
            Peers = Peers,
            PeerCount = PeerCount,
            MonitorCount = MonitorCount,
        };
    }

    private ProcessSnapshot OfProcess() => new(Environment.ProcessId, _name, Environment.MachineName,
        Math.Round((Time - _started).TotalSeconds), RuntimeInformation.FrameworkDescription,
        typeof(IOLoop).Assembly.GetName().Version?.ToString(3) ?? "", Environment.WorkingSet);
}
