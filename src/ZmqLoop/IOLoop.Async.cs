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

        Continue(task, new Completion(this, work), TaskContinuationOptions.ExecuteSynchronously);
    }

    /// <summary>As <see cref="WhenDone"/>, for a pending task; one that ends well is forgotten, so that no contexts are entered for nothing.</summary>
    internal void WhenFailed(Task task, in WorkItem work) =>
        Continue(task, new Completion(this, work), TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.NotOnRanToCompletion);

    private static void Continue(Task task, Completion completion, TaskContinuationOptions options)
    {
        // The loop's own continuation carries no flow, so that it keeps nothing of the caller alive but the callback.
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            task.ContinueWith(static (_, state) => ((Completion)state!).Enqueue(), completion, CancellationToken.None, options, TaskScheduler.Default);
        }
        finally
        {
            flow?.Undo();
        }
    }

    private sealed class Completion(IOLoop loop, WorkItem work)
    {
        public void Enqueue() => loop.Enqueue(work);
    }
}
