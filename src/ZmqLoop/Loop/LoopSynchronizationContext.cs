namespace ZmqLoop;

/// <summary>Brings continuations back to the loop's thread, into the contexts that were in force at the <c>await</c>: each node of the
/// chain has one of these.</summary>
/// <remarks>Post is called by whoever completes the task, so it must not capture: the node that owns this was captured by the
/// await.</remarks>
internal sealed class LoopSynchronizationContext(IOLoop loop, IContextHost host, ContextNode? node) : ContextSynchronizationContext(host)
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        loop.Enqueue(new WorkItem(d, new CapturedContext(node, null), state));
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        ObjectDisposedException.ThrowIf(loop.IsClosed, loop);
        if (loop.CheckAccess())
        {
            d(state);
            return;
        }

        loop.InvokeAsync(() => d(state)).GetAwaiter().GetResult();
    }

    // An async void function under way is pending in its scope, like any async callback.
    public override void OperationStarted() => node?.Scope?.Hold();

    public override void OperationCompleted() => node?.Scope?.Release();

    public override SynchronizationContext CreateCopy() => this;
}
