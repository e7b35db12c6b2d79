namespace ZmqLoop.Compare;

/// <summary>Runs works: ours, the peer, ours, the peer … since a shared machine's speed drifts.</summary>
/// <param name="peers">Who there is.</param>
/// <param name="measure">One run of one side: the raw figures of the work's cases.</param>
/// <param name="pairs">How often.</param>
internal sealed class Comparer(Peers peers, Func<Work, Peer, IReadOnlyList<string>, double[]> measure, int pairs)
{
    /// <summary>The most peers that each work is run against; those that are missing do not count.</summary>
    public int PeersPerWork { get; init; } = int.MaxValue;

    /// <summary>What went wrong that should not have: a program of a peer that can be had, or ours.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>The works' comparisons, each as soon as it is there.</summary>
    public IEnumerable<Comparison> Run(IEnumerable<Work> works)
    {
        foreach (Work work in works)
        {
            int run = 0;
            foreach (string key in work.Peers)
            {
                Peer peer = peers[key];
                if (Missing(work, peer) is { } missing)
                    foreach (Comparison without in Without(work, peer, missing)) yield return without;
                else if (run++ < PeersPerWork)
                    foreach (Comparison comparison in Compare(work, peer, work.ArgumentsAgainst(key))) yield return comparison;
            }
        }
    }

    private string? Missing(Work work, Peer peer) => peer.Missing ?? (work.Partner is Partner.None or Partner.Stopwatch ? null : peers.Helper.Missing);

    private static IEnumerable<Comparison> Without(Work work, Peer peer, string reason) =>
        work.Cases.Select(@case => new Comparison(@case, work.Family, peer.Name, [], [], reason));

    private IEnumerable<Comparison> Compare(Work work, Peer peer, IReadOnlyList<string> arguments)
    {
        List<double[]> ours = [];
        List<double[]> theirs = [];
        try
        {
            for (int pair = 0; pair < pairs; pair++)
            {
                ours.Add(measure(work, peers.Ours, arguments));
                theirs.Add(measure(work, peer, arguments));
            }
        }
        catch (PeerFailedException failure)
        {
            Failures.Add($"{work.Name}, {peer.Name}: {failure.Message}");
            return Without(work, peer, "failed: " + failure.Message);
        }

        return work.Cases.Select((@case, i) => new Comparison(@case, work.Family, peer.Name, In(@case.Unit, ours, i), In(@case.Unit, theirs, i)));
    }

    private static double[] In(Unit unit, List<double[]> runs, int metric) => [.. runs.Select(run => run[metric] * unit.PerRaw)];
}
