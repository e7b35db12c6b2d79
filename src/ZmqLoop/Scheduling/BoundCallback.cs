using System.Diagnostics;

namespace ZmqLoop;

/// <summary>A callback bound to its arguments.</summary>
internal abstract class BoundCallback
{
    public abstract object Callback { get; }

    /// <summary>True for what ends an async function that is under way.</summary>
    public virtual bool IsContinuation => false;

    /// <summary>Of what it ends; null for none.</summary>
    public virtual Activity? Activity => null;

    public abstract void Invoke();

    /// <summary>Tells whoever waits for the call that it will never be made.</summary>
    public virtual void Drop()
    {
    }
}

internal sealed class BoundCallback<TState>(Action<TState> callback, TState state) : BoundCallback
{
    public override object Callback => callback;

    public override void Invoke() => callback(state);
}
