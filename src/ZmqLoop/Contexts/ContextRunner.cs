using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>A call to be made under captured contexts; a struct, so that none is allocated.</summary>
internal interface ICall
{
    void Invoke();
}

/// <summary>Runs callbacks under what was captured with them.</summary>
internal static class ContextRunner
{
    /// <summary>As <see cref="TryRun"/>, but throws what nobody consumed.</summary>
    public static void Run<TCall>(in Captured captured, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        if (TryRun(captured, ref call) is { } error) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Makes a call as if it stood where it was captured: its contexts entered afresh, its flow restored, and nothing left behind.</summary>
    /// <returns>The exception that no context consumed, or null.</returns>
    public static Exception? TryRun<TCall>(in Captured captured, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        ContextThread thread = ContextThread.Current;
        ContextNode? node = captured.Node?.WithoutDeactivated();
        ContextState before = thread.BeginFrame(node);
        ExecutionContext? flow = ExecutionContext.Capture(); // null where flow is suppressed: then it is left alone
        ExecutionContext target = captured.Flow ?? FlowMark.Default;
        if (flow is not null && !ReferenceEquals(flow, target)) ExecutionContext.Restore(target);

        Exception? error = node is { HasManagers: true }
            ? EnterAndInvoke(thread, node, ref call)
            : InvokeAndHandle(thread, node, ref call);

        thread.EndFrame(before);
        if (flow is not null && !ReferenceEquals(ExecutionContext.Capture(), flow)) ExecutionContext.Restore(flow);
        return error;
    }

    /// <summary>Nothing to enter: only handlers to ask, innermost first, should something be thrown.</summary>
    private static Exception? InvokeAndHandle<TCall>(ContextThread thread, ContextNode? node, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        long frame = thread.Frame;
        try
        {
            call.Invoke();
            return null;
        }
        catch (Exception exception)
        {
            Exception? error = exception;
            for (; node is not null && error is not null; node = node.Parent) error = Exit(thread, node, frame, null, error);
            return error;
        }
    }

    private static Exception? EnterAndInvoke<TCall>(ContextThread thread, ContextNode node, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        InlineEntries inline = default;
        Entry[]? rented = node.Depth > InlineEntries.Length ? ArrayPool<Entry>.Shared.Rent(node.Depth) : null;
        Span<Entry> entries = rented is null ? inline[..node.Depth] : rented.AsSpan(0, node.Depth);
        for (ContextNode? link = node; link is not null; link = link.Parent) entries[link.Depth - 1].Node = link;

        long frame = thread.Frame;
        int entered = 0;
        Exception? error = null;
        try
        {
            for (; entered < entries.Length; entered++) entries[entered].Enter(thread, frame);
            thread.Set(node, frame); // whatever the last one did by hand while it was entered
            call.Invoke();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        while (--entered >= 0)
        {
            ref Entry entry = ref entries[entered];
            bool untouched = FlowMark.IsUntouched(entry.FlowInside);
            error = Exit(thread, entry.Node, frame, entry.Instance, error);
            FlowMark.Leave(entry.FlowBefore, untouched);
        }

        if (rented is not null) ArrayPool<Entry>.Shared.Return(rented, clearArray: true);
        return error;
    }

    /// <summary>Leaves one context; an exit or handler that throws replaces the exception.</summary>
    private static Exception? Exit(ContextThread thread, ContextNode node, long frame, object? instance, Exception? error)
    {
        thread.Set(node, frame); // what the exit or the handler schedules, it schedules inside its own context
        try
        {
            return node.Context!.ExitInstance(instance, error) ? null : error;
        }
        catch (Exception raised)
        {
            return raised;
        }
    }

    private struct Entry
    {
        public ContextNode Node;
        public object? Instance;
        public ExecutionContext? FlowBefore;
        public ExecutionContext? FlowInside;

        public void Enter(ContextThread thread, long frame)
        {
            thread.Set(Node, frame);
            if (Node.Context is ExceptionStackContext) return;
            FlowBefore = ExecutionContext.Capture();
            Instance = Node.Context!.EnterInstance();
            FlowInside = FlowMark.Enter(FlowBefore);
        }
    }

    [InlineArray(Length)]
    private struct InlineEntries
    {
        public const int Length = 8;
        private Entry _first;
    }
}
