namespace ZmqLoop;

internal sealed class WrappedFunc<TResult>(Func<TResult> callback) : WrappedCall
{
    public TResult Invoke()
    {
        FuncCall<TResult> call = new(callback);
        Run(ref call);
        return call.Result!;
    }
}

internal sealed class WrappedFunc<T, TResult>(Func<T, TResult> callback) : WrappedCall
{
    public TResult Invoke(T argument)
    {
        FuncCall<T, TResult> call = new(callback, argument);
        Run(ref call);
        return call.Result!;
    }
}

internal sealed class WrappedFunc<T1, T2, TResult>(Func<T1, T2, TResult> callback) : WrappedCall
{
    public TResult Invoke(T1 first, T2 second)
    {
        FuncCall<T1, T2, TResult> call = new(callback, first, second);
        Run(ref call);
        return call.Result!;
    }
}

internal sealed class WrappedAsync(Func<Task> callback) : WrappedCall
{
    public readonly Func<Task> Callback = callback;

    public Task Invoke()
    {
        FuncCall<Task> call = new(Callback);
        Run(ref call);
        return Observe(call.Result);
    }
}

internal sealed class WrappedAsync<T>(Func<T, Task> callback) : WrappedCall
{
    public Task Invoke(T argument)
    {
        FuncCall<T, Task> call = new(callback, argument);
        Run(ref call);
        return Observe(call.Result);
    }
}

internal sealed class WrappedAsync<T1, T2>(Func<T1, T2, Task> callback) : WrappedCall
{
    public Task Invoke(T1 first, T2 second)
    {
        FuncCall<T1, T2, Task> call = new(callback, first, second);
        Run(ref call);
        return Observe(call.Result);
    }
}

internal struct FuncCall<TResult>(Func<TResult> callback) : ICall
{
    public TResult? Result;

    public void Invoke() => Result = callback();
}

internal struct FuncCall<T, TResult>(Func<T, TResult> callback, T argument) : ICall
{
    public TResult? Result;

    public void Invoke() => Result = callback(argument);
}

internal struct FuncCall<T1, T2, TResult>(Func<T1, T2, TResult> callback, T1 first, T2 second) : ICall
{
    public TResult? Result;

    public void Invoke() => Result = callback(first, second);
}
