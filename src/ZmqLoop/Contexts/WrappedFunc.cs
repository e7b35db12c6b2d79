namespace ZmqLoop;

internal sealed class WrappedFunc<TResult>(Func<TResult> callback) : WrappedCallback
{
    public TResult Invoke()
    {
        FuncCall<TResult> call = new(callback);
        RunForResult(ref call);
        return call.Result!;
    }
}

internal sealed class WrappedFunc<T, TResult>(Func<T, TResult> callback) : WrappedCallback
{
    public TResult Invoke(T argument)
    {
        FuncCall<T, TResult> call = new(callback, argument);
        RunForResult(ref call);
        return call.Result!;
    }
}

internal sealed class WrappedFunc<T1, T2, TResult>(Func<T1, T2, TResult> callback) : WrappedCallback
{
    public TResult Invoke(T1 first, T2 second)
    {
        FuncCall<T1, T2, TResult> call = new(callback, first, second);
        RunForResult(ref call);
        return call.Result!;
    }
}
