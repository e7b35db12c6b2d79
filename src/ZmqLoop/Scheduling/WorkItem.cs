using System.Diagnostics;

namespace ZmqLoop;

/// <summary>A callback in a queue, with what was captured for it; a struct, so that none is allocated.</summary>
internal readonly struct WorkItem : ICall
{
    private static SendOrPostCallback? _passesOn; // the runtime posts one and the same for each await

    private readonly object _callback; // Action, Func<Task>, SendOrPostCallback or BoundCallback
    private readonly object? _state;

    public WorkItem(object callback, in CapturedContext captured, object? state = null)
    {
        _callback = callback;
        _state = state;
        Captured = captured;
    }

    public readonly CapturedContext Captured;

    /// <summary>The action, where it captured nothing; else null.</summary>
    public Action? Plain => Captured.IsEmpty ? _callback as Action : null;

    /// <summary>What the callback is pending in, or null.</summary>
    public IScope? Scope => Captured.Node?.Scope;

    /// <summary>True if it must not begin any more. A scope cancels no continuation: an async function that has begun runs to its
    /// end.</summary>
    public bool IsCancelled => Scope is { IsCancelled: true } && !IsContinuation;

    private bool IsContinuation => _callback is SendOrPostCallback or BoundCallback { IsContinuation: true };

    /// <summary>Counts the callback as pending; false if its scope was cancelled, and it must not be stored.</summary>
    public bool TryHold()
    {
        if (Scope is not { } scope) return true;
        if (!IsContinuation) return scope.TryHold();
        scope.Hold();
        return true;
    }

    /// <summary>The callback ran, or was dropped.</summary>
    public void Release() => Scope?.Release();

    /// <summary>The activity of an async function that this ends; null for none.</summary>
    public Activity? Activity => (_callback as BoundCallback)?.Activity;

    /// <summary>The callback as it was stored, or what goes on after an await; <see cref="Shown"/> makes of it what was given.</summary>
    public object Stored => _callback is SendOrPostCallback post && _state is Action or Task && OnlyPassesOn(post) ? _state : _callback;

    /// <summary>The callback as it was given, for reports.</summary>
    public object Callback => Shown(Stored);

    /// <summary>What the user gave, for a callback that may be wrapped in a call of ours.</summary>
    public static object Shown(object callback) => callback switch
    {
        BoundCallback call => call.Callback,
        Delegate { Target: BoundCallback call } => call.Callback,
        _ => callback,
    };

    /// <summary>The loop was closed, and the callback will never run.</summary>
    public void Drop()
    {
        if (_callback is BoundCallback call) call.Drop();
        Release();
    }

    /// <summary>Captures here and now; for a callback that was wrapped earlier, takes over what was captured then.</summary>
    public static WorkItem Capture(Action callback) =>
        callback.Target is WrappedAction wrapped && callback.HasSingleTarget
            ? new WorkItem(wrapped.Callback, wrapped.Captured)
            : new WorkItem(callback, CapturedContext.Now);

    public static WorkItem Capture<TState>(Action<TState> callback, TState state) =>
        callback.Target is WrappedAction<TState> wrapped && callback.HasSingleTarget
            ? new WorkItem(new BoundCallback<TState>(wrapped.Callback, state), wrapped.Captured)
            : new WorkItem(new BoundCallback<TState>(callback, state), CapturedContext.Now);

    public static WorkItem Capture(Func<Task> callback, AsyncCallbacks callbacks) =>
        callback.Target is WrappedAsync wrapped && callback.HasSingleTarget
            ? new WorkItem(wrapped.Callback, wrapped.Captured, callbacks)
            : new WorkItem(callback, CapturedContext.Now, callbacks);

    /// <summary>With one more hop in the trail. A continuation goes on with the trail that its await captured; what was stored with a trail
    /// keeps that.</summary>
    public WorkItem Traced() =>
        IsContinuation || CallbackTrail.Of(Captured) is { } trail && !ReferenceEquals(trail, CallbackTrail.Current)
            ? this
            : new WorkItem(_callback, CallbackTrail.Extend(Captured), _state);

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
            case BoundCallback call:
                call.Invoke();
                break;
            default:
                ((AsyncCallbacks)_state!).Begin((Func<Task>)_callback, Captured);
                break;
        }
    }

    /// <summary>True for what the runtime posts: it does nothing but call its state.</summary>
    private static bool OnlyPassesOn(SendOrPostCallback post)
    {
        if (ReferenceEquals(post, _passesOn)) return true;
        if (post.Target?.GetType().Assembly != typeof(Task).Assembly) return false;
        _passesOn = post;
        return true;
    }
}
