using System.Diagnostics;

namespace ZmqLoop;

/// <summary>What follows a callback that is stored: the contexts in force, and the ExecutionContext, which has the AsyncLocals.
/// <c>default</c> is neither.</summary>
internal readonly struct CapturedContext(ContextNode? node, ExecutionContext? executionContext)
{
    public readonly ContextNode? Node = node;
    public readonly ExecutionContext? ExecutionContext = executionContext;

    public static CapturedContext Now => new(ContextThread.Current.Captured, OuterExecutionContext.Capture());

    /// <summary>The same with another activity, which is current before the contexts are entered: what they set stays theirs. Nothing
    /// changes where the flow of ExecutionContexts is suppressed.</summary>
    public CapturedContext With(Activity activity)
    {
        ExecutionContext? outside = System.Threading.ExecutionContext.Capture();
        if (outside is null) return this;
        System.Threading.ExecutionContext.Restore(ExecutionContext ?? OuterExecutionContext.Default);
        Activity.Current = activity;
        ExecutionContext? inside = System.Threading.ExecutionContext.Capture();
        System.Threading.ExecutionContext.Restore(outside);
        return new CapturedContext(Node, inside);
    }

    /// <summary>The same with a new activity, where what was captured belongs to a trace and somebody wants to know; as
    /// <see cref="With"/>.</summary>
    public CapturedContext Begin(ActivitySource source, string name, out Activity? activity)
    {
        activity = null;
        ExecutionContext? outside = ExecutionContext is null || !source.HasListeners() ? null : System.Threading.ExecutionContext.Capture();
        if (outside is null) return this;
        System.Threading.ExecutionContext.Restore(ExecutionContext!);
        try
        {
            activity = Activity.Current is null ? null : source.StartActivity(name);
            return activity is null ? this : new CapturedContext(Node, System.Threading.ExecutionContext.Capture());
        }
        finally
        {
            System.Threading.ExecutionContext.Restore(outside);
        }
    }

    public bool IsEmpty => Node is null && ExecutionContext is null;
}
