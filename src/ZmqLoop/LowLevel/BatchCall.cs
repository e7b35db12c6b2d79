namespace ZmqLoop.LowLevel;

/// <summary>A call of a batch, with an object whose class the callback knows.</summary>
internal readonly struct BatchCall(Action<object?> callback, object? argument) : ICall
{
    public void Invoke() => callback(argument);
}
