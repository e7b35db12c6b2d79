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

    /// <summary>Enters the chain outermost first, makes the call, and leaves what was entered, innermost first. What is entered stands on a stack of the thread's own, which costs nothing to make.</summary>
    private static Exception? EnterAndInvoke<TCall>(ContextThread thread, ContextNode node, ref TCall call) where TCall : struct, ICall, allows ref struct
    {
        int bottom = thread.Entered.Push(node);
        long frame = thread.Frame;
        int entered = 0;
        Exception? error = null;
        try
        {
            ExecutionContext? flow = ExecutionContext.Capture();
            for (; entered < node.Depth; entered++) flow = Enter(thread, bottom + entered, frame, flow);
            thread.Set(node, frame); // whatever the last one did by hand while it was entered
            call.Invoke();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        while (--entered >= 0)
        {
            EnteredContexts.Entry entry = thread.Entered[bottom + entered]; // a copy: what an exit runs may move the stack
            if (entry.FlowInside is null)
            {
                error = Exit(thread, entry.Node, frame, entry.Instance, error);
                continue;
            }

            bool untouched = FlowMark.IsUntouched(entry.FlowInside);
            error = Exit(thread, entry.Node, frame, entry.Instance, error);
            FlowMark.Leave(entry.FlowBefore, untouched);
        }

        thread.Entered.Pop(bottom);
        return error;
    }

    /// <returns>The flow inside of the context.</returns>
    private static ExecutionContext? Enter(ContextThread thread, int index, long frame, ExecutionContext? before)
    {
        ContextNode node = thread.Entered[index].Node;
        thread.Set(node, frame);
        if (node.Context is ExceptionStackContext) return before;
        object? instance = node.Context!.EnterInstance();
        ExecutionContext? inside = FlowMark.Enter(before);
        ref EnteredContexts.Entry entry = ref thread.Entered[index]; // only now: entering may have moved the stack
        entry.Instance = instance;
        if (ReferenceEquals(before, inside)) return before; // most contexts change no AsyncLocal, and there is nothing to put back
        entry.FlowBefore = before;
        entry.FlowInside = inside;
        return inside;
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
}
