using System.Diagnostics;

namespace ZmqLoop.LowLevel;

/// <summary>An async callback and the stack contexts in force when it was captured: <see
/// cref="StackContext.Wrap{T}(Func{T, Task})"/> for code that calls it in activities.</summary>
/// <remarks>Immutable; any thread. What was wrapped already keeps its first capture.</remarks>
/// <typeparam name="T">What the callback is called with.</typeparam>
public sealed class CapturedAsync<T>
{
    private readonly Func<T, Task> _callback;
    private readonly WrappedAsync<T>? _wrapped; // null for one that was wrapped as something else

    /// <summary>Captures the contexts in force, and the flow of AsyncLocals.</summary>
    /// <param name="callback">The callback.</param>
    /// <param name="original">What the callback does nothing but call, where that is another delegate: was it wrapped, then that
    /// counts.</param>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public CapturedAsync(Func<T, Task> callback, Delegate? original = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _callback = callback;
        _wrapped = WrappedCallback.IsWrapped(original ?? callback) ? callback.Target as WrappedAsync<T> : new WrappedAsync<T>(callback);
    }

    /// <summary>Calls the callback in its contexts, which are asked about the exception that it ends with, too.</summary>
    /// <param name="argument">What it is called with.</param>
    /// <param name="activity">Is current in the call and after its awaits, outside of the contexts; null for what was current when the
    /// callback was captured. One that was wrapped as something else keeps that.</param>
    public Task Invoke(T argument, Activity? activity = null)
    {
        if (_wrapped is null) return _callback(argument);
        return activity is null ? _wrapped.Invoke(argument) : _wrapped.Invoke(argument, activity);
    }
}
