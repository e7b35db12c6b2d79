using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>
/// A context that ends: it knows what is still pending under it, can be waited for, cancelled as a whole, and limited in time. For "this
/// request, all that it started, two seconds at most".
/// </summary>
/// <remarks>
/// <para>Pending are the body, an async one until its task ends, and callbacks, timers, handlers, futures given to
/// <see cref="IOLoop.AddFuture(Task, Action{Task})"/>, calls of <see cref="IOLoop.InvokeAsync(Action)"/>, and async callbacks until their
/// task ends, scheduled inside the body and inside of what that led to, and receive callbacks of streams. What
/// <see cref="StackContext.Wrap(Action)"/> returns is not counted, since nobody knows whether it will be called (see
/// <see cref="HoldCurrent"/>); after a cancellation it does nothing.</para>
/// <para>Cancelled, nothing that is pending begins any more: timers and handlers are removed and freed at once. Async functions that have
/// begun run on: they see <see cref="CancellationToken"/>, and the scope waits for them. Cancelling an outer scope cancels those inside
/// it.</para>
/// <para>A cancelled scope tells of it in one way: <c>Run</c>, of whatever kind and whatever token its body saw, ends with an
/// <see cref="OperationCanceledException"/> of the scope's token, unless the body came to its end all the same; <see cref="Completion"/>
/// says whether it was cancelled or its time was over. No <see cref="ExceptionStackContext"/> is asked, inside or outside, and of what the
/// body led to nothing more is heard.</para>
/// <para>For one body; any thread may cancel. trio's nursery, for callbacks; tornado has nothing like it.</para>
/// </remarks>
/// <example><code>
/// IOLoop loop = IOLoop.Current;
/// using CallbackScope request = new(TimeSpan.FromSeconds(5), loop); // whatever it leads to ends with it
/// request.Run(() => loop.CallLater(60, () => Console.WriteLine("never")));
/// ScopeOutcome outcome = await request.Completion;
/// </code></example>
public sealed class CallbackScope : CallbackContext, IScope, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IOLoop _loop;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<ScopeOutcome> _completion = new();
    private readonly TimeoutHandle _limit;
    private List<IScopeItem> _items = [];
    private readonly HashSet<CallbackScope> _inner = [];
    private CallbackScope? _outer;
    private ScopeOutcome _outcome = ScopeOutcome.Completed;
    private int _pending;
    private bool _begun;
    private bool _completed;
    private volatile bool _cancelled;

    /// <summary>A scope; its time begins now.</summary>
    /// <param name="timeout">After how long it is cancelled; null for never.</param>
    /// <param name="loop">The loop that the time is measured on and the work is scheduled on; null for this thread's current one. With a
    /// timeout, call this on its thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
    public CallbackScope(TimeSpan? timeout = null, IOLoop? loop = null)
    {
        if (timeout is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(timeout));
        _loop = loop ?? IOLoop.Current;
        CancellationToken = _cancellation.Token;
        if (timeout is { } limit)
        {
            _loop.VerifyTimerAccess();
            _limit = _loop.AddTimer(_loop.After(limit), new WorkItem(() => Cancel(ScopeOutcome.TimedOut), default));
        }
    }

    /// <summary>The token of the innermost scope in force on this thread, for what runs elsewhere; none where there is no scope.</summary>
    public static CancellationToken CurrentToken => ContextThread.CurrentScope?.CancellationToken ?? default;

    /// <summary>Keeps the innermost scope in force on this thread open until the result is disposed of: for what stores a callback without
    /// the loop's help, such as a stream's receive callback. Any thread.</summary>
    /// <returns>To be disposed of when the callback is dropped; null where there is no scope.</returns>
    /// <exception cref="OperationCanceledException">The scope was cancelled: nothing begins in it any more.</exception>
    public static IDisposable? HoldCurrent()
    {
        if (ContextThread.CurrentScope is not { } scope) return null;
        if (!scope.TryHold()) throw new ScopeCanceledException(scope);
        return new ScopeReference(scope);
    }

    /// <summary>Fires when the scope is cancelled, in the thread that cancels it.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Ends when nothing is pending any more, and says why. Never faults.</summary>
    /// <exception cref="InvalidOperationException">Asked for inside of the scope, which waits for what waits for it: for ever.</exception>
    public Task<ScopeOutcome> Completion
    {
        get
        {
            if (!_completion.Task.IsCompleted && IsAround(ContextThread.CurrentScope as CallbackScope))
            {
                throw new InvalidOperationException(
                    $"{this} ends when all that runs inside has ended: what waits for its end in here waits for ever. Await Completion "
                    + "outside, or in a NullContext.");
            }

            return _completion.Task;
        }
    }

    /// <summary>True once this scope, or one around it, was cancelled or its time was over.</summary>
    public bool IsCancelled => _cancelled;

    /// <summary>How much is pending, a body that is running included.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Cancels all that is pending inside. Twice, and after the end, is fine. Any thread.</summary>
    public void Cancel() => Cancel(ScopeOutcome.Cancelled);

    /// <summary>The same as <see cref="Cancel()"/>.</summary>
    public void Dispose() => Cancel();

    void IScope.Begin(IScope? outer)
    {
        lock (_gate)
        {
            if (_begun) throw BegunAlready();
            if (_cancelled) throw new ScopeCanceledException(this);
            _begun = true;
            _loop.CountScope(1);
            Interlocked.Increment(ref _pending); // before it joins: whatever cancels it from here on, it ends after this
        }

        Join((CallbackScope?)outer);
        if (!_cancelled) return;
        ((IScope)this).Release(); // cancelled with the one around it, or just now
        throw new ScopeCanceledException(this);
    }

    void IScope.Hold() => Interlocked.Increment(ref _pending);

    bool IScope.TryHold()
    {
        if (IsCancelled) return false;
        Interlocked.Increment(ref _pending);
        return true;
    }

    void IScope.Release()
    {
        // A loop, and no recursion: the end of the innermost scope may be that of all around it.
        CallbackScope? scope = this;
        while (scope is not null && Interlocked.Decrement(ref scope._pending) == 0) scope = scope.Complete();
    }

    void IScope.Track(IScopeItem item)
    {
        lock (_gate)
        {
            if (!_cancelled)
            {
                if (_items.Count >= 32 && _items.Count > 2 * Pending) _items.RemoveAll(static tracked => tracked.IsDone);
                _items.Add(item);
                return;
            }
        }

        item.Cancel();
    }

    internal override bool IsEntered => false; // what is pending is counted where it is stored

    internal override bool ExitInstance(object? instance, Exception? error) => error is not null && Consumes(error);

    private protected override Exception? Consumed(Exception error) => new ScopeCanceledException(this, error);

    private protected override void BodyBegan(Task task) => ((IScope)this).HoldUntil(task);

    private protected override void Judge(Exception error) =>
        ExceptionDispatchInfo.Throw(Consumes(error) ? new ScopeCanceledException(this, error) : error);

    /// <summary>Whatever token was involved: what gives up in a cancelled scope gives up because of it.</summary>
    private bool Consumes(Exception error) => error is OperationCanceledException && IsCancelled;

    private InvalidOperationException BegunAlready() =>
        new($"{this} has had its body already, and is for one: make a scope for each request.");

    /// <summary>The scope belongs to the one around it from now on, and is cancelled with it.</summary>
    private void Join(CallbackScope? outer)
    {
        if (outer is null) return;
        lock (outer._gate)
        {
            if (!outer._cancelled)
            {
                Interlocked.Increment(ref outer._pending);
                outer._inner.Add(this);
                _outer = outer;
                return;
            }
        }

        Cancel(ScopeOutcome.Cancelled);
    }

    private bool IsAround(CallbackScope? scope)
    {
        while (scope is not null && !ReferenceEquals(scope, this)) scope = scope._outer;
        return scope is not null;
    }

    private void Cancel(ScopeOutcome outcome)
    {
        // First all are cancelled, the innermost, too; then what the users gave is called, and what is pending taken away.
        List<(CallbackScope Scope, List<IScopeItem> Items)> cancelled = [];
        MarkCancelled(outcome, cancelled);
        for (int i = 0; i < cancelled.Count; i++)
        {
            foreach (CallbackScope inner in cancelled[i].Scope.Inner()) inner.MarkCancelled(ScopeOutcome.Cancelled, cancelled);
        }

        List<Exception>? errors = null;
        try
        {
            foreach ((CallbackScope scope, List<IScopeItem> items) in cancelled)
            {
                try
                {
                    scope._cancellation.Cancel();
                }
                catch (AggregateException exception)
                {
                    (errors ??= []).AddRange(exception.InnerExceptions);
                }

                foreach (IScopeItem item in items) item.Cancel();
            }
        }
        finally
        {
            for (int i = cancelled.Count - 1; i >= 0; i--) ((IScope)cancelled[i].Scope).Release();
        }

        if (errors is not null) throw new AggregateException(errors);
    }

    private void MarkCancelled(ScopeOutcome outcome, List<(CallbackScope Scope, List<IScopeItem> Items)> cancelled)
    {
        lock (_gate)
        {
            if (_cancelled || _completed) return;
            _cancelled = true;
            _outcome = outcome;
            Interlocked.Increment(ref _pending); // until everything is taken away
            cancelled.Add((this, _items));
            _items = [];
        }
    }

    private CallbackScope[] Inner()
    {
        lock (_gate) return [.. _inner];
    }

    /// <returns>The scope around it, which waits for it no more.</returns>
    private CallbackScope? Complete()
    {
        lock (_gate)
        {
            if (_completed) return null;
            _completed = true;
            if (_begun) _loop.CountScope(-1);
        }

        if (_outer is { } outer)
        {
            lock (outer._gate) outer._inner.Remove(this);
        }

        if (!_limit.IsNone) _loop.OnThread(() => _loop.RemoveTimeout(_limit));
        _completion.SetResult(_outcome); // the inner scope's end is told before the outer's
        return _outer;
    }

    private sealed class ScopeReference(IScope scope) : IDisposable
    {
        private IScope? _scope = scope;

        public void Dispose() => Interlocked.Exchange(ref _scope, null)?.Release();
    }
}
