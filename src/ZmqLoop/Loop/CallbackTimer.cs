namespace ZmqLoop;

/// <summary>The timer of a periodic or delayed callback: one at a time, with the contexts that were in force at its start.</summary>
internal sealed class CallbackTimer(IOLoop loop, object callback, Action<CallbackTimer> before, Action<CallbackTimer> after) : BoundCallback
{
    private readonly CapturedContext _captured = CapturedContext.Now;
    private TimeoutHandle _timer;

    public IOLoop Loop => loop;

    public bool IsCancelled { get; private set; }

    /// <summary>False where it will never call any more, since its scope was cancelled, or its loop closed.</summary>
    public bool CanCall => !loop.IsClosed && _captured.Node?.Scope is not { IsCancelled: true };

    public override object Callback => callback;

    public void Schedule(long deadline) => _timer = loop.AddTimer(deadline, callback is Action
        ? new WorkItem(this, _captured)
        : new WorkItem((Func<Task>)InvokeAsync, _captured, loop.AsyncCallbacks));

    /// <summary>Frees the timer at once; a call in progress is not scheduled again.</summary>
    public void Cancel()
    {
        if (!_timer.IsNone && !loop.IsClosed) loop.RemoveTimeout(_timer); // before anything changes: it throws on a wrong thread
        IsCancelled = true;
    }

    public override void Invoke()
    {
        before(this);
        try
        {
            ((Action)callback)();
        }
        finally
        {
            if (!IsCancelled) after(this);
        }
    }

    private async Task InvokeAsync()
    {
        before(this);
        try
        {
            await (((Func<Task>)callback)() ?? Task.CompletedTask);
        }
        finally
        {
            if (!IsCancelled) after(this);
        }
    }
}
