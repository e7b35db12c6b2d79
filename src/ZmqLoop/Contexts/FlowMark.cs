using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>
/// Keeps a context that changes an AsyncLocal, such as a log scope, from flowing twice. The context is entered afresh for each callback,
/// and the ExecutionContext captured inside it would bring the old scope along: one more with each hop. So a capture made while nothing but
/// contexts changed the flow takes the flow from before they were entered.
/// </summary>
/// <remarks>The mark is an AsyncLocal itself, so that it is also found after an <c>await</c>, which brings back the flow of an earlier
/// callback.</remarks>
internal sealed class FlowMark
{
    private static readonly AsyncLocal<FlowMark?> _current = new();
    private readonly ExecutionContext _before;
    private ExecutionContext? _entered;

    private FlowMark(ExecutionContext before) => _before = before;

    /// <summary>The flow of a thread on which nothing was ever set. Null stands for it in captures.</summary>
    public static ExecutionContext Default { get; } = FindDefault();

    /// <summary>True if nothing is set in the flow of this thread, and it is not suppressed.</summary>
    public static bool IsDefault => ReferenceEquals(ExecutionContext.Capture(), Default);

    /// <summary>The flow that a callback stored now has to run in; null for the default one, or where flow is suppressed.</summary>
    public static ExecutionContext? Capture()
    {
        ExecutionContext? flow = ExecutionContext.Capture();
        if (flow is null || ReferenceEquals(flow, Default)) return null;
        if (_current.Value is not { } mark) return flow;
        ExecutionContext clean = ReferenceEquals(flow, mark._entered) ? mark._before : WithoutMark(flow);
        return ReferenceEquals(clean, Default) ? null : clean;
    }

    /// <summary>Notes that a context was entered.</summary>
    /// <returns>The flow inside of it.</returns>
    public static ExecutionContext? Enter(ExecutionContext? before)
    {
        ExecutionContext? after = ExecutionContext.Capture();
        if (before is null || after is null || ReferenceEquals(before, after)) return after;
        FlowMark? outer = _current.Value;
        var mark = new FlowMark(outer is not null && ReferenceEquals(outer._entered, before) ? outer._before : before);
        _current.Value = mark;
        return mark._entered = ExecutionContext.Capture();
    }

    /// <summary>True if nothing has changed the flow since <see cref="Enter"/>, so that leaving the context has to leave nothing of
    /// it.</summary>
    public static bool IsUntouched(ExecutionContext? inside) => inside is not null && ReferenceEquals(inside, ExecutionContext.Capture());

    /// <summary>Notes that a context was left. What it did to the flow was its own, what others did stays.</summary>
    public static void Leave(ExecutionContext? before, bool untouched)
    {
        if (before is null) return;
        if (!untouched) _current.Value = null;
        else if (!ReferenceEquals(before, ExecutionContext.Capture())) ExecutionContext.Restore(before);
    }

    // Others changed the flow inside contexts, and what they did cannot be told apart: all of it flows. But the mark does not, or each
    // would keep the one before it alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ExecutionContext WithoutMark(ExecutionContext flow)
    {
        _current.Value = null;
        ExecutionContext clean = ExecutionContext.Capture()!;
        ExecutionContext.Restore(flow);
        return clean;
    }

    // A thread started without flow has the default one. The lambda touches nothing static of this type, whose initializer is waiting for
    // it.
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
