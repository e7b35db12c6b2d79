using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private Receiver? _receiver;
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
        SetReceiver(callback is null ? null : new Receiver(new CapturedCallback<Message>(callback), null, Origin(callback), copy));
    }

    /// <summary>Gives each received message to an async callback. The next message waits in the socket until the callback has ended
    /// (<see cref="ZMQStreamOptions.MaxConcurrency"/> allows more), so that the senders feel the high-water mark. Without copies, the message is valid until then.</summary>
    /// <inheritdoc cref="OnRecv(Action{Message}?, bool)"/>
    [OverloadResolutionPriority(1)] // OnRecv(null) is a call, too
    public void OnRecv(Func<Message, Task>? callback, bool copy = true)
    {
        VerifyOpen();
        SetReceiver(callback is null ? null : new Receiver(null, StackContext.Wrap(callback), Origin(callback), copy));
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
        if (callback is null) SetReceiver(null);
        else OnRecv(message => callback(this, message), callback, copy);
    }

    /// <summary>As <see cref="OnRecv(Func{Message, Task}?, bool)"/>, for one callback of many streams.</summary>
    [OverloadResolutionPriority(1)]
    public void OnRecvStream(Func<ZMQStream, Message, Task>? callback, bool copy = true)
    {
        VerifyOpen();
        Func<ZMQStream, Message, Task>? wrapped = StackContext.Wrap(callback);
        SetReceiver(wrapped is null ? null : new Receiver(null, message => wrapped(this, message), Origin(callback!), copy));
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

    /// <summary>As <see cref="OnRecv(Action{Message}?, bool)"/>, for a callback that does nothing but call another, which is the one that reports name.</summary>
    internal void OnRecv(Action<Message> callback, Delegate original, bool copy)
    {
        VerifyOpen();
        SetReceiver(new Receiver(new CapturedCallback<Message>(callback, original), null, Origin(original), copy));
    }

    private void SetAsyncReceiver(Func<Message, CancellationToken, Task> wrapped, Delegate original, bool copy)
    {
        CancellationToken token = (_lifetime ??= new CancellationTokenSource()).Token;
        SetReceiver(new Receiver(null, message => wrapped(message, token), Origin(original), copy));
    }

    /// <summary>Names a callback in reports, and in a debug loop the place where it was given.</summary>
    private CallbackOrigin Origin(Delegate callback) => new(CallbackKind.Stream, callback, this) { Trail = IOLoop.RecordTrail() };

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
        IOLoop.RunOnLoop(Forget);

        void Forget()
        {
            if (!IsClosed && _receiver is { Scope.IsCancellationRequested: true }) SetReceiver(null);
        }
    }

    private sealed record Receiver(CapturedCallback<Message>? Callback, Func<Message, Task>? AsyncCallback, CallbackOrigin Origin, bool Copy)
    {
        public CancellationToken Scope { get; } = CallbackScope.CurrentToken;

        public IDisposable? Hold { get; } = CallbackScope.HoldCurrent();
    }
}
