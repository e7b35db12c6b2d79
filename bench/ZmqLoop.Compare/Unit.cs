namespace ZmqLoop.Compare;

/// <summary>What a figure is in, and whether more of it is better.</summary>
/// <param name="Name">As tables show it.</param>
/// <param name="PerRaw">How many there are in one of what the programs print (per second, nanoseconds, kB).</param>
/// <param name="MoreIsBetter">True for rates, false for times and sizes.</param>
internal sealed record Unit(string Name, double PerRaw, bool MoreIsBetter)
{
    public static Unit Rate { get; } = new("1,000 messages/s", 1e-3, true);

    public static Unit Nanoseconds { get; } = new("ns", 1, false);

    public static Unit Microseconds { get; } = new("µs", 1e-3, false);

    public static Unit Milliseconds { get; } = new("ms", 1e-6, false);

    /// <summary>Processor time by the clock's.</summary>
    public static Unit Processors { get; } = new("processors", 1, false);

    public static Unit Mebibytes { get; } = new("MiB", 1.0 / 1024, false);
}
