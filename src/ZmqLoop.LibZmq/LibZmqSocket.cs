using System.Diagnostics.CodeAnalysis;
using ZmqLoop.Interop;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>A socket of native libzmq. See <see cref="LibZmqEngine"/>.</summary>
public sealed partial class LibZmqSocket : ZMQSocket, IWatchedSocket
{
    private readonly LibZmqEngine _engine;
    private readonly SocketHandle _handle;
    private string? _endpoint;

    internal LibZmqSocket(LibZmqEngine engine, SocketHandle handle, SocketType type) : base(type)
    {
        _engine = engine;
        _handle = handle;
        Linger = TimeSpan.FromSeconds(1);
    }

    /// <inheritdoc/>
    public override ZMQEngine Engine => _engine;

    /// <inheritdoc/>
    public override bool IsClosed => _handle.IsClosed;

    /// <inheritdoc/>
    public override IOEvents Events
    {
        get
        {
            Touch();
            return AskEvents();
        }
    }

    /// <summary>libzmq's own pointer, for code that calls libzmq itself. The socket stays ours: do not close it.</summary>
    /// <remarks>Once asked for, the poller cannot know any longer what happens to the socket, and asks it before every sleep.
    /// <c>Socket.underlying</c>.</remarks>
    /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
    public nint NativeHandle
    {
        get
        {
            Touch();
            IsExposed = true;
            return _handle.DangerousGetHandle();
        }
    }

    /// <summary>True once <see cref="NativeHandle"/> was handed out.</summary>
    internal bool IsExposed { get; private set; }

    /// <summary>Where a poller watches this socket: what it knows of it.</summary>
    internal Registration? Watch { get; set; }

    Registration? IWatchedSocket.Watch
    {
        get => Watch;
        set => Watch = value;
    }

    bool IWatchedSocket.IsExposed => IsExposed;

    int IWatchedSocket.Descriptor => (int)Get(ZMQSocketOptions.Fd);

    internal SocketHandle Handle => _handle;

    /// <inheritdoc/>
    public override void Bind(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        Touch();
        if (Libzmq.zmq_bind(_handle, endpoint) != 0) throw Errors.Last().ToException("Binding", endpoint);
        _endpoint = endpoint.Contains('*') ? LastEndpoint : endpoint;
    }

    /// <inheritdoc/>
    public override void Connect(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        Touch();
        if (Libzmq.zmq_connect(_handle, endpoint) != 0) throw Errors.Last().ToException("Connecting", endpoint);
        _endpoint ??= endpoint;
    }

    /// <inheritdoc/>
    public override void Unbind(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        Touch();
        if (Libzmq.zmq_unbind(_handle, endpoint) != 0) throw Errors.Last().ToException("Unbinding", endpoint);
    }

    /// <inheritdoc/>
    public override void Disconnect(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        Touch();
        if (Libzmq.zmq_disconnect(_handle, endpoint) != 0) throw Errors.Last().ToException("Disconnecting", endpoint);
    }

    /// <inheritdoc/>
    public override void Close(TimeSpan? linger)
    {
        if (IsClosed) return;
        try
        {
            if (linger is { } time) Linger = time;
        }
        catch (ContextTerminatedException)
        {
            // Then nothing lingers.
        }

        EndMonitors();

        // First, so that no poller waits on a descriptor that is somebody else's by then.
        Watch?.Poller.ForgetClosed(Watch);
        _handle.Dispose();
    }

    /// <summary>Such as <c>ROUTER socket (tcp://127.0.0.1:5555)</c>; also after it was closed.</summary>
    public override string ToString()
    {
        string name = Type.ToString().ToUpperInvariant() + " socket";
        return _endpoint is null ? name : $"{name} ({_endpoint})";
    }

    // A signal may be of anything, and silence means little for a socket that was used: it is always asked in full.
    IOEvents IWatchedSocket.AskEvents(bool signalled) => AskEvents();

    private unsafe IOEvents AskEvents()
    {
        int events = 0;
        nuint length = sizeof(int);
        while (GetOption(Libzmq.ZMQ_EVENTS, &events, &length) != 0)
        {
            int number = Errors.Last();
            if (number != ErrorNumbers.Interrupted) throw number.ToException($"Asking the events of {this}");
        }

        return (IOEvents)(events & Libzmq.ZMQ_POLLIN) | ((events & Libzmq.ZMQ_POLLOUT) != 0 ? IOEvents.Write : IOEvents.None);
    }

    /// <summary>Any call may swallow the edge on which libzmq's descriptor reports, so every call comes through here.</summary>
    private void Touch()
    {
        if (_handle.IsClosed) ThrowClosed();
        Watch?.MarkDirty();
    }

    [DoesNotReturn]
    private void ThrowClosed() => throw new ObjectDisposedException(ToString());
}
