namespace ZmqLoop;

/// <summary>Runs tasks as callbacks of the loop, in the order in which they were started.</summary>
internal sealed class LoopTaskScheduler(IOLoop loop) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task)
    {
        if (loop.Enqueue(new WorkItem(new ScheduledTask(this, task), CapturedContext.Now))) return;
        ObjectDisposedException.ThrowIf(loop.IsClosed, loop);
        throw new ScopeCanceledException(ContextThread.CurrentScope!);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        loop.IsRunningHere && TryExecuteTask(task);

    // Only debuggers call this, and the queue is not made to be read from another thread.
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private sealed class ScheduledTask(LoopTaskScheduler scheduler, Task task) : BoundCallback
    {
        public override object Callback => task;

        public override void Invoke() => scheduler.TryExecuteTask(task);
    }
}
