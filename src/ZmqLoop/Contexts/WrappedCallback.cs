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
    /// <returns>The scope that kept it from running; else null.</returns>
    protected IScope? Run<TCall>(ref TCall call) where TCall : struct, ICall => Run(Captured, ref call);

    /// <summary>As <see cref="Run{TCall}(ref TCall)"/>, with more than what was captured.</summary>
    protected static IScope? Run<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall
    {
        if (captured.Node?.Scope is { IsCancelled: true } cancelled) return cancelled;
        ContextRunner.Run(captured, ref call);
        return null;
    }

    /// <summary>As <see cref="Run{TCall}(ref TCall)"/>, for a call that has a result: where it does not run, there is none.</summary>
    /// <exception cref="OperationCanceledException">The scope was cancelled.</exception>
    protected void RunForResult<TCall>(ref TCall call) where TCall : struct, ICall
    {
        if (Run(ref call) is { } cancelled) throw new ScopeCanceledException(cancelled);
    }

    /// <summary>Ends an async call: an exception of the task goes through the captured contexts, once.</summary>
    /// <param name="task">What the call returned.</param>
    /// <param name="cancelled">The scope that kept the call from running, or null.</param>
    protected Task Observe(Task? task, IScope? cancelled)
    {
        if (cancelled is not null) return new ScopeCanceledException(cancelled).AsTask<bool>();
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
