namespace ZmqLoop;

/// <summary>What is in force on a thread at some moment.</summary>
internal readonly struct ContextState(ContextNode? node, long frame, SynchronizationContext? synchronizationContext)
{
    public readonly ContextNode? Node = node;
    public readonly long CallNumber = frame;
    public readonly SynchronizationContext? SynchronizationContext = synchronizationContext;
}
