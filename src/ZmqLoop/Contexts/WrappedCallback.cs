namespace ZmqLoop;

/// <summary>A callback with what was captured for it. Delegates to its Invoke are what <see cref="StackContext.Wrap(Action)"/>
/// returns.</summary>
internal abstract class WrappedCallback
{
    public readonly CapturedContext Captured = CapturedContext.Now;

    /// <summary>True for a delegate that <see cref="StackContext.Wrap(Action)"/> returned, and for one that was made of it, as handlers
    /// are, whose delegate type is another. A multicast delegate is not wrapped, even if its last target is.</summary>
    public static bool IsWrapped(Delegate callback) =>
        callback.HasSingleTarget && (callback.Target is WrappedCallback || (callback.Target is Delegate inner && IsWrapped(inner)));

    /// <summary>Runs the call where it was captured; one captured in a scope that was cancelled does not run any more.</summary>
    protected void Run<TCall>(ref TCall call) where TCall : struct, ICall
    {
        if (Captured.Node?.Scope is not { IsCancelled: true }) ContextRunner.Run(Captured, ref call);
    }

    /// <summary>Ends an async call: an exception of the task goes through the captured contexts, once.</summary>
    protected Task Observe(Task? task)
    {
        if (task is null) return Task.CompletedTask; // a context consumed what the callback threw
        return task.IsCompletedSuccessfully || Captured.Node is null ? task : ObserveAsync(task);
    }

    private async Task ObserveAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            Rethrow call = new(exception);
            ContextRunner.Run(Captured, ref call);
        }
    }
}
