namespace ZmqLoop;

/// <summary>What follows a callback that is stored: the contexts in force, and the ExecutionContext, which has the AsyncLocals.
/// <c>default</c> is neither.</summary>
internal readonly struct CapturedContext(ContextNode? node, ExecutionContext? executionContext)
{
    public readonly ContextNode? Node = node;
    public readonly ExecutionContext? ExecutionContext = executionContext;

    public static CapturedContext Now => new(ContextThread.Current.Captured, OuterExecutionContext.Capture());

    public bool IsEmpty => Node is null && ExecutionContext is null;
}
