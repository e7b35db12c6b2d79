using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>A ZeroMQ socket on a loop: received messages come to a callback, and what is sent waits in a queue until the socket takes it. pyzmq's <c>ZMQStream</c>.</summary>
/// <remarks>
/// <para>From any thread: <see cref="Send(Message, Action{Message, Exception?})"/> and its kin, <see cref="ReceiveAsync(CancellationToken)"/>, <see cref="ReadAllAsync"/>, <see cref="Reader"/>,
/// <see cref="PollAsync"/>, <see cref="ClearSendQueue"/>, <see cref="Close(TimeSpan?)"/>, <see cref="CloseAsync"/> and the properties.
/// Everything else belongs to the loop's thread while the loop runs; another thread gets an <see cref="InvalidOperationException"/>.</para>
/// <para>Callbacks keep the stack contexts in force when they were given; making the stream captures none. A callback that throws is reported to
/// <see cref="IOLoop.HandleCallbackException"/> with the stream and the message, once, and delivery goes on (<see cref="StreamErrorPolicy"/>).</para>
/// <para>The stream owns its socket and closes it. The socket may still be used directly on the loop's thread: no message is missed.</para>
/// <para>The loop holds a stream while there is a receive callback, while somebody waits for a message or polls, and while messages wait to be sent; else whoever uses it does. One that nobody holds is
/// closed when the garbage collector finds it, with a warning in the loop's log. Holding the <see cref="Socket"/> is not holding the stream.</para>
/// <para>After closing, sending throws <see cref="ObjectDisposedException"/>; stopping, closing and disposing do nothing.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class ZMQStream : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _retry = TimeSpan.FromMilliseconds(5);

    private readonly ZMQStreamOptions _options;
    private readonly StreamMeter _meter;
    private readonly bool _lockstep; // REQ and REP: one message in, one out
    private IOEvents _interest = IOEvents.None;
    private bool _busy;
    private volatile int _closing; // 1 once closing was asked for, on whichever thread
    private volatile bool _closed;

    /// <summary>A stream over a socket.</summary>
    /// <param name="socket">The socket, which belongs to the stream from now on.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="options">Budgets, priority and policies; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The thread has no current loop and none was given; or another stream or handler has the socket (the message names it).</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public ZMQStream(ZMQSocket socket, IOLoop? loop = null, ZMQStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ObjectDisposedException.ThrowIf(socket.IsClosed, socket);
        _options = options ?? new ZMQStreamOptions();
        _options.Validate();
        _meter = new StreamMeter(_options.Name);
        _queue = new SendQueue(_options);
        _inbox = new Inbox(_options.ReadAhead, WantUpdate);
        _reader = new InboxReader(_inbox);
        _update = UpdateScheduled;
        IOLoop = loop ?? IOLoop.CurrentOrNull ?? throw new InvalidOperationException(
            "This thread has no current loop: give the stream its loop, such as ZMQIOLoop.Instance.");
        Socket = socket;
        _lockstep = socket.Type is SocketType.Req or SocketType.Rep;
        _stuckPeers = socket.Type == SocketType.Router ? new StuckPeers() : null;
        VerifyThread();
        _madeAt = IOLoop.TimeProvider.GetTimestamp();
        _madeBy = IOLoop.RecordTrail();
        _root = TakeSocket();
        _loopEnd = IOLoop.Closed.UnsafeRegister(static root => ((StreamRoot)root!).EndWithLoop(), _root);
    }

    /// <summary>The socket. Closed with the stream.</summary>
    public ZMQSocket Socket { get; }

    /// <summary>The loop that the stream runs on.</summary>
    public IOLoop IOLoop { get; }

    /// <summary>True while there is a receive callback, or somebody waits for a message. <c>receiving()</c>.</summary>
    public bool IsReceiving => (_receiver is not null || _inbox.Wanted > 0) && _closing == 0;

    /// <summary>True while messages wait to be sent. <c>sending()</c>.</summary>
    public bool IsSending => SendQueueLength > 0;

    /// <summary>True once closing was asked for, or the socket was closed elsewhere. No side effects. <c>closed()</c>.</summary>
    public bool IsClosed => _closing != 0 || Socket.IsClosed;

    /// <summary>How many messages wait to be sent.</summary>
    public int SendQueueLength => _queue.Count;

    /// <summary>How many bytes wait to be sent.</summary>
    public long SendQueueBytes => _queue.Bytes;

    /// <summary>How many messages were dropped so far: the queue was full or cleared, or their time was over.</summary>
    public long DroppedMessages => _queue.Dropped;

    /// <summary>Listens on an endpoint. See <see cref="ZMQSocket.Bind"/>.</summary>
    public void Bind(string endpoint)
    {
        VerifyOpen();
        Socket.Bind(endpoint);
    }

    /// <summary>Listens on a free port. See <see cref="ZMQSocket.BindToRandomPort"/>.</summary>
    public int BindToRandomPort(string address)
    {
        VerifyOpen();
        return Socket.BindToRandomPort(address);
    }

    /// <summary>Connects. See <see cref="ZMQSocket.Connect"/>.</summary>
    public void Connect(string endpoint)
    {
        VerifyOpen();
        Socket.Connect(endpoint);
    }

    /// <summary>Stops listening on an endpoint, whose connections are dropped. See <see cref="ZMQSocket.Unbind"/>.</summary>
    public void Unbind(string endpoint)
    {
        VerifyOpen();
        Socket.Unbind(endpoint);
    }

    /// <summary>Drops a connection.</summary>
    public void Disconnect(string endpoint)
    {
        VerifyOpen();
        Socket.Disconnect(endpoint);
    }

    /// <summary>SUB: receives messages whose first frame begins with this.</summary>
    public void Subscribe(string prefix)
    {
        VerifyOpen();
        Socket.Subscribe(prefix);
    }

    /// <summary>Reads an option of the socket. <c>getsockopt</c>.</summary>
    public T Get<T>(SocketOption<T> option)
    {
        VerifyOpen();
        return Socket.Get(option);
    }

    /// <summary>Sets an option of the socket. <c>setsockopt</c>.</summary>
    public void Set<T>(SocketOption<T> option, T value)
    {
        VerifyOpen();
        Socket.Set(option, value);
    }

    /// <summary>For logs and debuggers.</summary>
    public override string ToString() => $"ZMQStream {(_options.Name is { } name ? $"'{name}' " : "")}of {Socket}{(IsClosed ? ", closed" : $", {SendQueueLength} to send")}";

    /// <summary>The socket is ready, or was closed.</summary>
    internal void HandleEvents(IOEvents events)
    {
        if (Socket.IsClosed)
        {
            CloseNow(null);
            return;
        }

        _busy = true;
        _pulled = 0;
        _pulledBytes = 0;
        try
        {
            AnswerPolls();
            if ((events & IOEvents.Read) != 0) ReceiveWaiting(_lockstep ? 1 : _options.MessagesPerTurn);
            SendQueued(_options.MessagesPerTurn); // the replies go out in the same turn
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Closed, or without a socket: nothing can be done any more. A stream that drains is not gone yet.</summary>
    private bool IsGone => _closed || Socket.IsClosed;

    private void EndTurn()
    {
        _busy = false;
        _meter.AddSent(_sent, _sentBytes);
        _sent = 0;
        _sentBytes = 0;
        if (IsGone) return;
        if (_queue.HasNext && !_stuck) SpawnFlush(); // the budget was used up: the rest goes in the next turn
        if (_queue.HasExpiring && !IOLoop.IsClosed) WatchExpiring();
        UpdateInterest();
        if (_draining) CloseIfDrained();
    }

    /// <summary>What to be woken for: messages, where somebody takes them; room, where the queue is stuck. Called after everything that ends or begins a wait for the loop.</summary>
    private void UpdateInterest()
    {
        if (IsGone || IOLoop.IsClosed) return;
        _root.Hold(IsNeeded ? this : null);
        IOEvents interest = PolledEvents()
            | (WantsMessages() ? IOEvents.Read : IOEvents.None)
            | (_stuck && !_saysWritable ? IOEvents.Write : IOEvents.None);
        if ((_stuck && _saysWritable) || _stuckPeers is { Count: > 0 }) RetryLater();
        if (interest == _interest) return;
        _interest = interest;
        IOLoop.UpdateHandler(Socket, interest);
    }

    private bool WantsMessages()
    {
        if (_receiver is not null) return _handlersRunning < _options.MaxConcurrency;

        // Who got a message will soon want another: the interest stays for one turn more, instead of going and coming with each.
        return _inbox.Wanted > 0 || (_pulled > 0 && (_interest & IOEvents.Read) != 0);
    }

    private void VerifyOpen()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        VerifyThread();
    }

    private void VerifyThread()
    {
        if (!IOLoop.CheckAccess()) ThrowWrongThread();
    }

    [DoesNotReturn]
    private static void ThrowWrongThread() => throw new InvalidOperationException(
        "This member belongs to the loop's thread: use IOLoop.AddCallback or InvokeAsync to get there. Sending, ReceiveAsync, ReadAllAsync, Reader, PollAsync and Close may be called from any thread.");
}
