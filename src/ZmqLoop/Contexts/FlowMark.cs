using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>
/// Keeps a context that changes an AsyncLocal, such as a log scope, from flowing twice. The context is entered afresh for each callback,
/// and the ExecutionContext captured inside it would bring the old scope along: one more with each hop. So a capture made while nothing but
/// contexts changed the flow takes the flow from before they were entered.
/// </summary>
internal struct FlowMark
{
    private ExecutionContext? _before;
    private ExecutionContext? _entered;

    /// <summary>The flow of a thread on which nothing was ever set. Null stands for it in captures.</summary>
    public static ExecutionContext Default { get; } = FindDefault();

    /// <summary>The flow that a callback stored now has to run in; null for the default one, or where flow is suppressed.</summary>
    public readonly ExecutionContext? Capture()
    {
        ExecutionContext? flow = ExecutionContext.Capture();
        if (ReferenceEquals(flow, Default)) return null;
        if (flow is null || !ReferenceEquals(flow, _entered)) return flow;
        return ReferenceEquals(_before, Default) ? null : _before;
    }

    /// <summary>Notes that a context was entered.</summary>
    public void Entered(ExecutionContext? before)
    {
        ExecutionContext? after = ExecutionContext.Capture();
        if (ReferenceEquals(before, after)) return;
        if (_entered is null || !ReferenceEquals(before, _entered)) _before = before;
        _entered = after;
    }

    // A thread started without flow has the default one. The lambda touches nothing static of this type, whose initializer is waiting for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ExecutionContext FindDefault()
    {
        ExecutionContext? found = null;
        var thread = new Thread(() => found = ExecutionContext.Capture()) { IsBackground = true };
        thread.UnsafeStart();
        thread.Join();
        return found!;
    }
}
