using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>A context that has been entered and must be left: one block of <c>Run</c>, or one Enter by hand. It owns its instance.</summary>
internal readonly struct ContextBlock
{
    private readonly ContextThread _thread;
    private readonly CallbackContext? _context;
    private readonly ContextNode? _outer;
    private readonly ContextNode _mine;
    private readonly int _frame;
    private readonly FlowMark _flow;
    private readonly object? _instance;

    private ContextBlock(ContextThread thread, CallbackContext? context, ContextNode mine)
    {
        if (context is IScope { IsCancelled: true } scope) throw new OperationCanceledException($"{context} was cancelled: nothing begins in it any more.", scope.CancellationToken);
        _thread = thread;
        _context = context;
        _outer = thread.Node;
        _mine = mine;
        _frame = thread.Frame;
        _flow = thread.Flow;
        thread.Enter(mine);
        if (context is null) return;
        try
        {
            ExecutionContext? before = context is StackContext ? ExecutionContext.Capture() : null;
            _instance = context.EnterInstance();
            if (before is not null) thread.Flow.Entered(before);
        }
        catch
        {
            thread.Set(_outer);
            throw;
        }
    }

    public static ContextBlock Enter(CallbackContext context)
    {
        ContextThread thread = ContextThread.Current;
        return new ContextBlock(thread, context, new ContextNode(context, thread.Node));
    }

    public static ContextBlock EnterNull() => new(ContextThread.Current, null, new ContextNode());

    /// <summary>Leaves the context. True if it consumed the exception.</summary>
    /// <exception cref="StackContextInconsistentException">Something else is in force; it replaces whatever was in flight, and the state is the one before the block.</exception>
    public bool Leave(Exception? error)
    {
        bool consumed = false;
        Exception? raised = null;
        if (_context is not null)
        {
            try
            {
                consumed = _context.ExitInstance(_instance, error);
            }
            catch (Exception exception)
            {
                raised = exception;
            }
        }

        ContextThread thread = ContextThread.Current;
        bool inStep = ReferenceEquals(thread, _thread) && ReferenceEquals(thread.Node, _mine) && thread.Frame == _frame;
        thread.Set(_outer);
        thread.Flow = _flow;
        if (!inStep)
        {
            throw new StackContextInconsistentException(
                $"{_context?.ToString() ?? nameof(NullContext)} was left while another context was in force: leave contexts in the reverse order of entering, in the callback that entered them.",
                raised ?? error);
        }

        if (raised is not null) ExceptionDispatchInfo.Throw(raised);
        return consumed;
    }
}
