namespace ZmqLoop.Compare;

/// <summary>Whether a comparison's figures can be believed. What is noisy is measured again, and if it stays so it is neither kept nor
/// drawn.</summary>
/// <param name="earlier">What the peer reached when it was measured last on this machine: case and peer. Null where nothing is
/// known.</param>
internal sealed class Quietness(Func<string, string, double?> earlier)
{
    /// <summary>The ratios of the middle half of the rounds may lie so far apart: more, and another run would say another thing.</summary>
    public const double OfPairs = 1.5;

    /// <summary>The same for either side's own figures: the machine was in two states.</summary>
    public const double OfFigures = 2;

    /// <summary>A peer's program does not change; when its figure does by so much, then the machine has.</summary>
    public const double SinceEarlier = 2;

    /// <returns>What was wrong; null where nothing was.</returns>
    public string? Judge(Comparison comparison, IEnumerable<Disturbance> disturbances)
    {
        Disturbance worst = disturbances.DefaultIfEmpty(Disturbance.None)
            .MaxBy(static disturbance => disturbance.Ticks / disturbance.OfAll);
        if (worst.IsTooMuch) return $"{worst} during a run";
        double pairs = Spread.OfMiddleHalf(comparison.Pairs);
        if (pairs > OfPairs) return $"the ratios of half of the rounds lie {Times(pairs)} apart";
        double ours = Spread.OfMiddleHalf(comparison.Ours);
        if (ours > OfFigures) return $"half of our figures lie {Times(ours)} apart";
        double theirs = Spread.OfMiddleHalf(comparison.Theirs);
        if (theirs > OfFigures) return $"half of the peer's figures lie {Times(theirs)} apart";
        return earlier(comparison.Case.Name, comparison.Peer) is { } before ? JudgePeer(comparison, before) : null;
    }

    private static string? JudgePeer(Comparison comparison, double before)
    {
        double now = Spread.Of(comparison.Theirs).Median;
        if (Math.Max(now / before, before / now) <= SinceEarlier) return null;
        return $"the peer reached {Report.Figure(now)} {comparison.Case.Unit.Name}, {Report.Figure(before)} when it was measured last";
    }

    private static string Times(double factor) => $"{Report.Figure(factor)} times";
}
