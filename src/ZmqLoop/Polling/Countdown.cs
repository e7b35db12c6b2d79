namespace ZmqLoop.Polling;

/// <summary>What is left of a timeout: exactly, or in whole milliseconds, rounded up, so that a wait never ends early, and never spins for
/// the last fraction.</summary>
internal readonly struct Countdown
{
    private readonly TimeSpan _timeout;
    private readonly long _start;

    public Countdown(TimeSpan timeout)
    {
        _timeout = timeout;
        IsInfinite = timeout == Timeout.InfiniteTimeSpan;
        _start = timeout > TimeSpan.Zero ? TimeProvider.System.GetTimestamp() : 0;
    }

    public bool IsInfinite { get; }

    /// <summary>True if there was no time from the start.</summary>
    public bool IsZero => _timeout == TimeSpan.Zero;

    /// <summary>True once the time is over.</summary>
    public bool IsOver => !IsInfinite && Left <= TimeSpan.Zero;

    /// <summary>-1 for ever; longer than an int can say is the longest that it can.</summary>
    public int Milliseconds
    {
        get
        {
            if (IsInfinite) return -1;
            long ticks = Left.Ticks;
            return ticks <= 0 ? 0 : (int)Math.Min(int.MaxValue, (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
        }
    }

    /// <summary>Zero for a wait without end; negative once the time is over.</summary>
    public TimeSpan Left => _timeout > TimeSpan.Zero ? _timeout - TimeProvider.System.GetElapsedTime(_start) : TimeSpan.Zero;
}
