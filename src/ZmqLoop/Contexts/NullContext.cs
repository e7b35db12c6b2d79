using System.Collections.Concurrent;

namespace ZmqLoop;

/// <summary>No contexts inside: for shared things (pools, connections, background work) that must not belong to whoever happens to make
/// them first.</summary>
/// <remarks>AsyncLocals still flow, but for <see cref="RunDetached(Action)"/>. tornado 4.5 <c>NullContext</c>.</remarks>
public sealed class NullContext
{
    private ConcurrentStack<ContextBlock>? _byHand;

    /// <summary>Runs a body outside of all contexts.</summary>
    public static void Run(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Run(() =>
        {
            body();
            return true;
        });
    }

    /// <summary>Runs a function outside of all contexts. An async function stays outside after its awaits.</summary>
    public static T Run<T>(Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ContextBlock block = ContextBlock.EnterNull();
        T result;
        try
        {
            result = body();
        }
        catch (Exception error)
        {
            block.Leave(error);
            throw;
        }

        block.Leave(null);
        return result;
    }

    /// <summary>Runs a body outside of all contexts, and without the flow of AsyncLocals: what is scheduled or made inside belongs to
    /// nobody, and keeps nothing of the caller alive.</summary>
    public static void RunDetached(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        RunDetached(() =>
        {
            body();
            return true;
        });
    }

    /// <summary>Runs a function outside of all contexts, and without the flow of AsyncLocals. Not for async functions: the flow is
    /// suppressed on this thread, until their first await alone.</summary>
    public static T RunDetached<T>(Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            return Run(body);
        }
        finally
        {
            flow?.Undo();
        }
    }

    /// <summary>Enters by hand: for ports of Python code.</summary>
    public void Enter()
    {
        ContextBlock block = ContextBlock.EnterNull();
        LazyInitializer.EnsureInitialized(ref _byHand).Push(block);
    }

    /// <summary>Leaves what <see cref="Enter"/> entered last.</summary>
    /// <exception cref="StackContextInconsistentException">Not entered (nothing has changed), or another context is in force.</exception>
    public void Leave()
    {
        if (_byHand is null || !_byHand.TryPop(out ContextBlock block))
            throw new StackContextInconsistentException("The NullContext is not entered by hand, so it cannot be left.");
        block.Leave(null);
    }
}
