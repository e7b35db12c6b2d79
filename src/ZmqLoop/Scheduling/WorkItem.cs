namespace ZmqLoop;

/// <summary>A callback in a queue, with what was captured for it: no wrapper object is made.</summary>
internal readonly struct WorkItem : ICall
{
    private readonly object _callback; // Action, Func<Task>, SendOrPostCallback or WorkCall
    private readonly object? _state;

    public WorkItem(object callback, in Captured captured, object? state = null)
    {
        _callback = callback;
        _state = state;
        Captured = captured;
    }

    public readonly Captured Captured;

    public bool IsEmpty => _callback is null;

    /// <summary>The callback as it was given, for reports.</summary>
    public object Callback => Shown(_callback);

    /// <summary>What the user gave, for a callback that may be wrapped in a call of ours.</summary>
    public static object Shown(object callback) => callback switch
    {
        WorkCall call => call.Callback,
        Delegate { Target: WorkCall call } => call.Callback,
        _ => callback,
    };

    /// <summary>The loop was closed, and the callback will never run.</summary>
    public void Drop()
    {
        if (_callback is WorkCall call) call.Drop();
    }

    /// <summary>Captures here and now; for a callback that was wrapped earlier, takes over what was captured then.</summary>
    public static WorkItem Capture(Action callback) =>
        callback.Target is WrappedAction wrapped && callback.HasSingleTarget
            ? new WorkItem(wrapped.Callback, wrapped.Captured)
            : new WorkItem(callback, Captured.Now);

    public static WorkItem Capture(Func<Task> callback, AsyncCallbacks callbacks) =>
        callback.Target is WrappedAsync wrapped && callback.HasSingleTarget
            ? new WorkItem(wrapped.Callback, wrapped.Captured, callbacks)
            : new WorkItem(callback, Captured.Now, callbacks);

    public void Invoke()
    {
        switch (_callback)
        {
            case Action action:
                action();
                break;
            case SendOrPostCallback callback:
                callback(_state);
                break;
            case WorkCall call:
                call.Invoke();
                break;
            default:
                ((AsyncCallbacks)_state!).Begin((Func<Task>)_callback, Captured);
                break;
        }
    }
}

/// <summary>A callback together with its arguments.</summary>
internal abstract class WorkCall
{
    public abstract object Callback { get; }

    public abstract void Invoke();

    /// <summary>Tells whoever waits for the call that it will never be made.</summary>
    public virtual void Drop()
    {
    }
}

internal sealed class WorkCall<TState>(Action<TState> callback, TState state) : WorkCall
{
    public override object Callback => callback;

    public override void Invoke() => callback(state);
}
