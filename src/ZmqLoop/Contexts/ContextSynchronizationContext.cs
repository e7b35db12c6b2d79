namespace ZmqLoop;

/// <summary>A synchronization context that knows whose it is.</summary>
internal abstract class ContextSynchronizationContext(IContextHost host) : SynchronizationContext
{
    public IContextHost Host { get; } = host;
}
