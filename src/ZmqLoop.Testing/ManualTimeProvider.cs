namespace ZmqLoop.Testing;

/// <summary>Time that stands still until a test, or the loop that waits in it, moves it. Its timers fire on the thread that does.</summary>
/// <remarks>It begins at the Unix epoch. Any thread.</remarks>
/// <example><code>
/// ManualTimeProvider time = new();
/// using ITimer hour = time.CreateTimer(_ => Console.WriteLine("an hour is over"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
/// time.Advance(TimeSpan.FromHours(1)); // at once
/// </code></example>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private long _ticks;

    /// <summary>Ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How much time has gone by.</summary>
    public TimeSpan Now => new(Interlocked.Read(ref _ticks));

    /// <summary>By how much somebody has set the wall clock, which the timestamps know nothing of.</summary>
    public TimeSpan WallClockOffset { get; set; }

    /// <summary>How long it is until the next timer fires; <see cref="Timeout.InfiniteTimeSpan"/> where none is set.</summary>
    public TimeSpan UntilNextTimer
    {
        get
        {
            lock (_timers)
            {
                long due = Earliest()?.Due ?? long.MaxValue;
                return due == long.MaxValue ? Timeout.InfiniteTimeSpan : new TimeSpan(Math.Max(due - _ticks, 0));
            }
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(
        Math.Clamp(Later(Later(DateTimeOffset.UnixEpoch.Ticks, Now.Ticks), WallClockOffset.Ticks), 0, DateTimeOffset.MaxValue.Ticks),
        TimeSpan.Zero);

    /// <summary>Moves the time on. Timers that are due on the way fire here, each at its own time.</summary>
    /// <param name="time">By how much.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        long end = Later(Interlocked.Read(ref _ticks), time.Ticks);
        while (TakeDue(end) is { } timer) timer.Fire();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative, and not <see cref="Timeout.InfiniteTimeSpan"/>.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (dueTime != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time has an end, at which it stays.</summary>
    private static long Later(long time, long by) => by > 0 && time > long.MaxValue - by ? long.MaxValue : time + by;

    /// <summary>A timer's time is another now.</summary>
    internal void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_timers)
        {
            timer.Due = dueTime < TimeSpan.Zero ? long.MaxValue : Later(_ticks, dueTime.Ticks);
            timer.Period = period <= TimeSpan.Zero ? 0 : period.Ticks;
            if (!_timers.Contains(timer)) _timers.Add(timer);
        }
    }

    internal void Remove(ManualTimer timer)
    {
        lock (_timers) _timers.Remove(timer);
    }

    // Moves the time to the next timer that is due until then, or to the end.
    private ManualTimer? TakeDue(long end)
    {
        lock (_timers)
        {
            if (Earliest() is not { } timer || timer.Due > end)
            {
                Interlocked.Exchange(ref _ticks, Math.Max(end, _ticks)); // a timer may have moved it, too
                return null;
            }

            Interlocked.Exchange(ref _ticks, Math.Max(timer.Due, _ticks));
            timer.Due = timer.Period == 0 ? long.MaxValue : Later(timer.Due, timer.Period);
            return timer;
        }
    }

    // The first of those that are set to the same time; few are set, and a search allocates nothing.
    private ManualTimer? Earliest()
    {
        ManualTimer? earliest = null;
        foreach (ManualTimer timer in _timers)
        {
            if (earliest is null || timer.Due < earliest.Due) earliest = timer;
        }

        return earliest;
    }
}
