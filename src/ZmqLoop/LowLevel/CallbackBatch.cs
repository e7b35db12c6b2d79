using System.Runtime.CompilerServices;

namespace ZmqLoop.LowLevel;

/// <summary>Calls of one callback in a row, each in contexts entered afresh as if it stood alone. What is the same for all of them, the
/// thread's ExecutionContext and its SynchronizationContext, is set once, and after each call only looked at: whatever the callback did
/// to it is put back.</summary>
/// <typeparam name="T">What the callback is called with.</typeparam>
public ref struct CallbackBatch<T>
{
    private readonly CapturedCallback<T> _callback;
    private readonly ContextThread _thread;
    private readonly ContextState _before;
    private readonly ExecutionContext? _outside; // null where its flow is suppressed: then it is left alone
    private readonly ExecutionContext _executionContext;
    private object? _executionContextNow;
    private SynchronizationContext? _synchronizationContext;
    private ContextNode? _node;
    private ContextEntries _entries;

    /// <param name="callback">The callback.</param>
    /// <param name="executionContext">In which it runs; null for the default one.</param>
    internal CallbackBatch(CapturedCallback<T> callback, ExecutionContext? executionContext)
    {
        _callback = callback;
        callback.Captured.Node?.Scope?.Hold();
        _thread = ContextThread.Current;
        _node = callback.Captured.Node?.WithoutDeactivated();
        _before = _thread.BeginFrame(_node);
        _synchronizationContext = _thread.SynchronizationContext;
        _executionContext = executionContext ?? OuterExecutionContext.Default;
        _outside = ExecutionContext.Capture();
        Restore(_executionContext);
        _executionContextNow = _thread.ExecutionContextNow;
        if (_node is { HasManagers: true }) _entries.Fill(_node);
    }

    /// <summary>True once the scope that the callback was captured in is cancelled: calls do nothing any more.</summary>
    public readonly bool IsCancelled => _callback.Captured.Node?.Scope is { IsCancelled: true };

    /// <summary>Calls the callback.</summary>
    /// <returns>The exception that no captured context consumed, or null.</returns>
    public Exception? Invoke(T argument)
    {
        if (IsCancelled) return null;
        if (_node is not null && _node.WithoutDeactivated() is var active && !ReferenceEquals(active, _node)) Follow(active);
        _thread.NextFrame();
        Exception? error = _node is { HasManagers: true } ? InvokeEntered(argument) : InvokePlain(argument);
        _thread.Set(_node, _thread.CallNumber); // the outermost context was left last, or the callback has left something behind
        if (!ReferenceEquals(_thread.SynchronizationContext, _synchronizationContext)
            || !ReferenceEquals(_thread.ExecutionContextNow, _executionContextNow))
        {
            PutBack();
        }

        return error;
    }

    /// <summary>Ends the batch: the thread is as it was before.</summary>
    public void Dispose()
    {
        _thread.EndFrame(_before);
        if (_outside is { } outside) Restore(outside);
        _entries.Free();
        _callback.Captured.Node?.Scope?.Release();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Exception? InvokeEntered(T argument)
    {
        ExecutionContext? current = _outside is null ? null : _executionContext;
        if (!typeof(T).IsValueType)
        {
            // Of all classes one kind of call: which kind a generic one is, would have to be looked up for each message.
            BatchCall some = new(Unsafe.As<Action<object?>>(_callback.Callback), argument);
            return ContextRunner.EnterAndInvoke(_thread, _node!, current, _entries.Entries, ref some);
        }

        Call call = new(_callback.Callback, argument);
        return ContextRunner.EnterAndInvoke(_thread, _node!, current, _entries.Entries, ref call);
    }

    /// <summary>Nothing to enter: most calls are like this, and the callback stands right below.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // what catches keeps variables out of registers: it is not to be in the caller's loop
    private readonly Exception? InvokePlain(T argument)
    {
        long frame = _thread.CallNumber;
        try
        {
            _callback.Callback(argument);
            return null;
        }
        catch (Exception exception)
        {
            return ContextRunner.Handle(_thread, _node, frame, exception);
        }
    }

    // The callback has changed what the next one would find.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PutBack()
    {
        if (!ReferenceEquals(_thread.SynchronizationContext, _synchronizationContext))
            SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
        Restore(_executionContext);
        _executionContextNow = _thread.ExecutionContextNow;
    }

    // Contexts were deactivated since the last call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Follow(ContextNode? node)
    {
        _node = node;
        _thread.Set(node, _thread.CallNumber);
        _synchronizationContext = _thread.SynchronizationContext;
        if (node is { HasManagers: true }) _entries.Fill(node);
    }

    private readonly void Restore(ExecutionContext wanted)
    {
        if (_outside is not null && !ReferenceEquals(ExecutionContext.Capture(), wanted)) ExecutionContext.Restore(wanted);
    }

    private readonly struct Call(Action<T> callback, T argument) : ICall
    {
        public void Invoke() => callback(argument);
    }
}
