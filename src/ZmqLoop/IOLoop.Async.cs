namespace ZmqLoop;

public partial class IOLoop
{
    /// <summary>Runs a callback on the loop when a task has ended, in the contexts in force now; never inside this call. Any thread. tornado <c>add_future</c>.</summary>
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
    /// <returns>A task that ends with the action, and with its exception where no context consumes that.</returns>
    /// <exception cref="ObjectDisposedException">The loop is closed; from the task.</exception>
    public Task InvokeAsync(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return InvokeAsync(() =>
        {
            action();
            return true;
        });
    }

    /// <inheritdoc cref="InvokeAsync(Action)"/>
    public Task<T> InvokeAsync<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<T> wrapped = StackContext.Wrap(function);
        bool posted = SpawnCallback(() =>
        {
            try
            {
                done.SetResult(wrapped());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        if (!posted) done.SetException(new ObjectDisposedException(GetType().Name));
        return done.Task;
    }

    /// <summary>Runs a function on the thread pool: for work that would block the loop. Await the task, or give it to <see cref="AddFuture(Task, Action{Task})"/>. Any thread. tornado 5's <c>run_in_executor</c>.</summary>
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

    /// <summary>As <see cref="WhenDone"/>, for a pending task; one that ends well is forgotten, so that no contexts are entered for nothing.</summary>
    internal void WhenFailed(Task task, in WorkItem work) => WhenPendingIsDone(task, work, onlyFailure: true);

    private void WhenPendingIsDone(Task task, in WorkItem work, bool onlyFailure)
    {
        WorkItem waiting = Trace(work);
        if (!waiting.TryHold()) return;
        var completion = new Completion(this, waiting, onlyFailure);
        waiting.Scope?.Track(completion);

        // The loop's own continuation carries no flow, so that it keeps nothing of the caller alive but the callback.
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            task.ContinueWith(static (ended, state) => ((Completion)state!).Complete(ended), completion,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        finally
        {
            flow?.Undo();
        }
    }

    /// <summary>A callback that waits for a task; a cancelled scope drops it, unless it is the end of an async function under way.</summary>
    private sealed class Completion(IOLoop loop, WorkItem work, bool onlyFailure) : IScopeItem
    {
        private int _done;

        public bool IsDone => Volatile.Read(ref _done) != 0;

        public void Complete(Task ended)
        {
            if (Interlocked.Exchange(ref _done, 1) != 0) return;
            if (!onlyFailure || !ended.IsCompletedSuccessfully) loop.Enqueue(work);
            work.Release(); // it is pending in the queue now, or nothing is
        }

        public void Drop()
        {
            if (work.IsCancelled && Interlocked.Exchange(ref _done, 1) == 0) work.Release();
        }
    }
}
