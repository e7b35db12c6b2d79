namespace ZmqLoop.Compare;

/// <summary>What else the processors did during a run.</summary>
/// <param name="Ticks">Of other programs, and of other machines on the same host.</param>
/// <param name="OfAll">Of all ticks that the processors had.</param>
internal readonly record struct Disturbance(double Ticks, double OfAll)
{
    private const double Share = 0.05;
    private const double Few = 5; // ticks: the kernel counts no finer than that in a short run

    /// <summary>Nothing but the run: what is assumed where nothing is known.</summary>
    public static Disturbance None => new(0, 1);

    /// <summary>True where the run's figures cannot be believed.</summary>
    public bool IsTooMuch => Ticks > Math.Max(Few, Share * OfAll);

    public static Disturbance Between(MachineTimes before, MachineTimes after, int processors)
    {
        double others = Math.Max(0, after.Busy - before.Busy - (after.Own - before.Own));
        return new Disturbance(
            others + after.Stolen - before.Stolen, (after.Seconds - before.Seconds) * MachineTimes.TicksPerSecond * processors);
    }

    public override string ToString() =>
        FormattableString.Invariant($"other programs took {Ticks / OfAll:P0} of the processors")
            .Replace(" %", "%", StringComparison.Ordinal);
}
