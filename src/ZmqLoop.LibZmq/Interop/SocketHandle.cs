using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>A ZeroMQ socket, which keeps its context alive: terminating that one first would wait for ever.</summary>
internal sealed class SocketHandle : SafeHandle
{
    private ContextHandle? _context;

    public SocketHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <exception cref="ZMQException">libzmq refuses.</exception>
    public static SocketHandle Open(ContextHandle context, SocketType type)
    {
        SocketHandle socket = Libzmq.zmq_socket(context, (int)type);
        if (socket.IsInvalid) throw Errors.Last().ToException($"Making a {type.ToString().ToUpperInvariant()} socket");
        bool added = false;
        context.DangerousAddRef(ref added);
        socket._context = context;
        context.CountSocket(1);
        return socket;
    }

    protected override bool ReleaseHandle()
    {
        bool closed = Libzmq.zmq_close(handle) == 0;
        _context?.CountSocket(-1);
        _context?.DangerousRelease();
        return closed;
    }
}
