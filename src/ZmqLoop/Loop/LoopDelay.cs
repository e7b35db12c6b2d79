namespace ZmqLoop;

/// <summary>A task that a timer of the loop ends. Any thread.</summary>
internal sealed class LoopDelay : BoundCallback
{
    private readonly IOLoop _loop;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private TimeoutHandle _timer;

    private LoopDelay(IOLoop loop) => _loop = loop;

    public override object Callback => _done.Task;

    public static Task Begin(IOLoop loop, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        LoopDelay wait = new(loop);
        long deadline = delay == Timeout.InfiniteTimeSpan ? long.MaxValue : loop.After(delay);
        wait._cancellation = cancellationToken.UnsafeRegister(static (wait, token) => ((LoopDelay)wait!).Cancel(token), wait);
        loop.RunOnLoop(() => wait.Start(deadline)); // after that: whatever ends the wait finds the registration
        return wait._done.Task;
    }

    public override void Invoke()
    {
        _cancellation.Unregister();
        _done.TrySetResult();
    }

    public override void Drop()
    {
        _cancellation.Unregister();
        _done.TrySetException(new ObjectDisposedException(_loop.GetType().Name));
    }

    private void Start(long deadline)
    {
        if (_loop.IsClosed) Drop();
        else if (!_done.Task.IsCompleted) _timer = _loop.AddTimer(deadline, new WorkItem(this, default));
    }

    private void Cancel(CancellationToken token)
    {
        if (!_done.TrySetCanceled(token)) return;
        _loop.OnThread(() =>
        {
            if (!_timer.IsNone) _loop.RemoveTimeout(_timer);
        });
    }
}
