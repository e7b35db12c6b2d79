namespace ZmqLoop.Compare;

/// <summary>Runs works in rounds, in which each side runs once: a shared machine's speed drifts. Every other round goes backwards, so that
/// what drifts evenly cancels.</summary>
/// <param name="measure">One run of one side.</param>
/// <param name="quietness">What is to be believed.</param>
/// <param name="progress">Hears of every run.</param>
internal sealed class Comparer(Func<Work, Peer, IReadOnlyList<string>, Outcome> measure, Quietness quietness, Progress progress)
{
    private const int TriesOfARun = 3;
    private const int TriesOfAWork = 2;

    /// <summary>How many runs may still be made again because the machine was not quiet: all in all, so that a busy machine does not keep
    /// us for ever.</summary>
    public int Patience { get; set; }

    /// <summary>What went wrong that should not have: a program of a peer that can be had, or ours.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>The comparisons, each as soon as it is there.</summary>
    public IEnumerable<Comparison> Run(Plan plan) => plan.Turns.SelectMany(Compare);

    private List<Comparison> Compare(Turns turns)
    {
        List<Comparison> comparisons = Measure(turns);
        for (int tries = 1; tries < TriesOfAWork && turns.Runs <= Patience && comparisons.Exists(IsNoisy); tries++)
        {
            Turns again = turns.Of([.. comparisons.Where(IsNoisy).SelectMany(static noisy => (string[])[noisy.Side, noisy.Peer])]);
            Patience -= again.Runs;
            progress.Add(again.Runs);
            List<Comparison> newer = Measure(again);
            comparisons = [.. comparisons.Select(old => IsNoisy(old) ? newer.Find(comparison => IsSame(comparison, old)) ?? old : old)];
        }

        return comparisons;
    }

    private static bool IsNoisy(Comparison comparison) => comparison.Noise is not null;

    private static bool IsSame(Comparison one, Comparison other) =>
        (one.Case, one.Side, one.Peer) == (other.Case, other.Side, other.Peer);

    private List<Comparison> Measure(Turns turns)
    {
        Peer[] sides = [.. turns.Ours, .. turns.Peers];
        Dictionary<Peer, List<Outcome>> outcomes = sides.ToDictionary(static side => side, static _ => new List<Outcome>());
        Dictionary<Peer, string> failed = [];
        for (int round = 0; round < turns.Rounds; round++)
        {
            foreach (Peer side in round % 2 == 0 ? sides : sides.Reverse())
            {
                if (failed.ContainsKey(side)) continue;
                try
                {
                    outcomes[side].Add(MeasureQuietly(turns, side, round));
                }
                catch (PeerFailedException failure)
                {
                    Failures.Add($"{turns.Work.Name}, {side.Name}: {failure.Message}");
                    failed.Add(side, failure.Message);
                }
            }
        }

        return
        [
            .. from side in turns.Ours
               from peer in OpponentsOf(side, turns)
               from comparison in Comparisons(turns.Work, side, peer, outcomes, failed)
               select comparison,
        ];
    }

    /// <summary>One engine is compared with the other, too.</summary>
    private static IEnumerable<Peer> OpponentsOf(Peer side, Turns turns) =>
        side.Name == Peers.OursOnLibzmq ? turns.Peers.Concat(turns.Ours.Where(other => other != side)) : turns.Peers;

    private Outcome MeasureQuietly(Turns turns, Peer side, int round)
    {
        Outcome best = Once();
        for (int tries = 1; tries < TriesOfARun && best.Disturbance.IsTooMuch && Patience > 0; tries++)
        {
            Patience--;
            progress.Add(1);
            Outcome again = Once();
            if (again.Disturbance.Ticks < best.Disturbance.Ticks) best = again;
        }

        return best;

        Outcome Once()
        {
            progress.Begin(turns, round);
            Outcome outcome = measure(turns.Work, side, turns.Arguments);
            progress.Count();
            return outcome;
        }
    }

    private IEnumerable<Comparison> Comparisons(
        Work work, Peer side, Peer peer, Dictionary<Peer, List<Outcome>> outcomes, Dictionary<Peer, string> failed)
    {
        if (failed.TryGetValue(side, out string? reason) || failed.TryGetValue(peer, out reason))
            return Plan.Without(work, side.Name, peer.Name, "failed: " + reason);
        IEnumerable<Disturbance> disturbances = outcomes[side].Concat(outcomes[peer]).Select(static outcome => outcome.Disturbance);
        return work.Cases.Select((@case, i) =>
        {
            Comparison comparison = new(
                @case, work.Family, side.Name, peer.Name, In(@case.Unit, outcomes[side], i), In(@case.Unit, outcomes[peer], i));
            return comparison with { Noise = quietness.Judge(comparison, disturbances) };
        });
    }

    private static double[] In(Unit unit, List<Outcome> runs, int metric) => [.. runs.Select(run => run.Figures[metric] * unit.PerRaw)];
}
