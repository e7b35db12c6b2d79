namespace ZmqLoop;

/// <summary>Async functions given as callbacks: what they end with comes back to the loop, into the contexts that were captured with
/// them.</summary>
/// <param name="whenFailed">Queues the work when the task has failed.</param>
internal sealed class AsyncCallbacks(Action<Task, WorkItem> whenFailed)
{
    public void Begin(Func<Task> callback, in CapturedContext captured)
    {
        Task? task = callback();
        if (task is null) return;
        if (task.IsCompleted)
        {
            // The captured contexts are entered at this moment, so what this throws goes to them: a cancelled task's exception, too.
            task.GetAwaiter().GetResult();
            return;
        }

        whenFailed(task, new WorkItem(new FailedTask(callback, task), captured));
    }

    /// <summary>Throws, inside the contexts, what the task ended with.</summary>
    private sealed class FailedTask(Func<Task> callback, Task task) : BoundCallback
    {
        public override object Callback => WorkItem.Shown(callback);

        public override bool IsContinuation => true;

        public override void Invoke() => task.GetAwaiter().GetResult();
    }
}
