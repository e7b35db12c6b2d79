using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>A context that has been entered and must be left: one block of <c>Run</c>, or one Enter by hand. It owns its
/// instance.</summary>
internal readonly struct ContextBlock
{
    private readonly CallbackContext? _context;
    private readonly ContextNode? _outer;
    private readonly ContextNode _mine;
    private readonly long _frame;
    private readonly ExecutionContext? _outside;
    private readonly ExecutionContext? _inside;
    private readonly object? _instance;

    private ContextBlock(ContextThread thread, CallbackContext? context, ContextNode mine)
    {
        if (context is IScope { IsCancelled: true } scope)
            throw new OperationCanceledException($"{context} was cancelled: nothing begins in it any more.", scope.CancellationToken);
        _context = context;
        _outer = thread.Node;
        _mine = mine;
        _frame = thread.CallNumber;
        thread.Enter(mine);
        if (context is null) return;
        try
        {
            _outside = context.ChangesExecutionContext ? ExecutionContext.Capture() : null;
            _instance = context.EnterInstance();
            if (_outside is not null) _inside = OuterExecutionContext.Enter(_outside);
        }
        catch
        {
            thread.Set(_outer, _frame);
            throw;
        }
    }

    public static ContextBlock Enter(CallbackContext context)
    {
        ContextThread thread = ContextThread.Current;
        StackTrace? place = thread.Host is { RecordsPlaces: true } ? new StackTrace(skipFrames: 1, fNeedFileInfo: true) : null;
        return new ContextBlock(thread, context, new ContextNode(context, thread.Node) { EnteredAt = place });
    }

    public static ContextBlock EnterNull() => new(ContextThread.Current, null, new ContextNode());

    /// <summary>Leaves the context. True if it consumed the exception.</summary>
    /// <exception cref="StackContextInconsistentException">Something else is in force; it replaces whatever was in flight, and the state is
    /// the one before the block.</exception>
    public bool Leave(Exception? error)
    {
        bool consumed = false;
        Exception? raised = null;
        if (_context is not null)
        {
            bool untouched = OuterExecutionContext.IsUntouched(_inside);
            try
            {
                consumed = _context.ExitInstance(_instance, error);
            }
            catch (Exception exception)
            {
                raised = exception;
            }

            OuterExecutionContext.Leave(_outside, untouched);
        }

        ContextThread thread = ContextThread.Current;
        bool inStep = ReferenceEquals(thread.Node, _mine) && thread.CallNumber == _frame;
        thread.Set(_outer, _frame);
        if (!inStep)
        {
            throw new StackContextInconsistentException(
                $"{_context?.ToString() ?? nameof(NullContext)} was left while another context was in force: leave contexts in the "
                + "reverse order of entering, in the callback that entered them.",
                raised ?? error);
        }

        if (raised is not null) ExceptionDispatchInfo.Throw(raised);
        return consumed;
    }
}
