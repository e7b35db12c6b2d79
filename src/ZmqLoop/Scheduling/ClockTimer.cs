namespace ZmqLoop;

/// <summary>Wakes a loop by its TimeProvider's own timers, where that has any: time that somebody advances by hand (FakeTimeProvider) goes
/// on in no poll.</summary>
internal sealed class ClockTimer : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(30); // timers take no more; it is set anew then

    private readonly ITimer _timer;

    private ClockTimer(ITimer timer) => _timer = timer;

    /// <returns>Null where the provider's timers are the system's, and a poll waits as long by itself.</returns>
    public static ClockTimer? Of(TimeProvider provider, Action wake)
    {
        if (ReferenceEquals(provider, TimeProvider.System)) return null;
        ITimer timer = Create(provider, wake);
        using ITimer systems = Create(TimeProvider.System, wake);
        if (timer.GetType() != systems.GetType()) return new ClockTimer(timer);
        timer.Dispose();
        return null;
    }

    /// <summary>Sets the timer to a time of the clock.</summary>
    /// <returns>For how long to wait in the poll: not at all, where the time is over; else until the timer, or whoever, wakes the
    /// loop.</returns>
    public TimeSpan WaitUntil(long deadline, LoopClock clock)
    {
        // Somebody may advance the clock between looking at it and setting the timer, which counts from then on: look again.
        long now = clock.Now;
        for (int tries = 0; tries < 4; tries++)
        {
            if (deadline <= now) return TimeSpan.Zero;
            TimeSpan left = new(deadline - now);
            _timer.Change(left < _longest ? left : _longest, Timeout.InfiniteTimeSpan);
            long before = now;
            now = clock.Now;
            if (now == before) break;
        }

        return deadline <= now ? TimeSpan.Zero : Timeout.InfiniteTimeSpan;
    }

    /// <summary>The loop waits for no time: it is not to be woken by one that it waited for before.</summary>
    /// <returns>For how long to wait in the poll: until whoever wakes the loop.</returns>
    public TimeSpan Stop()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Timeout.InfiniteTimeSpan;
    }

    public void Dispose() => _timer.Dispose();

    private static ITimer Create(TimeProvider provider, Action wake) => NullContext.RunDetached(() =>
        provider.CreateTimer(static wake => ((Action)wake!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
}
