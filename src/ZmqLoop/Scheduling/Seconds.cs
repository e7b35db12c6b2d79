namespace ZmqLoop;

/// <summary>tornado counts in seconds, as doubles; here they become spans, rounded up so that nothing happens early.</summary>
internal static class Seconds
{
    private const double MaxSeconds = 1e11; // some 3,000 years
    private const double RoundingError = 1.0 / (1L << 51); // of a double that was divided and multiplied once each

    public static TimeSpan ToSpan(double seconds, string parameter)
    {
        if (double.IsNaN(seconds))
            throw new ArgumentOutOfRangeException(parameter, seconds, "The time is NaN: give a number.");
        double ticks = Math.Clamp(seconds, -MaxSeconds, MaxSeconds) * TimeSpan.TicksPerSecond;

        // 2.1 ms is 21000.000000000004 ticks in doubles: that is no reason to be a tick late. Nor may CallAt(loop.Time()) be later than
        // CallLater(0).
        double nearest = Math.Round(ticks);
        return TimeSpan.FromTicks((long)(Math.Abs(ticks - nearest) <= Math.Abs(ticks) * RoundingError ? nearest : Math.Ceiling(ticks)));
    }

    /// <summary>Where the time has to be more than zero.</summary>
    public static TimeSpan ToPositiveSpan(double seconds, string parameter)
    {
        TimeSpan span = ToSpan(seconds, parameter);
        return span > TimeSpan.Zero ? span : throw new ArgumentOutOfRangeException(parameter, seconds, "The time is more than zero.");
    }

    /// <summary>A poll's timeout: negative and infinite mean for ever.</summary>
    public static TimeSpan ToTimeout(double seconds, string parameter)
    {
        TimeSpan span = ToSpan(seconds, parameter);
        return seconds < 0 || double.IsPositiveInfinity(seconds) ? Timeout.InfiniteTimeSpan : span;
    }
}
