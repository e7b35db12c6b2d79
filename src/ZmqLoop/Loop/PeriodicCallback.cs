namespace ZmqLoop;

/// <summary>Calls back again and again, on a fixed grid that begins at <see cref="Start"/>. Does not drift; a slot that is missed is
/// skipped, never made up for.</summary>
/// <remarks>
/// Loop's thread. Each call runs in the contexts in force at <see cref="Start"/>; an exception goes to them, then to
/// <see cref="IOLoop.HandleCallbackException"/>, and the schedule goes on. An async callback is awaited before the next slot is chosen, so
/// calls never overlap. tornado's <c>PeriodicCallback</c> (4.5; awaiting as in 6.2).
/// </remarks>
/// <example><code>
/// using PeriodicCallback heartbeat = new(() => Console.WriteLine("alive"), TimeSpan.FromSeconds(1));
/// heartbeat.Start();
/// IOLoop.Current.Start();
/// </code></example>
public sealed class PeriodicCallback : IDisposable
{
    private readonly object _callback;
    private readonly IOLoop? _loop;
    private volatile CallbackTimer? _call;
    private long _next;

    /// <summary>A periodic callback, not started.</summary>
    /// <param name="callback">What to call.</param>
    /// <param name="interval">From one call to the next; more than zero.</param>
    /// <param name="loop">The loop; null for the one that is current at <see cref="Start"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is not positive.</exception>
    public PeriodicCallback(Action callback, TimeSpan interval, IOLoop? loop = null) : this((object)callback, interval, loop)
    {
    }

    /// <summary>A periodic async callback, not started.</summary>
    /// <inheritdoc cref="PeriodicCallback(Action, TimeSpan, IOLoop?)"/>
    public PeriodicCallback(Func<Task> callback, TimeSpan interval, IOLoop? loop = null) : this((object)callback, interval, loop)
    {
    }

    /// <summary>A periodic callback with the interval in milliseconds, as in tornado.</summary>
    /// <inheritdoc cref="PeriodicCallback(Action, TimeSpan, IOLoop?)"/>
    public PeriodicCallback(Action callback, double milliseconds, IOLoop? loop = null)
        : this(callback, Seconds.ToPositiveSpan(milliseconds / 1000, nameof(milliseconds)), loop)
    {
    }

    /// <summary>A periodic async callback with the interval in milliseconds, as in tornado.</summary>
    /// <inheritdoc cref="PeriodicCallback(Action, TimeSpan, IOLoop?)"/>
    public PeriodicCallback(Func<Task> callback, double milliseconds, IOLoop? loop = null)
        : this(callback, Seconds.ToPositiveSpan(milliseconds / 1000, nameof(milliseconds)), loop)
    {
    }

    private PeriodicCallback(object callback, TimeSpan interval, IOLoop? loop)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        _callback = callback;
        _loop = loop;
        Interval = interval;
    }

    /// <summary>From one call to the next.</summary>
    public TimeSpan Interval { get; }

    /// <summary>True from <see cref="Start"/> to <see cref="Stop"/>,
    /// or the end of the loop, or of the scope that it was started in. Any thread.</summary>
    public bool IsRunning => _call is { CanCall: true };

    /// <summary>Starts, the first call being one interval from now. Started already, it starts afresh: there is one schedule
    /// only.</summary>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void Start()
    {
        IOLoop loop = _loop ?? IOLoop.Current;
        loop.VerifyTimerAccess();
        Stop();
        _call = new CallbackTimer(loop, _callback, static _ => { }, ScheduleNext);
        _next = loop.Now;
        ScheduleNext(_call);
    }

    /// <summary>Stops; allowed inside the callback, and when not started.</summary>
    public void Stop()
    {
        ThreadAffinity.Check(_call?.Loop ?? _loop);
        _call?.Cancel();
        _call = null;
    }

    /// <summary>The same as <see cref="Stop"/>.</summary>
    public void Dispose() => Stop();

    /// <summary>The next slot of the grid after <paramref name="now"/>.</summary>
    internal static long NextSlot(long next, long now, long interval) =>
        next > now ? next : LoopClock.Later(next + (now - next) / interval * interval, interval);

    private void ScheduleNext(CallbackTimer call)
    {
        if (call.Loop.IsClosed) return;
        _next = NextSlot(_next, call.Loop.Now, Interval.Ticks);
        call.Schedule(_next);
    }
}
