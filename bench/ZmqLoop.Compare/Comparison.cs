namespace ZmqLoop.Compare;

/// <summary>One case against one peer: the figures of runs by turns, or why there are none.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Family">The picture that it is in.</param>
/// <param name="Peer">Against whom.</param>
/// <param name="Ours">Our figures, in the case's unit, one a pair.</param>
/// <param name="Theirs">The peer's, in the same order.</param>
/// <param name="Missing">Why there are no figures; null where there are.</param>
internal sealed record Comparison(Case Case, string Family, string Peer, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs, string? Missing = null)
{
    /// <summary>How many times better we are: of the medians. 2 is twice the rate, half the time or half the size.</summary>
    public double Ratio => Better(Spread.Of(Ours).Median, Spread.Of(Theirs).Median);

    /// <summary>The same pair by pair: how far the ratio can be trusted.</summary>
    public Spread RatioOfPairs => Spread.Of(Ours.Zip(Theirs, Better));

    private double Better(double ours, double theirs) => Case.Unit.MoreIsBetter ? ours / theirs : theirs / ours;
}
