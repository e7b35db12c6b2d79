namespace ZmqLoop;

public partial class IOLoop
{
    /// <summary>Runs a callback once, that long from now; not before, and in the next turn at the earliest. tornado
    /// <c>call_later</c>.</summary>
    /// <param name="delay">How long; zero and negative mean the next turn.</param>
    /// <param name="callback">Runs in the contexts in force now.</param>
    /// <returns>A handle for <see cref="RemoveTimeout"/>.</returns>
    public TimeoutHandle CallLater(TimeSpan delay, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VerifyAccess();
        return AddTimer(_clock.After(delay), WorkItem.Capture(callback));
    }

    /// <summary>As <see cref="CallLater(TimeSpan, Action)"/>, for an async function.</summary>
    public TimeoutHandle CallLater(TimeSpan delay, Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VerifyAccess();
        return AddTimer(_clock.After(delay), WorkItem.Capture(callback, _async));
    }

    /// <summary>As <see cref="CallLater(TimeSpan, Action)"/>, with an argument instead of a closure.</summary>
    public TimeoutHandle CallLater<TState>(TimeSpan delay, Action<TState> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VerifyAccess();
        return AddTimer(_clock.After(delay), WorkItem.Capture(callback, state));
    }

    /// <summary>As <see cref="CallLater(TimeSpan, Action)"/>, in seconds as in tornado.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is not a number.</exception>
    public TimeoutHandle CallLater(double seconds, Action callback) => CallLater(Seconds.ToSpan(seconds, nameof(seconds)), callback);

    /// <summary>Runs a callback once, at a time on the scale of <see cref="Time"/>; a time that is past means the next turn. tornado
    /// <c>call_at</c>.</summary>
    /// <param name="when">Seconds.</param>
    /// <param name="callback">Runs in the contexts in force now.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="when"/> is not a number, or a Unix time (<c>time.time() + 5</c>),
    /// which is decades away on the loop's clock.</exception>
    public TimeoutHandle CallAt(double when, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        long deadline = DeadlineAt(when, nameof(when));
        VerifyAccess();
        return AddTimer(deadline, WorkItem.Capture(callback));
    }

    /// <summary>The same as <see cref="CallAt(double, Action)"/>. tornado <c>add_timeout</c> with a number.</summary>
    public TimeoutHandle AddTimeout(double deadline, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        long time = DeadlineAt(deadline, nameof(deadline));
        VerifyAccess();
        return AddTimer(time, WorkItem.Capture(callback));
    }

    /// <summary>The same as <see cref="CallLater(TimeSpan, Action)"/>. tornado <c>add_timeout</c> with a <c>timedelta</c>.</summary>
    public TimeoutHandle AddTimeout(TimeSpan delay, Action callback) => CallLater(delay, callback);

    /// <summary>Cancels a timer and frees its callback at once, also when it is due in this very turn. Harmless after it ran, and twice.
    /// tornado <c>remove_timeout</c>.</summary>
    /// <exception cref="ArgumentException">The handle is <c>default</c>, or another loop's.</exception>
    public void RemoveTimeout(TimeoutHandle timeout)
    {
        if (!ReferenceEquals(timeout.Owner, this))
            throw new ArgumentException(timeout.IsNone ? "The handle names no timer." : "The handle belongs to another loop.",
                nameof(timeout));
        VerifyAccess();
        if (_timers.Remove(timeout.Slot, timeout.Version, out WorkItem removed)) removed.Release();
    }

    /// <summary>A time on the scale of <see cref="Time"/>, in ticks.</summary>
    private long DeadlineAt(double when, string parameter)
    {
        const double From = 1e9, To = 5e9; // Unix times of 2001 to 2128
        if (when is >= From and < To && Math.Abs(when - Time()) > From / 2)
        {
            throw new ArgumentOutOfRangeException(
                parameter, when,
                $"That is a Unix time, of {DateTimeOffset.FromUnixTimeSeconds((long)when):yyyy-MM-dd}. The loop has a clock of its own, "
                + $"which is at {Time():0.###}: say loop.Time() + 5, or CallLater(5, …).");
        }

        return Seconds.ToSpan(when, parameter).Ticks;
    }

    /// <summary>The loop's time in ticks.</summary>
    internal long Now => _clock.Now;

    internal long After(TimeSpan delay) => _clock.After(delay);

    internal AsyncCallbacks AsyncCallbacks => _async;

    internal void VerifyTimerAccess() => VerifyAccess();

    internal TimeoutHandle AddTimer(long deadline, in WorkItem item)
    {
        WorkItem work = Trace(item);
        // Where its scope was cancelled there is no timer, and the handle is as one of a timer that has run.
        if (!work.TryHold()) return new TimeoutHandle(this, int.MaxValue, 0);
        (int slot, int version) = _timers.Add(deadline, work);
        TimeoutHandle handle = new(this, slot, version);
        work.Scope?.Track(new ScopedTimer(this, handle));
        return handle;
    }

    /// <summary>A timer that a cancelled scope takes away.</summary>
    private sealed class ScopedTimer(IOLoop loop, TimeoutHandle handle) : IScopeItem
    {
        public bool IsDone => loop.IsClosed || !loop._timers.IsPending(handle.Slot, handle.Version);

        public void Cancel() => loop.OnThread(() => loop.RemoveTimeout(handle));
    }
}
