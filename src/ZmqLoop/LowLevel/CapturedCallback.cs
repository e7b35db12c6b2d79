using System.Diagnostics;

namespace ZmqLoop.LowLevel;

/// <summary>A callback and the stack contexts in force when it was captured: <see cref="StackContext.Wrap{T}(Action{T})"/> for code that
/// calls it often, several times in a row, and wants to know how each call ended.</summary>
/// <remarks>Immutable; any thread. What is captured is the same as with <c>Wrap</c>, and what was wrapped or captured already keeps its
/// first capture.</remarks>
/// <typeparam name="T">What the callback is called with.</typeparam>
public sealed class CapturedCallback<T>
{
    /// <summary>Captures the contexts in force, and the flow of AsyncLocals.</summary>
    /// <param name="callback">The callback.</param>
    /// <param name="original">What the callback does nothing but call, where that is another delegate: was it wrapped, then that
    /// counts.</param>
    /// <exception cref="ArgumentNullException"><paramref name="callback"/> is null.</exception>
    public CapturedCallback(Action<T> callback, Delegate? original = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        bool wrapped = WrappedCallback.IsWrapped(original ?? callback);
        WrappedAction<T>? call = wrapped ? callback.Target as WrappedAction<T> : null;
        Callback = call?.Callback ?? callback;
        Captured = call?.Captured ?? (wrapped ? default : CapturedContext.Now);
    }

    /// <summary>The callback as it was given, but for a wrapping of its own.</summary>
    public Action<T> Callback { get; }

    internal CapturedContext Captured { get; }

    /// <summary>Begins calls in a row. Dispose of what it returns before anything else runs on this thread.</summary>
    public CallbackBatch<T> Begin() => new(this, Captured.ExecutionContext);

    /// <summary>As <see cref="Begin()"/>, in an activity, which is current in the calls, outside of the captured contexts.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="activity"/> is null.</exception>
    public CallbackBatch<T> Begin(Activity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return new CallbackBatch<T>(this, Captured.With(activity).ExecutionContext);
    }
}
