namespace ZmqLoop;

/// <summary>tornado counts in seconds, as doubles; here they become spans, rounded up so that nothing happens early.</summary>
internal static class Seconds
{
    private const double MaxSeconds = 1e11; // some 3,000 years

    public static TimeSpan ToSpan(double seconds, string parameter)
    {
        if (double.IsNaN(seconds))
            throw new ArgumentOutOfRangeException(parameter, seconds, "The time is not a number: give seconds.");
        return TimeSpan.FromTicks((long)Math.Ceiling(Math.Clamp(seconds, -MaxSeconds, MaxSeconds) * TimeSpan.TicksPerSecond));
    }

    /// <summary>A poll's timeout: negative and infinite mean for ever.</summary>
    public static TimeSpan ToTimeout(double seconds, string parameter)
    {
        TimeSpan span = ToSpan(seconds, parameter);
        return seconds < 0 || double.IsPositiveInfinity(seconds) ? Timeout.InfiniteTimeSpan : span;
    }
}
