namespace ZmqLoop;

/// <summary>The loop's time: monotonic, in ticks of 100 ns, rounded down so that no timer is early.</summary>
internal sealed class LoopClock(TimeProvider provider)
{
    private readonly long _frequency = provider.TimestampFrequency;
    private readonly long _divisor = provider.TimestampFrequency % TimeSpan.TicksPerSecond == 0
        ? provider.TimestampFrequency / TimeSpan.TicksPerSecond
        : 0;

    public long Now
    {
        get
        {
            long timestamp = provider.GetTimestamp();
            return _divisor != 0 ? timestamp / _divisor : (long)((Int128)timestamp * TimeSpan.TicksPerSecond / _frequency);
        }
    }

    /// <summary>A deadline that far from now; spans beyond the end of time are clamped to it, and those so far back that what is left of
    /// them would overflow.</summary>
    public long After(TimeSpan delay) => Later(Now, Math.Max(delay.Ticks, long.MinValue / 2));

    /// <summary>The sum, clamped to the end of time.</summary>
    public static long Later(long time, long delay) => delay > long.MaxValue - time ? long.MaxValue : time + delay;
}
