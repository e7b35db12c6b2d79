using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>Runs callbacks under what was captured with them.</summary>
internal static class ContextRunner
{
    /// <summary>As <see cref="TryRun"/>, but throws what nobody consumed.</summary>
    public static void Run<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        if (TryRun(captured, ref call) is { } error) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Makes a call as if it stood where it was captured: its contexts entered afresh, its ExecutionContext restored, and
    /// nothing left behind.</summary>
    /// <returns>The exception that no context consumed, or null.</returns>
    public static Exception? TryRun<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        ContextThread thread = ContextThread.Current;
        ContextNode? node = captured.Node?.WithoutDeactivated();
        IScope? scope = captured.Node?.Scope;
        scope?.Hold(); // whatever held it when the call was stored may be gone before the call is over
        ContextState state = thread.BeginFrame(node);
        ExecutionContext? before = ExecutionContext.Capture(); // null where its flow is suppressed: then it is left alone
        ExecutionContext target = captured.ExecutionContext ?? OuterExecutionContext.Default;
        if (before is not null && !ReferenceEquals(before, target)) ExecutionContext.Restore(target);

        Exception? error = node is { HasManagers: true }
            ? EnterAndInvoke(thread, node, before is null ? null : target, ref call)
            : InvokeAndHandle(thread, node, ref call);

        thread.EndFrame(state);
        if (before is not null && !ReferenceEquals(ExecutionContext.Capture(), before)) ExecutionContext.Restore(before);
        scope?.Release();
        return error;
    }

    /// <summary>Nothing to enter: only handlers to ask, innermost first, should something be thrown.</summary>
    public static Exception? InvokeAndHandle<TCall>(ContextThread thread, ContextNode? node, ref TCall call)
        where TCall : struct, ICall, allows ref struct
    {
        long frame = thread.CallNumber;
        try
        {
            call.Invoke();
            return null;
        }
        catch (Exception exception)
        {
            return Handle(thread, node, frame, exception);
        }
    }

    /// <summary>Asks the handlers of a chain that needed no entering, innermost first.</summary>
    /// <returns>The exception that none consumed, or null.</returns>
    public static Exception? Handle(ContextThread thread, ContextNode? node, long frame, Exception exception)
    {
        Exception? error = exception;
        for (; node is not null && error is not null; node = node.Parent)
        {
            thread.Set(node, frame); // what the handler schedules, it schedules inside its own context
            error = ContextEntry.Exit(node, null, error);
        }

        return error;
    }

    /// <summary>Enters the chain outermost first, makes the call, and leaves what was entered, innermost first.</summary>
    /// <param name="thread">This one.</param>
    /// <param name="node">The chain.</param>
    /// <param name="current">The ExecutionContext that is in force; null where its flow is suppressed.</param>
    /// <param name="entries">The chain's, not entered.</param>
    /// <param name="call">The call.</param>
    public static Exception? EnterAndInvoke<TCall>(ContextThread thread, ContextNode node, ExecutionContext? current,
        scoped Span<ContextEntry> entries, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        long frame = thread.CallNumber;
        int entered = 0;
        Exception? error = null;
        try
        {
            for (; entered < entries.Length; entered++) current = entries[entered].Enter(thread, frame, current);
            thread.Set(node, frame); // the last context may have entered others by hand in its own Enter
            call.Invoke();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        while (--entered >= 0) error = entries[entered].Leave(thread, frame, error);
        return error;
    }

    private static Exception? EnterAndInvoke<TCall>(ContextThread thread, ContextNode node, ExecutionContext? current, ref TCall call)
        where TCall : struct, ICall, allows ref struct
    {
        if (node.Depth > InlineContextEntries.Length) return EnterManyAndInvoke(thread, node, current, ref call);
        InlineContextEntries room = default;
        Span<ContextEntry> entries = ((Span<ContextEntry>)room)[..node.Depth];
        ContextEntry.Fill(entries, node);
        return EnterAndInvoke(thread, node, current, entries, ref call);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // .NET zeroes a method's locals at its entry: most calls do not need these
    private static Exception? EnterManyAndInvoke<TCall>(ContextThread thread, ContextNode node, ExecutionContext? current, ref TCall call)
        where TCall : struct, ICall, allows ref struct
    {
        ContextEntries room = default;
        room.Fill(node);
        Exception? error = EnterAndInvoke(thread, node, current, room.Entries, ref call);
        room.Free();
        return error;
    }
}
