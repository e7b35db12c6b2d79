namespace ZmqLoop;

/// <summary>What a loop changes of the thread that runs it, and puts back when it is left.</summary>
internal readonly struct LoopThreadState
{
    private readonly ContextThread _thread;
    private readonly IContextHost? _host;
    private readonly SynchronizationContext? _synchronizationContext;
    private readonly ExecutionContext _executionContext;
    private readonly bool _suppressed;
    private readonly ContextState _state;
    private readonly IOLoop? _current;

    private LoopThreadState(IOLoop loop, IContextHost host)
    {
        _thread = ContextThread.Current;
        _host = _thread.Host;
        _synchronizationContext = SynchronizationContext.Current;

        // Where the caller suppressed the flow of his ExecutionContext, callbacks that are stored in the loop capture theirs all the same.
        _suppressed = ExecutionContext.IsFlowSuppressed();
        if (_suppressed) ExecutionContext.RestoreFlow();
        _executionContext = ExecutionContext.Capture()!;
        _state = _thread.BeginFrame(_thread.Node);
        _current = LoopRegistry.SwapCurrent(loop);

        // The loop runs in the default ExecutionContext: the AsyncLocals of whoever started it are not those of the callbacks.
        ExecutionContext.Restore(OuterExecutionContext.Default);
        _thread.SetHost(host);
    }

    public static LoopThreadState Enter(IOLoop loop) => new(loop, loop.Host);

    public void Restore()
    {
        _thread.SetHost(null);
        _thread.EndFrame(_state);
        _thread.SetHost(_host);
        ExecutionContext.Restore(_executionContext);
        if (_suppressed) ExecutionContext.SuppressFlow(); // to be undone by the caller's own AsyncFlowControl
        SynchronizationContext.SetSynchronizationContext(_synchronizationContext);
        LoopRegistry.SwapCurrent(_current);
    }
}
