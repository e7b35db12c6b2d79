using System.Diagnostics;

namespace ZmqLoop;

/// <summary>Async functions given as callbacks: what they end with comes back to the loop, into the contexts that were captured with
/// them.</summary>
/// <param name="whenFailed">Queues the work when the task has failed, and drops it when it has not.</param>
/// <param name="endActivity">Ends the activity of a call, where the work is dropped. Any thread.</param>
internal sealed class AsyncCallbacks(Action<Task, WorkItem> whenFailed, Action<Activity, Exception?> endActivity)
{
    /// <summary>Of the callback that the loop calls, be it async or not: one that goes on takes it, and it lasts for as long as its task
    /// does.</summary>
    public Activity? Activity { get; set; }

    /// <summary>Whoever takes it ends it.</summary>
    public Activity? TakeActivity()
    {
        Activity? activity = Activity;
        Activity = null;
        return activity;
    }

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

        Activity? activity = TakeActivity();
        FailedTask failed = new(callback, task, activity, endActivity);
        whenFailed(task, new WorkItem(failed, activity is null ? captured : captured.With(activity)));
    }

    /// <summary>Throws, inside the contexts, what the task ended with.</summary>
    private sealed class FailedTask(
        Func<Task> callback, Task task, Activity? activity, Action<Activity, Exception?> endActivity) : BoundCallback
    {
        public override object Callback => WorkItem.Shown(callback);

        public override bool IsContinuation => true;

        public override Activity? Activity => activity;

        public override void Invoke() => task.GetAwaiter().GetResult();

        public override void Drop()
        {
            if (activity is null) return;
            endActivity(activity, task.IsCompletedSuccessfully ? null : task.Exception?.InnerException ?? new OperationCanceledException());
        }
    }
}
