using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>A callback with what was captured for it. Delegates to its Invoke are what <see cref="StackContext.Wrap(Action)"/> returns.</summary>
internal abstract class WrappedCall
{
    public readonly Captured Captured = Captured.Now;

    /// <summary>Wrapped means one delegate of ours: a multicast that ends in one is not.</summary>
    public static bool IsWrapped(Delegate callback) => callback.Target is WrappedCall && callback.HasSingleTarget;

    /// <summary>Handlers have a delegate type of their own, so that a wrapped one is a delegate to a wrapped delegate.</summary>
    public static bool IsWrapped(IOHandler handler) =>
        handler.HasSingleTarget && handler.Target is Action<PollSource, IOEvents> inner && IsWrapped(inner);

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

/// <summary>Throws inside contexts what was thrown elsewhere, so that they handle it.</summary>
internal readonly struct Rethrow(Exception exception) : ICall
{
    public void Invoke() => ExceptionDispatchInfo.Throw(exception);
}

internal sealed class WrappedAction(Action callback) : WrappedCall
{
    public readonly Action Callback = callback;

    public void Invoke()
    {
        Call call = new(Callback);
        Run(ref call);
    }

    private readonly struct Call(Action callback) : ICall
    {
        public void Invoke() => callback();
    }
}

internal sealed class WrappedAction<T>(Action<T> callback) : WrappedCall
{
    public readonly Action<T> Callback = callback;

    public void Invoke(T argument)
    {
        Call call = new(Callback, argument);
        Run(ref call);
    }

    private readonly struct Call(Action<T> callback, T argument) : ICall
    {
        public void Invoke() => callback(argument);
    }
}

internal sealed class WrappedAction<T1, T2>(Action<T1, T2> callback) : WrappedCall
{
    public void Invoke(T1 first, T2 second)
    {
        Call call = new(callback, first, second);
        Run(ref call);
    }

    private readonly struct Call(Action<T1, T2> callback, T1 first, T2 second) : ICall
    {
        public void Invoke() => callback(first, second);
    }
}

internal sealed class WrappedAction<T1, T2, T3>(Action<T1, T2, T3> callback) : WrappedCall
{
    public void Invoke(T1 first, T2 second, T3 third)
    {
        Call call = new(callback, first, second, third);
        Run(ref call);
    }

    private readonly struct Call(Action<T1, T2, T3> callback, T1 first, T2 second, T3 third) : ICall
    {
        public void Invoke() => callback(first, second, third);
    }
}
