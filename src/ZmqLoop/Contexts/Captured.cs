namespace ZmqLoop;

/// <summary>What follows a callback that is stored: the contexts in force, and the flow of AsyncLocals. <c>default</c> is
/// neither.</summary>
internal readonly struct Captured(ContextNode? node, ExecutionContext? flow)
{
    public readonly ContextNode? Node = node;
    public readonly ExecutionContext? Flow = flow;

    public static Captured Now => new(ContextThread.Current.Captured, FlowMark.Capture());

    public bool IsEmpty => Node is null && Flow is null;
}
