using ZmqLoop.Interop;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>A socket of native libzmq. See <see cref="LibZmqEngine"/>.</summary>
public sealed partial class LibZmqSocket : WatchedSocket
{
    private readonly LibZmqEngine _engine;
    private readonly SocketHandle _handle;

    internal LibZmqSocket(LibZmqEngine engine, SocketHandle handle, SocketType type) : base(type)
    {
        _engine = engine;
        _handle = handle;
        SetDefaults();
        if (type == SocketType.XPub) TakeSubscriptionsOfFirstFrames();
    }

    /// <inheritdoc/>
    public override ZMQEngine Engine => _engine;

    /// <inheritdoc/>
    public override bool IsClosed => _handle.IsClosed;

    /// <summary>libzmq's own pointer, for code that calls libzmq itself. The socket stays ours: do not close it.</summary>
    /// <remarks>Once asked for, the poller cannot know any longer what happens to the socket, and asks it before every sleep.
    /// <c>Socket.underlying</c>.</remarks>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public nint NativeHandle
    {
        get
        {
            Touch();
            Expose();
            return _handle.DangerousGetHandle();
        }
    }

    internal SocketHandle Handle => _handle;

    internal override int Descriptor => Type is > SocketType.Stream and not SocketType.Dgram
        ? throw new NotSupportedException(
            $"{this} is of a draft type whose sockets have no descriptor: no loop, stream or poller can watch it. Use its TrySend and "
            + "TryReceive, or DEALER and ROUTER, PUB and SUB, PUSH and PULL.")
        : (int)Get(ZMQSocketOptions.Fd);

    // A signal may be of anything, and silence means little for a socket that was used: it is always asked in full.
    internal override IOEvents AskEvents(bool signalled) => AskEvents();

    private protected override void BindTo(string endpoint)
    {
        VerifyFamily(EndpointCall.Bind, endpoint);
        while (Libzmq.zmq_bind(_handle, endpoint) != 0)
        {
            if (!Errors.WasInterrupted(out int number)) throw number.ToException(EndpointCall.Bind, endpoint);
        }
    }

    private protected override void ConnectTo(string endpoint)
    {
        VerifyFamily(EndpointCall.Connect, endpoint);
        while (Libzmq.zmq_connect(_handle, endpoint) != 0)
        {
            if (!Errors.WasInterrupted(out int number)) throw number.ToException(EndpointCall.Connect, endpoint);
        }
    }

    private protected override void UnbindFrom(string endpoint)
    {
        while (Libzmq.zmq_unbind(_handle, endpoint) != 0)
        {
            if (!Errors.WasInterrupted(out int number)) throw number.ToException(EndpointCall.Unbind, endpoint);
        }
    }

    private protected override void DisconnectFrom(string endpoint)
    {
        while (Libzmq.zmq_disconnect(_handle, endpoint) != 0)
        {
            if (!Errors.WasInterrupted(out int number)) throw number.ToException(EndpointCall.Disconnect, endpoint);
        }
    }

    private protected override Func<TimeSpan, bool?>? WaitUntilGone() => _engine.WaitForLinger;

    private protected override void CloseSocket() => _handle.Dispose();

    private unsafe IOEvents AskEvents()
    {
        int events = 0;
        nuint length = sizeof(int);
        while (true)
        {
            nint socket = _handle.Enter();
            int result = Libzmq.zmq_getsockopt(socket, Libzmq.ZMQ_EVENTS, &events, &length);
            _handle.Leave();
            if (result == 0) return EventConversions.FromZeroMQ(events);
            if (!Errors.WasInterrupted(out int number)) throw number.ToException($"Asking the events of {this}");
        }
    }

    // libzmq would try to connect for ever, and without a word.
    private void VerifyFamily(EndpointCall call, string endpoint)
    {
        if (EndpointParser.IsIPv6(endpoint) && !Get(ZMQSocketOptions.IPv6))
            EndpointParser.Refuse(call, endpoint, "the socket knows IPv4 alone: set ZMQSocketOptions.IPv6 first");
    }
}
