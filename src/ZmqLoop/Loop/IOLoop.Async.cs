namespace ZmqLoop;

public partial class IOLoop
{
    private TaskScheduler? _taskScheduler;

    /// <summary>Runs a callback on the loop when a task has ended, in the contexts in force now; never inside this call. Any thread.
    /// tornado <c>add_future</c>.</summary>
    /// <param name="future">The task; its exception is the callback's to look at.</param>
    /// <param name="callback">Gets the task.</param>
    public void AddFuture(Task future, Action<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(future);
        ArgumentNullException.ThrowIfNull(callback);
        WhenDone(future, WorkItem.Capture(callback, future));
    }

    /// <inheritdoc cref="AddFuture(Task, Action{Task})"/>
    public void AddFuture<T>(Task<T> future, Action<Task<T>> callback)
    {
        ArgumentNullException.ThrowIfNull(future);
        ArgumentNullException.ThrowIfNull(callback);
        WhenDone(future, WorkItem.Capture(callback, future));
    }

    /// <summary>Runs an action on the loop, in the contexts in force now. Any thread.</summary>
    /// <returns>A task that ends with the action, and with its exception where no context consumes that; cancelled, where the scope in
    /// force was before it began.</returns>
    /// <exception cref="ObjectDisposedException">The loop is closed; from the task.</exception>
    public Task InvokeAsync(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return HoldScope(Post(new AwaitedCallback<bool>(action, this, () =>
        {
            action();
            return true;
        })));
    }

    /// <inheritdoc cref="InvokeAsync(Action)"/>
    public Task<T> InvokeAsync<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return HoldScope(Post(new AwaitedCallback<T>(function, this, function)));
    }

    /// <summary>Runs an async function on the loop, in the contexts in force now. Any thread.</summary>
    /// <returns>A task that ends as the function's does.</returns>
    /// <exception cref="ObjectDisposedException">The loop is closed; from the task.</exception>
    public Task InvokeAsync(Func<Task> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return HoldScope(Post(new AwaitedCallback<Task>(function, this, function)).Unwrap());
    }

    /// <inheritdoc cref="InvokeAsync(Func{Task})"/>
    public Task<T> InvokeAsync<T>(Func<Task<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return HoldScope(Post(new AwaitedCallback<Task<T>>(function, this, function)).Unwrap());
    }

    /// <summary><c>await loop.SwitchTo()</c> goes on on the loop's thread, in the contexts in force at the await: at once where this is it.
    /// Any thread.</summary>
    public SwitchToAwaitable SwitchTo() => new(this);

    /// <summary>Runs tasks on the loop, one after the other, in the contexts in which they were started: for <see cref="TaskFactory"/> and
    /// libraries that take a scheduler. Any thread.</summary>
    /// <remarks>A scheduler cannot end a task that it does not run: one that is queued when the loop is closed, or when its
    /// <see cref="CallbackScope"/> is cancelled, never ends. <see cref="InvokeAsync(Action)"/> does.</remarks>
    public TaskScheduler TaskScheduler => LazyInitializer.EnsureInitialized(ref _taskScheduler, () => new LoopTaskScheduler(this));

    /// <summary>Runs a function on the thread pool: for work that would block the loop. Await the task, or give it to
    /// <see cref="AddFuture(Task, Action{Task})"/>. Any thread. tornado 5's <c>run_in_executor</c>.</summary>
    public Task<T> RunInExecutor<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        ObjectDisposedException.ThrowIf(_closed, this);
        return Task.Run(function);
    }

    /// <summary>Puts a callback into the queue when a task has ended: at once if it has.</summary>
    internal void WhenDone(Task task, in WorkItem work)
    {
        if (task.IsCompleted)
        {
            Enqueue(work);
            return;
        }

        WhenPendingIsDone(task, work, onlyFailure: false);
    }

    /// <summary>As <see cref="WhenDone"/>, for a pending task; one that ends well is forgotten, so that no contexts are entered for
    /// nothing.</summary>
    internal void WhenFailed(Task task, in WorkItem work) => WhenPendingIsDone(task, work, onlyFailure: true);

    private void WhenPendingIsDone(Task task, in WorkItem work, bool onlyFailure)
    {
        WorkItem waiting = Trace(work);
        if (!waiting.TryHold()) return;
        var continuation = new TaskContinuation(this, waiting, onlyFailure);
        waiting.Scope?.Track(continuation);

        // The loop's own continuation carries no ExecutionContext, so that it keeps nothing of the caller alive but the callback.
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            task.ContinueWith(static (ended, state) => ((TaskContinuation)state!).Complete(ended), continuation,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        finally
        {
            flow?.Undo();
        }
    }

    private Task<T> Post<T>(AwaitedCallback<T> call)
    {
        // Captures nothing here: the call enters the contexts itself, so that its task gets only what they did not consume.
        if (!Enqueue(new WorkItem(call, default))) call.Drop();
        return call.Task;
    }

    /// <summary>The scope in force waits for the call until its task ends, and where it was cancelled whoever awaits hears of
    /// that.</summary>
    private static Task HoldScope(Task task) => ContextThread.CurrentScope is { } scope ? EndInScopeAsync(task, scope) : task;

    private static Task<T> HoldScope<T>(Task<T> task) =>
        ContextThread.CurrentScope is { } scope ? EndInScopeAsync(task, scope) : task;

    private static async Task<T> EndInScopeAsync<T>(Task<T> task, IScope scope)
    {
        await EndInScopeAsync((Task)task, scope).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    private static async Task EndInScopeAsync(Task task, IScope scope)
    {
        scope.HoldUntil(task);
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (scope.IsCancelled && cancelled is not ScopeCanceledException)
        {
            throw new ScopeCanceledException(scope, cancelled);
        }
    }

    /// <summary>A call that somebody waits for.</summary>
    private sealed class AwaitedCallback<T>(object callback, IOLoop loop, Func<T> function) : BoundCallback
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Func<T> _wrapped = StackContext.Wrap(function);
        private readonly IScope? _scope = ContextThread.CurrentScope;

        public Task<T> Task => _done.Task;

        public override object Callback => callback;

        public override void Invoke()
        {
            if (_scope is { IsCancelled: true })
            {
                _done.SetCanceled(_scope.CancellationToken);
                return;
            }

            try
            {
                _done.SetResult(_wrapped());
            }
            catch (OperationCanceledException cancelled)
            {
                _done.SetCanceled(cancelled.CancellationToken);
            }
            catch (Exception exception)
            {
                _done.SetException(exception);
            }
        }

        public override void Drop() => _done.TrySetException(new ObjectDisposedException(loop.GetType().Name));
    }

    /// <summary>A callback that waits for a task; a cancelled scope drops it, unless it is the end of an async function under
    /// way.</summary>
    private sealed class TaskContinuation(IOLoop loop, WorkItem work, bool onlyFailure) : IScopeItem
    {
        private int _done;

        public bool IsDone => Volatile.Read(ref _done) != 0;

        public void Complete(Task ended)
        {
            if (Interlocked.Exchange(ref _done, 1) != 0) return;
            if ((!onlyFailure || !ended.IsCompletedSuccessfully) && loop.Enqueue(work)) work.Release(); // the queue holds the scope now
            else work.Drop();
        }

        public void Cancel()
        {
            if (work.IsCancelled && Interlocked.Exchange(ref _done, 1) == 0) work.Release();
        }
    }
}
