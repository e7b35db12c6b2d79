namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private readonly TaskCompletionSource _closeDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _loopEnd;
    private Action? _closeCallback;
    private CallbackOrigin? _closeCallbackOrigin;
    private TimeoutHandle _drainLimit;
    private bool _draining;
    private volatile bool _refuses; // true once nothing may be sent any more; a drain lets handlers under way answer first
    private int _handingOver; // 1 once CloseAsync sends what is queued without the loop
    private int _ending; // 1 once it is being closed, by whichever call

    /// <summary>Called once, when the stream was closed, after the unsent messages were reported; replaces the one before. <c>set_close_callback</c>.</summary>
    /// <param name="callback">Runs in the contexts in force now; null for none.</param>
    public void SetCloseCallback(Action? callback)
    {
        VerifyOpen();
        _closeCallbackOrigin = callback is null ? null : Origin(callback);
        _closeCallback = StackContext.Wrap(callback);
    }

    /// <summary>Closes the stream and its socket. What is queued is not sent: its callbacks get an <see cref="ObjectDisposedException"/>. Any thread; twice is fine. <c>close</c>.</summary>
    /// <param name="linger">How long what the socket has taken may still be sent in the background; null for the socket's <see cref="ZMQSocket.Linger"/>, by default one second.</param>
    /// <remarks>On another thread than the loop's, the loop closes it, soon.</remarks>
    public void Close(TimeSpan? linger = null)
    {
        _refuses = true;
        _closing = 1;
        if (_closed) return;
        IOLoop.RunOnLoop(() => CloseNow(linger));
    }

    /// <summary>Stops receiving, waits for async handlers under way, sends what is queued and what they still send, then closes. Any thread; twice is fine.</summary>
    /// <param name="drain">For how long at most.</param>
    /// <remarks>Once no handler is under way, sending throws. A handler must not await the close of its own stream: each would wait for the other, until the time is over.</remarks>
    /// <returns>A task that ends when the stream is closed. While the loop does not run, only what the socket takes at once is sent, and the stream is closed on return.</returns>
    public Task CloseAsync(TimeSpan drain)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero);
        _closing = 1;
        if (_closed) return _closeDone.Task;
        IOLoop.RunOnLoop(() => BeginDrain(drain));
        return _closeDone.Task;
    }

    /// <summary>The same as <see cref="Close(TimeSpan?)"/> with the socket's linger.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same as <see cref="CloseAsync"/> with <see cref="ZMQStreamOptions.DrainTime"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Task closed = CloseAsync(_options.DrainTime);
        GC.SuppressFinalize(this);
        return new ValueTask(closed);
    }

    private void BeginDrain(TimeSpan drain)
    {
        if (_closed || (_draining && IOLoop.IsRunning)) return;
        StopReceiving();
        _draining = true;
        if (IOLoop.IsRunning)
        {
            NullContext.Run(() => _drainLimit = IOLoop.CallLater(drain, () => CloseNow(null)));
            FlushScheduled();
            CloseIfDrained();
        }
        else
        {
            SendAndClose();
        }
    }

    /// <summary>The loop will not call us again: what the socket takes now is what is sent.</summary>
    private void SendAndClose()
    {
        _refuses = true;
        if (Interlocked.Exchange(ref _handingOver, 1) != 0) return;
        do SendQueued(int.MaxValue);
        while (!IsGone && _queue.HasNext && !_stuck);

        CloseNow(null);
    }

    private void CloseIfDrained()
    {
        if (!_draining || _closed || _handlersRunning > 0) return;
        _refuses = true; // whoever had a message to answer has done it
        if (_queue.Count == 0) CloseNow(null);
    }

    private void CloseNow(TimeSpan? linger)
    {
        _refuses = true;
        _closing = 1;
        if (Interlocked.Exchange(ref _ending, 1) != 0) return;
        _closed = true;
        _draining = false;
        _loopEnd.Unregister();
        StopReceiving();
        if (!IOLoop.IsClosed)
        {
            IOLoop.RemoveHandler(Socket);
            if (!_drainLimit.IsNone) IOLoop.RemoveTimeout(_drainLimit);
        }

        if (!_options.LeaveOpen) Socket.Close(linger);
        ReleaseSocket();
        try
        {
            List<QueuedMessage> unsent = _queue.Close();
            _stuckPeers?.Clear();
            TellRefused();
            TellUnsent(unsent);
        }
        finally
        {
            _onSend = null;
            try
            {
                RunCloseCallback();
            }
            finally
            {
                _closeDone.TrySetResult();
            }
        }
    }

    /// <summary>The loop was closed first, and brings nothing any more; what is queued may still be handed over by <see cref="CloseAsync"/>.</summary>
    internal void EndWithLoop()
    {
        if (_closed) return;
        if (_draining) SendAndClose();
        else if (Socket.IsClosed) CloseNow(null);
        else StopReceiving();
    }

    /// <summary>Whoever waits for messages hears that none come, and handlers under way that they should come to their end.</summary>
    private void StopReceiving()
    {
        DropReceiver();
        _inbox.Close();
        ClosePolls();
        try
        {
            _lifetime?.Cancel();
        }
        catch (AggregateException exception)
        {
            foreach (Exception inner in exception.InnerExceptions) IOLoop.ReportException(inner, new CallbackOrigin(CallbackKind.Stream, null, this));
        }
    }

    private void RunCloseCallback()
    {
        if (_closeCallback is not { } callback) return;
        _closeCallback = null;
        CallbackOrigin origin = _closeCallbackOrigin!;
        using Inside inside = new(IOLoop, origin);
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            IOLoop.ReportException(exception, origin);
        }
    }
}
