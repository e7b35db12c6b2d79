using System.Diagnostics;

namespace ZmqLoop;

internal sealed class WrappedAsync(Func<Task> callback) : WrappedCallback
{
    public readonly Func<Task> Callback = callback;

    public Task Invoke()
    {
        FuncCall<Task> call = new(Callback);
        IScope? cancelled = Run(ref call);
        return Observe(call.Result, cancelled);
    }
}

internal sealed class WrappedAsync<T>(Func<T, Task> callback) : WrappedCallback
{
    public Task Invoke(T argument)
    {
        FuncCall<T, Task> call = new(callback, argument);
        IScope? cancelled = Run(ref call);
        return Observe(call.Result, cancelled);
    }

    public Task Invoke(T argument, Activity activity)
    {
        FuncCall<T, Task> call = new(callback, argument);
        IScope? cancelled = Run(Captured.With(activity), ref call);
        return Observe(call.Result, cancelled);
    }
}

internal sealed class WrappedAsync<T1, T2>(Func<T1, T2, Task> callback) : WrappedCallback
{
    public Task Invoke(T1 first, T2 second)
    {
        FuncCall<T1, T2, Task> call = new(callback, first, second);
        IScope? cancelled = Run(ref call);
        return Observe(call.Result, cancelled);
    }
}
