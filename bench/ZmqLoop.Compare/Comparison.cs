namespace ZmqLoop.Compare;

/// <summary>One case, one of our engines against one peer: the figures of runs by turns, or why there are none.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Family">The picture that it is in.</param>
/// <param name="Side">On which engine we ran: the name of ours.</param>
/// <param name="Peer">Against whom.</param>
/// <param name="Ours">Our figures, in the case's unit, one a round.</param>
/// <param name="Theirs">The peer's, of the same rounds.</param>
internal sealed record Comparison(
    Case Case, string Family, string Side, string Peer, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs)
{
    /// <summary>Why there are no figures; null where there are.</summary>
    public string? Missing { get; init; }

    /// <summary>Why the figures are not to be believed; null where they are.</summary>
    public string? Noise { get; init; }

    /// <summary>Whether it says something: it was measured, and the machine was quiet.</summary>
    public bool IsKept => Missing is null && Noise is null;

    /// <summary>How many times better we are: of the medians. 2 is twice the rate, half the time or half the size.</summary>
    public double Ratio => Better(Spread.Of(Ours).Median, Spread.Of(Theirs).Median);

    /// <summary>The same round by round: how far the ratio can be trusted.</summary>
    public Spread RatioOfPairs => Spread.Of(Pairs);

    /// <summary>The ratios, one a round.</summary>
    public IEnumerable<double> Pairs => Ours.Zip(Theirs, Better);

    private double Better(double ours, double theirs) => Case.Unit.MoreIsBetter ? ours / theirs : theirs / ours;
}
