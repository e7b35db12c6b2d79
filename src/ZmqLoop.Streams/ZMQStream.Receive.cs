using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private const int MessagesPerClockReading = 16; // and sooner where callbacks are slow
    private const long NotMeasured = -1;

    private Receiver? _receiver;
    private Message? _borrowed;
    private int _handlersRunning;
    private CancellationTokenSource? _lifetime; // where a callback wants to know
    private CancellationTokenRegistration _scopeEnd;

    /// <summary>Gives each received message to a callback, which replaces the one before; null pauses, as <see cref="StopOnRecv"/> does. <c>on_recv</c>.</summary>
    /// <param name="callback">Called on the loop, in the contexts in force now.</param>
    /// <param name="copy">True: the frames are yours to keep. False: they look into the engine's memory, without a copy or an allocation, and are valid until the callback
    /// returns, unless it calls <see cref="Message.Keep"/>.</param>
    /// <remarks>Messages that wait already are delivered, never inside this call.</remarks>
    public void OnRecv(Action<Message>? callback, bool copy = true)
    {
        VerifyOpen();
        SetReceiver(callback is null ? null : new Receiver(StackContext.Wrap(callback), null, callback, copy));
    }

    /// <summary>Gives each received message to an async callback. The next message waits in the socket until the callback has ended
    /// (<see cref="ZMQStreamOptions.MaxConcurrency"/> allows more), so that the senders feel the high-water mark. Without copies, the message is valid until then.</summary>
    /// <inheritdoc cref="OnRecv(Action{Message}?, bool)"/>
    [OverloadResolutionPriority(1)] // OnRecv(null) is a call, too
    public void OnRecv(Func<Message, Task>? callback, bool copy = true)
    {
        VerifyOpen();
        SetReceiver(callback is null ? null : new Receiver(null, StackContext.Wrap(callback), callback, copy));
    }

    /// <summary>As <see cref="OnRecv(Func{Message, Task}?, bool)"/>, with a token that fires when the stream begins to close, before <see cref="CloseAsync"/> waits for the callback.
    /// That it then ends with an <see cref="OperationCanceledException"/> is no error.</summary>
    /// <inheritdoc cref="OnRecv(Action{Message}?, bool)"/>
    public void OnRecv(Func<Message, CancellationToken, Task> callback, bool copy = true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VerifyOpen();
        SetAsyncReceiver(StackContext.Wrap(callback), callback, copy);
    }

    /// <summary>As <see cref="OnRecv(Action{Message}?, bool)"/>, for one callback of many streams. <c>on_recv_stream</c>.</summary>
    public void OnRecvStream(Action<ZMQStream, Message>? callback, bool copy = true)
    {
        VerifyOpen();
        Action<ZMQStream, Message>? wrapped = StackContext.Wrap(callback);
        SetReceiver(wrapped is null ? null : new Receiver(message => wrapped(this, message), null, callback!, copy));
    }

    /// <summary>As <see cref="OnRecv(Func{Message, Task}?, bool)"/>, for one callback of many streams.</summary>
    [OverloadResolutionPriority(1)]
    public void OnRecvStream(Func<ZMQStream, Message, Task>? callback, bool copy = true)
    {
        VerifyOpen();
        Func<ZMQStream, Message, Task>? wrapped = StackContext.Wrap(callback);
        SetReceiver(wrapped is null ? null : new Receiver(null, message => wrapped(this, message), callback!, copy));
    }

    /// <summary>As <see cref="OnRecv(Func{Message, CancellationToken, Task}, bool)"/>, for one callback of many streams.</summary>
    public void OnRecvStream(Func<ZMQStream, Message, CancellationToken, Task> callback, bool copy = true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        VerifyOpen();
        SetAsyncReceiver(StackContext.Wrap<Message, CancellationToken>((message, closing) => callback(this, message, closing)), callback, copy);
    }

    /// <summary>Stops receiving at once, also in the middle of a flush; what waits stays in the socket. Nothing happens on a closed stream. <c>stop_on_recv</c>.</summary>
    public void StopOnRecv()
    {
        if (IsClosed) return;
        VerifyThread();
        SetReceiver(null);
    }

    /// <summary>Does nothing: a ZeroMQ socket has no error state to wait for. pyzmq's <c>on_err</c> does nothing either since 2.2.</summary>
    [Obsolete("A ZeroMQ socket has no error state: see IOLoop.HandleCallbackException, OnSend and SetCloseCallback.")]
    public void OnErr(Action? callback) => _ = callback;

    /// <summary>Does nothing; see <see cref="OnErr"/>.</summary>
    [Obsolete("A ZeroMQ socket has no error state: see IOLoop.HandleCallbackException, OnSend and SetCloseCallback.")]
    public void StopOnErr() => _ = this;

    private void SetAsyncReceiver(Func<Message, CancellationToken, Task> wrapped, Delegate original, bool copy)
    {
        CancellationToken token = (_lifetime ??= new CancellationTokenSource()).Token;
        SetReceiver(new Receiver(null, message => wrapped(message, token), original, copy));
    }

    private void SetReceiver(Receiver? receiver)
    {
        if (receiver is not null) _inbox.GiveToCallback();
        DropReceiver();
        _receiver = receiver;
        if (receiver is null) _inbox.TakeFromCallback();
        else if (_inbox.Count > 0) IOLoop.SpawnCallback(ServeLeft);
        if (receiver is { Scope.CanBeCanceled: true }) _scopeEnd = receiver.Scope.UnsafeRegister(static stream => ((ZMQStream)stream!).EndOfScope(), this);
        if (!_busy) UpdateInterest();
    }

    /// <summary>The receive callback is not pending in its scope any more.</summary>
    private void DropReceiver()
    {
        _scopeEnd.Unregister();
        _receiver?.Hold?.Dispose();
        _receiver = null;
    }

    /// <summary>The scope that the receive callback was given in was cancelled: what waits stays in the socket, instead of going to a callback that does nothing any more. Any thread.</summary>
    private void EndOfScope()
    {
        if (IOLoop.CheckAccess()) Forget();
        else IOLoop.SpawnCallback(Forget);

        void Forget()
        {
            if (!IsClosed && _receiver is { Scope.IsCancellationRequested: true }) SetReceiver(null);
        }
    }

    private int ReceiveWaiting(int limit)
    {
        if (_receiver is null) return Fill(limit);
        int left = _inbox.Count > 0 ? DeliverLeft(limit) : 0;
        return left < limit ? left + Receive(limit - left) : left;
    }

    /// <summary>Receives that were cancelled in the very moment in which their messages came left them here: the callback's first ones.</summary>
    /// <returns>How many there were.</returns>
    private int DeliverLeft(int limit)
    {
        int count = 0;
        while (count < limit && !IsClosed && _receiver is { } receiver && _handlersRunning < _options.MaxConcurrency && _inbox.TryTake(out Message? message))
        {
            count++;
            Deliver(receiver, message, StreamMeter.MeasuresCallbacks);
        }

        return count;
    }

    /// <summary>As <see cref="DeliverLeft"/>, all of them, in a turn of the stream's own.</summary>
    private void ServeLeft()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            DeliverLeft(int.MaxValue);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Receives straight from the socket until it is empty or the budget is used up.</summary>
    /// <returns>How many messages were received.</returns>
    private int Receive(int limit)
    {
        int count = 0;
        long bytes = 0;
        long start = IOLoop.TimeProvider.GetTimestamp();
        bool measured = StreamMeter.MeasuresCallbacks;
        try
        {
            while (count < limit && !IsClosed && _receiver is { Scope.IsCancellationRequested: false } receiver && _handlersRunning < _options.MaxConcurrency)
            {
                if (!IsInStep) break;
                if (TryReceive(receiver) is not { } message) break;
                count++;
                bytes += message.Size;
                Deliver(receiver, message, measured);
                if (bytes >= _options.BytesPerTurn) break;
                if (IsTimeToLook(count) && IOLoop.TimeProvider.GetElapsedTime(start) >= _options.TimePerTurn) break;
            }
        }
        finally
        {
            _borrowed?.Clear();
            _meter.AddReceived(count, bytes);
        }

        return count;
    }

    private static bool IsTimeToLook(int count) => (count & (MessagesPerClockReading - 1)) == 0 || (count < MessagesPerClockReading && int.IsPow2(count));

    private Message? TryReceive(Receiver receiver)
    {
        try
        {
            if (receiver.Copy) return Socket.TryReceive(out Message? owned) ? owned : null;
            Message message = _borrowed ??= new Message();
            return Socket.TryReceive(message) ? message : null;
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            IOLoop.ReportException(exception, new CallbackOrigin(CallbackKind.Stream, receiver.Original, this));
            return null;
        }
    }

    private void Deliver(Receiver receiver, Message message, bool measured)
    {
        long start = measured ? IOLoop.TimeProvider.GetTimestamp() : NotMeasured;
        Exception? error = null;
        bool pending = false;
        try
        {
            if (receiver.Callback is { } callback) callback(message);
            else pending = BeginAsync(receiver, message, start, out error);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        // Kept: it belongs to whoever kept it, and the next message gets memory of its own.
        if (message.IsKept && ReferenceEquals(message, _borrowed)) _borrowed = null;
        if (pending) return;
        if (measured) _meter.AddCallback(IOLoop.TimeProvider.GetElapsedTime(start), error);
        if (error is not null) Fail(error, receiver, message);
    }

    /// <summary>Calls an async callback.</summary>
    /// <returns>False where it has ended already.</returns>
    private bool BeginAsync(Receiver receiver, Message message, long start, out Exception? error)
    {
        _handlersRunning++; // from its first line: a drain that it begins itself waits for it, too
        bool pending = false;
        try
        {
            Task task = receiver.AsyncCallback!(message);
            pending = !task.IsCompleted; // asked once: it may end on another thread any time
            error = pending ? null : ErrorOf(task);
            if (pending) WaitFor(task, receiver, message, start);
            return pending;
        }
        finally
        {
            if (!pending) EndHandler();
        }
    }

    private void WaitFor(Task task, Receiver receiver, Message message, long start)
    {
        if (!receiver.Copy) _borrowed = null; // the handler's until it has ended
        NullContext.Run(() => IOLoop.AddFuture(task, ended =>
        {
            _handlersRunning--;
            try
            {
                EndAsync(receiver, message, ended, start);
            }
            finally
            {
                if (!receiver.Copy) TakeBack(message);
                if (_inbox.Count > 0) ServeLeft();
                UpdateInterest();
                CloseIfDrained();
            }
        }));
    }

    private void EndAsync(Receiver receiver, Message message, Task task, long start)
    {
        Exception? error = ErrorOf(task);
        if (start != NotMeasured && StreamMeter.MeasuresCallbacks) _meter.AddCallback(IOLoop.TimeProvider.GetElapsedTime(start), error);
        if (error is not null) Fail(error, receiver, message);
    }

    /// <summary>What an async callback ended with; that it gave up because the stream closes is no error.</summary>
    private Exception? ErrorOf(Task task)
    {
        if (task.Exception is { } failure) return failure.InnerException ?? failure;
        return task.IsCanceled && !IsClosed ? new TaskCanceledException(task) : null;
    }

    private void EndHandler()
    {
        _handlersRunning--;
        CloseIfDrained();
    }

    /// <summary>An async handler has ended: its message's memory is the next message's, unless it was kept.</summary>
    private void TakeBack(Message message)
    {
        if (message.IsKept) return;
        message.Clear();
        _borrowed ??= message;
    }

    private void Fail(Exception exception, Receiver receiver, Message message)
    {
        try
        {
            if (_options.ErrorPolicy == StreamErrorPolicy.Pause) StopOnRecv();
            else if (_options.ErrorPolicy == StreamErrorPolicy.Close) Close();
        }
        finally
        {
            IOLoop.ReportException(exception, new CallbackOrigin(CallbackKind.Stream, receiver.Original, this, message));
        }
    }

    private sealed record Receiver(Action<Message>? Callback, Func<Message, Task>? AsyncCallback, Delegate Original, bool Copy)
    {
        public CancellationToken Scope { get; } = CallbackScope.CurrentToken;

        public IDisposable? Hold { get; } = CallbackScope.HoldCurrent();
    }
}
