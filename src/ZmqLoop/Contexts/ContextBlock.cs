using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>A context that has been entered and must be left: one block of <c>Run</c>, or one Enter by hand. It owns its
/// instance.</summary>
internal readonly struct ContextBlock
{
    private readonly ContextEntry _entry; // empty for a NullContext
    private readonly ContextNode? _outer;
    private readonly ContextNode _mine;
    private readonly long _frame;

    private ContextBlock(ContextThread thread, ContextNode mine)
    {
        (mine.Context as IScope)?.Begin(mine.Parent?.Scope);
        _outer = thread.Node;
        _mine = mine;
        _frame = thread.CallNumber;
        thread.Enter(mine);
        if (mine.IsRoot) return;
        _entry = new ContextEntry(mine);
        try
        {
            _entry.Enter(thread, _frame, ExecutionContext.Capture());
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
        return new ContextBlock(thread, new ContextNode(context, thread.Node) { EnteredAt = place });
    }

    public static ContextBlock EnterNull() => new(ContextThread.Current, new ContextNode());

    /// <summary>Leaves the context. True if it consumed the exception.</summary>
    /// <exception cref="StackContextInconsistentException">Something else is in force; it replaces whatever was in flight, and the state is
    /// the one before the block.</exception>
    public bool Leave(Exception? error)
    {
        ContextEntry entry = _entry;
        Exception? left = _mine.IsRoot ? error : entry.Leave(error);
        ContextThread thread = ContextThread.Current;
        bool inStep = ReferenceEquals(thread.Node, _mine) && thread.CallNumber == _frame;
        thread.Set(_outer, _frame);
        (_mine.Context as IScope)?.Release();
        if (!inStep)
        {
            throw new StackContextInconsistentException(
                $"{_mine.Context?.ToString() ?? nameof(NullContext)} was left while another context was in force: leave contexts in the "
                + "reverse order of entering, in the callback that entered them.",
                left ?? error);
        }

        if (left is not null && !ReferenceEquals(left, error)) ExceptionDispatchInfo.Throw(left);
        return error is not null && left is null;
    }
}
