namespace ZmqLoop;

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
