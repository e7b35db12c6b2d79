namespace ZmqLoop;

public partial class IOLoop
{
    private readonly long _madeAt;
    private long _turns;
    private LagWindow _lag;
    private int _scopes;

    /// <summary>How long ago the loop was made, by its clock. Any thread.</summary>
    public TimeSpan Age => TimeProvider.GetElapsedTime(_madeAt);

    /// <summary>What the loop has to do at this moment. Any thread; costs nothing until it is read.</summary>
    public LoopStatistics Statistics
    {
        get
        {
            int timers = _timers.Count;
            long now = _clock.Now;
            TimeSpan? next = timers > 0 ? new TimeSpan(_timers.NextDeadline - now) : null;
            TimeSpan late = new(_lag.Read(now));
            return new LoopStatistics(Volatile.Read(ref _turns), _handlers.Count, _queue.Count + _queue.PostedCount, timers, next)
            {
                Lag = next < -late ? -next.Value : late,
                Scopes = Volatile.Read(ref _scopes),
            };
        }
    }

    /// <summary>What the loop runs now, and for how long it has at least; null where it waits, or what it runs changes while it is looked
    /// at. Any thread: it is had without the loop's help, so that a blocked one can be asked. The loop notes nothing for it.</summary>
    /// <remarks>The time is counted from when the callback was first seen, by the watchdog (a tenth of
    /// <see cref="IOLoopOptions.BlockingThreshold"/> after it began, at most) or, where that is off, by this call. Real time counts,
    /// whatever the loop's clock. Who keeps the result keeps the callback, and what it belongs to.</remarks>
    public CurrentCallback? GetCurrentCallback() => _running.Ask(TimeProvider.System);

    /// <summary>The last eight callbacks that have blocked the loop for longer than <see cref="IOLoopOptions.BlockingThreshold"/>, or what
    /// <see cref="SetBlockingSignalThreshold(TimeSpan?, Action{BlockedCallback}?)"/> said, the latest first; one that still does among
    /// them. Any thread.</summary>
    public IReadOnlyList<LoopBlock> GetRecentBlocks() => _running.Blocks;

    /// <summary>A scope has begun, or ended.</summary>
    internal void CountScope(int change) => Interlocked.Add(ref _scopes, change);
}
