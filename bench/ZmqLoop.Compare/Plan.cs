namespace ZmqLoop.Compare;

/// <summary>Sides that do the same work by turns, with the same arguments.</summary>
/// <param name="Work">What they do.</param>
/// <param name="Arguments">A slow peer gets fewer operations, and so do we beside it.</param>
/// <param name="Ours">Our engines.</param>
/// <param name="Peers">The others.</param>
/// <param name="Rounds">How often each side runs.</param>
internal sealed record Turns(Work Work, IReadOnlyList<string> Arguments, IReadOnlyList<Peer> Ours, IReadOnlyList<Peer> Peers, int Rounds)
{
    public int Runs => (Ours.Count + Peers.Count) * Rounds;

    /// <summary>Only some of the sides.</summary>
    public Turns Of(HashSet<string> sides) => this with
    {
        Ours = [.. Ours.Where(side => sides.Contains(side.Name))],
        Peers = [.. Peers.Where(side => sides.Contains(side.Name))],
    };
}

/// <summary>Who runs against whom, how often; and who cannot.</summary>
internal sealed record Plan(IReadOnlyList<Turns> Turns, IReadOnlyList<Comparison> Missing)
{
    public int Runs => Turns.Sum(static turns => turns.Runs);

    /// <param name="works">What is to be done.</param>
    /// <param name="peers">Who there is.</param>
    /// <param name="options">How often, and against whom.</param>
    public static Plan Of(IEnumerable<Work> works, Peers peers, Options options)
    {
        List<Turns> turns = [];
        List<Comparison> missing = [];
        foreach (Work work in works)
        {
            string[] meant = [.. work.Peers.Where(options.Means)];
            if (peers[work.Ours[0]].Missing is { } without)
            {
                missing.AddRange(meant.SelectMany(key => Without(work, work.Ours[0], peers[key].Name, without)));
                continue;
            }

            foreach (string key in meant)
                if (MissingOf(work, peers, peers[key]) is { } reason) missing.AddRange(
                    Without(work, work.Ours[0], peers[key].Name, reason));
            IEnumerable<string> there = meant.Where(key => MissingOf(work, peers, peers[key]) is null).Take(options.PeersPerWork);
            foreach (var alike in there.GroupBy(key => string.Join(' ', work.ArgumentsAgainst(key))))
            {
                int rounds = options.Pairs ?? work.Pairs ?? Options.UsualPairs;
                Peer[] ours = [.. work.Ours.Select(key => peers[key])];
                turns.Add(new Turns(work, work.ArgumentsAgainst(alike.First()), ours, [.. alike.Select(key => peers[key])], rounds));
            }
        }

        return new Plan(turns, missing);
    }

    public static IEnumerable<Comparison> Without(Work work, string side, string peer, string reason) =>
        work.Cases.Select(@case => new Comparison(@case, work.Family, side, peer, [], []) { Missing = reason });

    private static string? MissingOf(Work work, Peers peers, Peer peer) =>
        peer.Missing ?? (work.Partner is Partner.None or Partner.Stopwatch or Partner.Observer ? null : peers.Helper.Missing);
}
