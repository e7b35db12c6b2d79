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

    /// <summary>Enters the chain outermost first, makes the call, and leaves what was entered, innermost first.</summary>
    private static Exception? EnterAndInvoke<TCall>(ContextThread thread, ContextNode node, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        // On the stack, where references cost no write barriers; few chains are deeper.
        InlineEntries inline = default;
        Entry[]? rented = node.Depth > InlineEntries.Length ? ArrayPool<Entry>.Shared.Rent(node.Depth) : null;
        Span<Entry> entries = rented is null ? inline[..node.Depth] : rented.AsSpan(0, node.Depth);
        for (ContextNode? link = node; link is not null; link = link.Parent) entries[link.Depth - 1].Node = link;

        long frame = thread.Frame;
        int entered = 0;
        Exception? error = null;
        try
        {
            ExecutionContext? flow = ExecutionContext.Capture();
            for (; entered < entries.Length; entered++) flow = entries[entered].Enter(thread, frame, flow);
            thread.Set(node, frame); // whatever the last one did by hand while it was entered
            call.Invoke();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        while (--entered >= 0) error = entries[entered].Leave(thread, frame, error);
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

    /// <summary>A context that a call has entered.</summary>
    private struct Entry
    {
        public ContextNode Node;
        private object? _instance;

        // What flowed outside and inside of the context, where it changed that; else null.
        private ExecutionContext? _flowBefore;
        private ExecutionContext? _flowInside;

        /// <returns>The flow inside of the context.</returns>
        public ExecutionContext? Enter(ContextThread thread, long frame, ExecutionContext? before)
        {
            thread.Set(Node, frame);
            if (Node.Context is ExceptionStackContext) return before;
            _instance = Node.Context!.EnterInstance();
            ExecutionContext? inside = FlowMark.Enter(before);
            if (ReferenceEquals(before, inside)) return before; // most contexts change no AsyncLocal, and there is nothing to put back
            _flowBefore = before;
            _flowInside = inside;
            return inside;
        }

        public readonly Exception? Leave(ContextThread thread, long frame, Exception? error)
        {
            if (_flowInside is null) return Exit(thread, Node, frame, _instance, error);
            bool untouched = FlowMark.IsUntouched(_flowInside);
            error = Exit(thread, Node, frame, _instance, error);
            FlowMark.Leave(_flowBefore, untouched);
            return error;
        }
    }

    [InlineArray(Length)]
    private struct InlineEntries
    {
        public const int Length = 12;
        private Entry _first;
    }
}
