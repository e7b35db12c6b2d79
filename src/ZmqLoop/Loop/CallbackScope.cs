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
/// begun run on: they see <see cref="CancellationToken"/>, and the scope waits for them. Cancelling an outer scope cancels those inside it.
/// An <see cref="OperationCanceledException"/> of the scope's own token goes no further than the scope.</para>
/// <para>For one body; any thread may cancel. trio's nursery, for callbacks; tornado has nothing like it.</para>
/// </remarks>
public sealed class CallbackScope : CallbackContext, IScope, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IOLoop _loop;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource<ScopeOutcome> _completion = new();
    private readonly TimeoutHandle _limit;
    private List<IScopeItem> _items = [];
    private IScope? _outer;
    private CancellationTokenRegistration _outerCancellation;
    private ScopeOutcome _outcome = ScopeOutcome.Completed;
    private int _pending;
    private bool _entered;
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
    public static CancellationToken CurrentToken => ContextThread.Current.Captured?.Scope?.CancellationToken ?? default;

    /// <summary>Keeps the innermost scope in force on this thread open until the result is disposed of: for what stores a callback without
    /// the loop's help, such as a stream's receive callback. Any thread.</summary>
    /// <returns>To be disposed of when the callback is dropped; null where there is no scope.</returns>
    /// <exception cref="OperationCanceledException">The scope was cancelled: nothing begins in it any more.</exception>
    public static IDisposable? HoldCurrent()
    {
        if (ContextThread.Current.Captured?.Scope is not { } scope) return null;
        if (!scope.TryHold())
            throw new OperationCanceledException("The scope was cancelled: nothing begins in it any more.", scope.CancellationToken);
        return new ScopeReference(scope);
    }

    /// <summary>Fires when the scope is cancelled, in the thread that cancels it.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Ends when nothing is pending any more, and says why. Never faults.</summary>
    public Task<ScopeOutcome> Completion => _completion.Task;

    /// <summary>True once this scope, or one around it, was cancelled or its time was over.</summary>
    public bool IsCancelled => _cancelled || _outer is { IsCancelled: true };

    /// <summary>How much is pending, a body that is running included.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Cancels all that is pending inside. Twice, and after the end, is fine. Any thread.</summary>
    public void Cancel() => Cancel(ScopeOutcome.Cancelled);

    /// <summary>The same as <see cref="Cancel()"/>.</summary>
    public void Dispose() => Cancel();

    void IScope.Hold() => Interlocked.Increment(ref _pending);

    bool IScope.TryHold()
    {
        if (IsCancelled) return false;
        Interlocked.Increment(ref _pending);
        return true;
    }

    void IScope.Release()
    {
        if (Interlocked.Decrement(ref _pending) == 0) Complete();
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

    internal override object? EnterInstance()
    {
        Interlocked.Increment(ref _pending);
        if (!_entered) Open();
        return null;
    }

    internal override bool ExitInstance(object? instance, Exception? error)
    {
        bool consumed = error is not null && Consumes(error);
        ((IScope)this).Release();
        return consumed;
    }

    private protected override void BodyBegan(Task task) => ((IScope)this).HoldUntil(task);

    private protected override bool Consumes(Exception exception) =>
        exception is OperationCanceledException cancelled && cancelled.CancellationToken == CancellationToken && IsCancelled;

    /// <summary>The first body: the scope belongs to the one around it from now on.</summary>
    private void Open()
    {
        _entered = true;
        if (ContextThread.Current.Node?.Parent?.Scope is not { } outer || ReferenceEquals(outer, this)) return;
        outer.Hold();
        _outer = outer;
        _outerCancellation = outer.CancellationToken.UnsafeRegister(static scope => ((CallbackScope)scope!).Cancel(), this);
    }

    private void Cancel(ScopeOutcome outcome)
    {
        List<IScopeItem> items;
        lock (_gate)
        {
            if (_cancelled || _completed) return;
            _cancelled = true;
            _outcome = outcome;
            items = _items;
            _items = [];
        }

        Interlocked.Increment(ref _pending); // so that the scope does not complete before all items are cancelled
        try
        {
            _cancellation.Cancel();
        }
        finally
        {
            foreach (IScopeItem item in items) item.Cancel();
            ((IScope)this).Release();
        }
    }

    private sealed class ScopeReference(IScope scope) : IDisposable
    {
        private IScope? _scope = scope;

        public void Dispose() => Interlocked.Exchange(ref _scope, null)?.Release();
    }

    private void Complete()
    {
        lock (_gate)
        {
            if (_completed) return;
            _completed = true;
        }

        _outerCancellation.Dispose();
        if (!_limit.IsNone) _loop.OnThread(() => _loop.RemoveTimeout(_limit));
        _completion.SetResult(_outcome);
        _outer?.Release(); // last: the inner scope's Completion ends before the outer's
    }
}
