using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>What <see cref="IOLoop.SwitchTo"/> returns, to be awaited at once.</summary>
public readonly struct SwitchToAwaitable : ICriticalNotifyCompletion, IEquatable<SwitchToAwaitable>
{
    private readonly IOLoop _loop;

    internal SwitchToAwaitable(IOLoop loop) => _loop = loop;

    /// <summary>True on the loop's thread: then there is nothing to wait for.</summary>
    public bool IsCompleted => _loop.IsRunningHere;

    /// <summary>For the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SwitchToAwaitable GetAwaiter() => this;

    /// <summary>For the compiler.</summary>
    /// <exception cref="ObjectDisposedException">The loop is closed, so there is no thread to switch to.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void GetResult() => ObjectDisposedException.ThrowIf(_loop.IsClosed, _loop);

    /// <summary>For the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void OnCompleted(Action continuation) => Resume(continuation, CapturedContext.Now);

    /// <summary>For the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void UnsafeOnCompleted(Action continuation) => Resume(continuation, new CapturedContext(ContextThread.Current.Captured, null));

    /// <summary>Same loop.</summary>
    public bool Equals(SwitchToAwaitable other) => ReferenceEquals(_loop, other._loop);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SwitchToAwaitable other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _loop?.GetHashCode() ?? 0;

    /// <summary>Same loop.</summary>
    public static bool operator ==(SwitchToAwaitable left, SwitchToAwaitable right) => left.Equals(right);

    /// <summary>Different loops.</summary>
    public static bool operator !=(SwitchToAwaitable left, SwitchToAwaitable right) => !left.Equals(right);

    private void Resume(Action continuation, in CapturedContext captured)
    {
        // A continuation is never dropped: with the loop closed it runs here, and GetResult throws.
        if (!_loop.Enqueue(new WorkItem(new Continuation(continuation), captured))) continuation();
    }

    private sealed class Continuation(Action continuation) : BoundCallback
    {
        public override object Callback => continuation;

        public override bool IsContinuation => true;

        public override void Invoke() => continuation();

        public override void Drop() => ThreadPool.UnsafeQueueUserWorkItem(static resume => resume(), continuation, preferLocal: false);
    }
}
