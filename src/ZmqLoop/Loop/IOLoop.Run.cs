using System.Runtime.CompilerServices;

namespace ZmqLoop;

public partial class IOLoop
{
    private readonly ReadyList _ready = new() { MayBeLate = true };
    private volatile CallbackKind _kind; // of the callbacks that the turn is at; the watchdog reads it
    private Action<Action>? _postDeferred;
    private int _run; // written under the idle lock

    /// <summary>Which run this is, or the last one was. Any thread.</summary>
    internal int RunNumber => Volatile.Read(ref _run);

    /// <summary>Raised on the loop's thread, outside of all contexts, before it waits: that wait regards the timers and callbacks that are
    /// added here. For sources that have to be polled, since nothing wakes the loop for them. libuv's prepare handle.</summary>
    internal event Action? BeforeWait;

    /// <summary>Runs the loop on this thread until <see cref="Stop"/>. tornado <c>start()</c>.</summary>
    /// <remarks>
    /// Returns at once, and runs nothing, if the loop was stopped while it was not running. Returns quietly when the engine's context is
    /// terminated. However it ends, it can be called again. While it runs, the loop is the thread's <see cref="Current"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The loop is running already, here or on another thread.</exception>
    public void Start() => Run(once: false, Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>As <see cref="Start()"/>, and stops when the token is cancelled, as <see cref="Stop"/> does; that is no error. Cancelled
    /// already, it returns at once.</summary>
    public void Start(CancellationToken cancellationToken) => Run(once: false, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Runs one turn on this thread: for an application that has a loop of its own, such as a user interface's.</summary>
    /// <param name="timeout">How long to wait for something to do, if there is nothing; zero for not at all,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <returns>False if the loop was stopped, before this turn or in it, each stop once; true otherwise, whether there was something to do
    /// or not.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    /// <exception cref="InvalidOperationException">The loop is running already, here or on another thread.</exception>
    public bool RunOnce(TimeSpan timeout)
    {
        if (timeout != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        return Run(once: true, timeout, CancellationToken.None);
    }

    private bool Run(bool once, TimeSpan limit, CancellationToken cancellationToken)
    {
        LoopThreadState before = Enter();
        if (!once) LingeringSockets.EndLast();
        CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(static loop => ((IOLoop)loop!).Stop(), this);
        bool goesOn = once; // an exception that leaves RunOnce keeps a stop: the next RunOnce returns false for it
        try
        {
            if (once) goesOn = !_stopped && Turn(limit) && !_stopped; // stopped before, in it, or while it waited
            else if (!_stopped)
                while (Turn(limit))
                {
                }
        }
        catch (ContextTerminatedException)
        {
            _reports.ContextTerminated();
            goesOn = false;
        }
        finally
        {
            cancellation.Dispose(); // waits for a callback of the token in progress: its Stop must not stop the next Start
            Leave(before, forgetStop: !goesOn);
            if (!once) LingeringSockets.EndLast();
        }

        return goesOn;
    }

    /// <summary>The loop runs on this thread from now on.</summary>
    private LoopThreadState Enter()
    {
        _idle.Enter();
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (Interlocked.CompareExchange(ref _thread, Thread.CurrentThread, null) is { } thread)
            {
                throw new InvalidOperationException(ReferenceEquals(thread, Thread.CurrentThread)
                    ? $"{this} is running already: Start was called inside of Start."
                    : $"{this} is running already: use its AddCallback or InvokeAsync, or Stop it first.");
            }

            Volatile.Write(ref _run, _run + 1);
            _contexts = ContextThread.Current;
            _hasStopped = false;
            _reports.Reset();
            LookAt();
            return LoopThreadState.Enter(this);
        }
        finally
        {
            _idle.Exit(_postDeferred ??= PostDeferred);
        }
    }

    private void Leave(LoopThreadState before, bool forgetStop)
    {
        _running.End();
        before.Restore();
        if (forgetStop) _stopped = false;
        _hasStopped = forgetStop;
        _reports.Reset();
        _contexts = null;
        _thread = null;
        Interlocked.Exchange(ref _whenStopped, null)?.SetResult();
    }

    /// <summary>
    /// Makes the loop leave <see cref="Start()"/> when the present turn is over: its callbacks, its due timers and, from a handler, the
    /// turn's other handlers still run; what they add waits for the next <see cref="Start()"/>. Stopped while not running, the next
    /// <see cref="Start()"/> returns at once. Any thread. tornado <c>stop()</c>.
    /// </summary>
    public void Stop()
    {
        if (_closed) return;
        _stopped = true;
        Interlocked.MemoryBarrier(); // as in Wait
        WakeIfSleeping();
    }

    /// <summary>One turn; docs/loop.md numbers its steps. False when the loop was stopped.</summary>
    private bool Turn(TimeSpan limit)
    {
        BeginTurn();
        int callbacks = CountCallbacks();   // 1
        CollectDueTimers();                 // 2
        RunCallbacks(callbacks);            // 3
        RunDueTimers();                     // 4
        if (_stopped) return false;         // 5
        Wait(limit);                        // 6
        Dispatch();                         // 7
        return true;
    }

    private void BeginTurn()
    {
        GoOnTo(CallbackKind.Callback); // the watchdog must not blame the last turn's last handler for what comes now
        _turns++;
        _observed = LoopMeter.ObservesCallbacks;
    }

    private int CountCallbacks()
    {
        _queue.TakePosted();
        return _queue.Count;
    }

    private void CollectDueTimers()
    {
        if (_timers.Count == 0) return;
        long now = _clock.Now;
        MeasureLag(now);
        _timers.CollectDue(now);
    }

    // Not inlined: the frame of Turn would keep the last callback alive while the loop sleeps.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunCallbacks(int count)
    {
        ContextThread thread = _contexts!;
        while (count > 0)
        {
            int before = count;
            if (thread.Node is null && !_observed && IsClean(thread)) RunPlain(thread, ref count);
            if (count < before) continue;
            WorkItem work = _queue.Take();
            count--;
            RunWork(work);
        }
    }

    /// <summary>True if this thread's ExecutionContext and SynchronizationContext are those of a callback without contexts.</summary>
    private bool IsClean(ContextThread thread) =>
        thread.HasDefaultExecutionContext && ReferenceEquals(thread.SynchronizationContext, _host.SynchronizationContext);

    /// <summary>
    /// Runs callbacks that captured nothing, up to the first that did, or that fails. It comes to the same as
    /// <see cref="ContextRunner.TryRun"/> for each of them, but what that sets and puts back around a call is right already, and only
    /// looked at: these are most of the callbacks there are.
    /// </summary>
    private void RunPlain(ContextThread thread, ref int count)
    {
        ContextState state = new(null, thread.CallNumber, _host.SynchronizationContext);
        Action? action = null;
        Exception? error = null;
        int left = count;
        RunningCallback running = _running;
        running.BeginPlain();
        try
        {
            while (left > 0)
            {
                running.Next();
                if (_queue.TakePlain() is not { } next) break;
                left--;
                action = next;
                thread.NextFrame();
                next();
                if (thread.Node is not null || !IsClean(thread)) break;
            }
        }
        catch (Exception exception)
        {
            error = exception;
        }

        count = left;
        _queue.ForgetTaken();
        thread.EndFrame(state);
        if (!thread.HasDefaultExecutionContext) ExecutionContext.Restore(OuterExecutionContext.Default);
        if (error is not null) _reports.ReportEscaped(error, Origin(action!, default));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunDueTimers()
    {
        if (!_timers.HasDue) return;
        GoOnTo(CallbackKind.Timeout);
        while (_timers.TryTakeDue(out WorkItem work)) RunWork(work);
    }

    /// <summary>The turn goes on to callbacks of another kind.</summary>
    private void GoOnTo(CallbackKind kind)
    {
        _running.GoOn(); // before the kind changes: the watchdog reads both
        _kind = kind;
        InnerCallback = null; // whoever set it may have failed to put it back
    }

    private void RunWork(in WorkItem work)
    {
        _running.Begin(_debug ? Origin(work.Callback, work.Captured) : work.Stored);
        if (work.Scope is { } scope)
        {
            RunScoped(work, scope);
            return;
        }

        CapturedContext captured = work.Captured;
        WorkItem call = work;
        if (RunCall(ref captured, ref call) is { } error) ReportEscaped(error, Origin(work.Callback, work.Captured), captured);
    }

    private void RunScoped(WorkItem work, IScope scope)
    {
        try
        {
            CapturedContext captured = work.Captured;
            if (!work.IsCancelled && RunCall(ref captured, ref work) is { } error)
                ReportEscaped(error, Origin(work.Callback, work.Captured), captured);
        }
        finally
        {
            scope.Release();
        }
    }

    private void Wait(TimeSpan limit)
    {
        BeforeWait?.Invoke();
        _running.End();
        if (_spin > TimeSpan.Zero && Spin(ref limit)) return;
        long since = _clockTimer is null ? 0 : _clock.Now; // before what is left is counted from it
        TimeSpan timeout = PollTimeout(limit);
        if (timeout != TimeSpan.Zero)
        {
            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier(); // as in Stop
            if (_queue.IsPostedTo() || _stopped) timeout = TimeSpan.Zero;
            else if (_clockTimer is { } timer)
                timeout = timeout < TimeSpan.Zero ? timer.Stop() : timer.WaitUntil(LoopClock.Later(since, timeout.Ticks), _clock);
        }

        try
        {
            Poll(timeout);
        }
        finally
        {
            Volatile.Write(ref _sleeping, 0);
        }
    }

    private void Poll(TimeSpan timeout)
    {
        try
        {
            _poller.Poll(timeout, _ready);
        }
        catch
        {
            _ready.KeepClosed(0);
            throw;
        }
    }

    /// <summary>Looks for something to do without sleeping, for as long as there may be something soon.</summary>
    /// <param name="limit">How long the wait may take; what is left of it.</param>
    /// <returns>True where there is something, or no time to wait.</returns>
    private bool Spin(ref TimeSpan limit)
    {
        TimeSpan timeout = PollTimeout(limit);
        if (timeout == TimeSpan.Zero) return false;
        long start = _clock.Now;
        TimeSpan end = timeout > TimeSpan.Zero && timeout < _spin ? timeout : _spin;
        TimeSpan spun;
        do
        {
            Poll(TimeSpan.Zero);
            if (_ready.Count > 0 || _queue.IsPostedTo() || _stopped) return true;
            spun = new TimeSpan(_clock.Now - start);
        }
        while (spun < end);
        if (limit > TimeSpan.Zero) limit = limit > spun ? limit - spun : TimeSpan.Zero;
        return false;
    }

    private TimeSpan PollTimeout(TimeSpan limit)
    {
        TimeSpan timeout = PollTimeout();
        return limit >= TimeSpan.Zero && (timeout > limit || timeout < TimeSpan.Zero) ? limit : timeout;
    }

    private TimeSpan PollTimeout()
    {
        if (_queue.Count > 0 || _queue.HasPosted) return TimeSpan.Zero;
        if (_timers.HasDue || _ready.Count > 0) return TimeSpan.Zero;
        if (_timers.Count == 0) return Timeout.InfiniteTimeSpan;
        long left = _timers.NextDeadline - _clock.Now;
        return left <= 0 ? TimeSpan.Zero : new TimeSpan(left);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Dispatch()
    {
        if (_ready.Count == 0) return;
        GoOnTo(CallbackKind.Handler);
        _handlers.SortByPriority(_ready);
        int done = 0;
        try
        {
            while (done < _ready.Count) RunHandler(_ready.Items[done++]);
        }
        finally
        {
            // Nothing of this turn is kept alive while the loop sleeps. Where an exception leaves the loop, the sources not served yet are
            // still ready next time; but that one was closed is told only once.
            _ready.KeepClosed(done);
        }
    }
}
