namespace ZmqLoop;

internal sealed class WrappedAction(Action callback) : WrappedCallback
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

internal sealed class WrappedAction<T>(Action<T> callback) : WrappedCallback
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

internal sealed class WrappedAction<T1, T2>(Action<T1, T2> callback) : WrappedCallback
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

internal sealed class WrappedAction<T1, T2, T3>(Action<T1, T2, T3> callback) : WrappedCallback
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
