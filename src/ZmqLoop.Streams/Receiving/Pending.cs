namespace ZmqLoop.Streams;

/// <summary>Somebody waits. Whoever takes it from where it stands ends it: a message or an answer came, its time is over, it was cancelled,
/// or the stream was closed.</summary>
internal abstract class Pending<T>() : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private CancellationTokenRegistration _cancellation;
    private IOLoop? _loop;
    private TimeoutHandle _limit;

    /// <summary>Ends it as cancelled, if <paramref name="forget"/> says that nothing else has ended it.</summary>
    public void CancelWith(Func<bool> forget, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled) return;
        _cancellation = cancellationToken.UnsafeRegister((_, token) =>
        {
            if (!forget()) return;
            TrySetCanceled(token);
            DropLimit();
        }, null);
        if (Task.IsCompleted) _cancellation.Unregister(); // it ended before it could be cancelled
    }

    /// <summary>Calls <paramref name="late"/> on the loop if it has not ended by then. Any thread.</summary>
    public void LimitTime(IOLoop loop, TimeSpan timeout, Action late)
    {
        if (timeout == Timeout.InfiniteTimeSpan) return;
        _loop = loop;
        if (loop.IsRunningHere) NullContext.RunDetached(Begin);
        else loop.SpawnCallback(Begin);

        void Begin()
        {
            if (!Task.IsCompleted) _limit = loop.CallLater(timeout, late);
        }
    }

    /// <summary>It has ended otherwise than by being cancelled.</summary>
    public void Ended()
    {
        _cancellation.Unregister();
        DropLimit();
    }

    private void DropLimit()
    {
        if (_loop is not { IsClosed: false } loop) return;
        loop.RunOnLoop(Drop);

        void Drop()
        {
            if (!_limit.IsNone && !loop.IsClosed) loop.RemoveTimeout(_limit);
        }
    }
}
