namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private readonly TaskCompletionSource _closeDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _closeCallback;
    private Delegate? _closeCallbackOriginal;
    private bool _draining;

    /// <summary>Called once, when the stream was closed, after the unsent messages were reported; replaces the one before. <c>set_close_callback</c>.</summary>
    /// <param name="callback">Runs in the contexts in force now; null for none.</param>
    public void SetCloseCallback(Action? callback)
    {
        VerifyOpen();
        _closeCallbackOriginal = callback;
        _closeCallback = StackContext.Wrap(callback);
    }

    /// <summary>Closes the stream and its socket. What is queued is not sent: its callbacks get an <see cref="ObjectDisposedException"/>. Any thread; twice is fine. <c>close</c>.</summary>
    /// <param name="linger">How long what the socket has taken may still be sent in the background; null for the socket's <see cref="ZMQSocket.Linger"/>, by default one second.</param>
    /// <remarks>On another thread than the loop's, the loop closes it, soon.</remarks>
    public void Close(TimeSpan? linger = null)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0 && !_draining) return;
        if (IOLoop.CheckAccess() || !IOLoop.SpawnCallback(() => CloseNow(linger))) CloseNow(linger);
    }

    /// <summary>Stops receiving, sends what is queued and waits for async handlers under way, then closes. Any thread; twice is fine.</summary>
    /// <param name="drain">For how long at most.</param>
    /// <returns>A task that ends when the stream is closed. The loop must run for it.</returns>
    public Task CloseAsync(TimeSpan drain)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero);
        if (Interlocked.Exchange(ref _closing, 1) != 0) return _closeDone.Task;
        if (IOLoop.CheckAccess() || !IOLoop.SpawnCallback(() => BeginDrain(drain))) BeginDrain(drain);
        return _closeDone.Task;
    }

    /// <summary>The same as <see cref="Close(TimeSpan?)"/> with the socket's linger.</summary>
    public void Dispose() => Close();

    /// <summary>The same as <see cref="CloseAsync"/> with <see cref="ZMQStreamOptions.DrainTime"/>.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync(_options.DrainTime));

    private void BeginDrain(TimeSpan drain)
    {
        if (_closed) return;
        if (IOLoop.IsClosed || Socket.IsClosed)
        {
            CloseNow(null);
            return;
        }

        _draining = true;
        _receiver = null;
        if (IOLoop.IsRunning) NullContext.Run(() => IOLoop.CallLater(drain, () => CloseNow(null)));
        FlushScheduled();
        if (!IOLoop.IsRunning) CloseNow(null);
        else CloseIfDrained();
    }

    private void CloseIfDrained()
    {
        if (_draining && !_closed && _queue.Count == 0 && _handlersRunning == 0) CloseNow(null);
    }

    private void CloseNow(TimeSpan? linger)
    {
        if (_closed) return;
        _closed = true;
        _closing = 1;
        _draining = false;
        _receiver = null;
        if (!IOLoop.IsClosed) IOLoop.RemoveHandler(Socket);
        Socket.Close(linger);
        _owners.Remove(Socket);

        ReportUnsent(_queue.Close());
        _onSend = null;
        RunCloseCallback();
        _closeDone.TrySetResult();
    }

    /// <summary>Every unsent message is reported: to its own callback, the stream's, or, all that nobody asked about together, to the loop's reporter.</summary>
    private void ReportUnsent(List<SendQueue.Entry> entries)
    {
        List<Message> unasked = [];
        foreach (SendQueue.Entry entry in entries)
        {
            if (entry.Callback is null && _onSend is null) unasked.Add(entry.Message);
            else ReportSent(entry, new ObjectDisposedException(nameof(ZMQStream), "The stream was closed before the message was sent."));
        }

        if (unasked.Count == 0) return;
        IOLoop.ReportException(
            new ObjectDisposedException(nameof(ZMQStream), $"The stream was closed with {unasked.Count} unsent messages: use CloseAsync to send what is queued."),
            new CallbackOrigin(CallbackKind.Stream, null, this, unasked));
    }

    private void RunCloseCallback()
    {
        Action? callback = _closeCallback;
        _closeCallback = null;
        try
        {
            callback?.Invoke();
        }
        catch (Exception exception)
        {
            IOLoop.ReportException(exception, new CallbackOrigin(CallbackKind.Stream, _closeCallbackOriginal, this));
        }
    }
}
