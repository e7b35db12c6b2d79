using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>
/// The ExecutionContext from before contexts were entered: what callbacks stored inside of them capture. A context that sets an AsyncLocal,
/// such as a log scope, is entered afresh for each callback; would the ExecutionContext inside of it be captured too, the scope would be
/// there twice, and once more with each hop.
/// </summary>
/// <remarks>It stands in an AsyncLocal itself, so that it is also found after an <c>await</c>, which restores the ExecutionContext of an
/// earlier callback.</remarks>
internal sealed class OuterExecutionContext
{
    private static readonly AsyncLocal<OuterExecutionContext?> _current = new();
    private readonly ExecutionContext _outside;
    private ExecutionContext? _inside;

    private OuterExecutionContext(ExecutionContext outside) => _outside = outside;

    /// <summary>The ExecutionContext of a thread on which no AsyncLocal was ever set. Null stands for it in captures.</summary>
    public static ExecutionContext Default { get; } = FindDefault();

    /// <summary>True if no AsyncLocal is set on this thread, and the flow is not suppressed.</summary>
    public static bool IsDefault => ReferenceEquals(ExecutionContext.Capture(), Default);

    /// <summary>The ExecutionContext that a callback stored now has to run in; null for the default one, or where the flow is
    /// suppressed.</summary>
    public static ExecutionContext? Capture()
    {
        ExecutionContext? current = ExecutionContext.Capture();
        if (current is null || ReferenceEquals(current, Default)) return null;
        if (_current.Value is not { } outer) return current;
        ExecutionContext captured = ReferenceEquals(current, outer._inside) ? outer._outside : WithoutReference(current);
        return ReferenceEquals(captured, Default) ? null : captured;
    }

    /// <summary>Notes that a context was entered.</summary>
    /// <returns>The ExecutionContext inside of it.</returns>
    public static ExecutionContext? Enter(ExecutionContext? before)
    {
        ExecutionContext? after = ExecutionContext.Capture();
        if (before is null || after is null || ReferenceEquals(before, after)) return after;
        OuterExecutionContext? present = _current.Value;
        OuterExecutionContext outer =
            new(present is not null && ReferenceEquals(present._inside, before) ? present._outside : before);
        _current.Value = outer;
        return outer._inside = ExecutionContext.Capture();
    }

    /// <summary>True if no AsyncLocal was set since <see cref="Enter"/>, so that nothing has to stay when the context is left.</summary>
    public static bool IsUntouched(ExecutionContext? inside) => inside is not null && ReferenceEquals(inside, ExecutionContext.Capture());

    /// <summary>Notes that a context was left. The AsyncLocals that it set go with it, those that others set stay.</summary>
    public static void Leave(ExecutionContext? before, bool untouched)
    {
        if (before is null) return;
        if (!untouched) _current.Value = null;
        else if (!ReferenceEquals(before, ExecutionContext.Capture())) ExecutionContext.Restore(before);
    }

    // Somebody else set an AsyncLocal inside of contexts, and an ExecutionContext cannot be split: all of it is captured. But not the
    // reference to this, or each would keep the one before it alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ExecutionContext WithoutReference(ExecutionContext current)
    {
        _current.Value = null;
        ExecutionContext captured = ExecutionContext.Capture()!;
        ExecutionContext.Restore(current);
        return captured;
    }

    // A thread started unsafely has the default one. The lambda touches nothing static of this type, whose initializer is waiting for it.
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
