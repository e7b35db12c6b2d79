using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>A ZeroMQ socket, which keeps its context alive: terminating that one first would wait for ever.</summary>
/// <remarks>The calls that every message makes use <see cref="Enter"/> and <see cref="Leave"/>, instead of the runtime's counting of
/// references with its two locked instructions for each call: a socket is used by one thread at a time, so that its closing, which another
/// thread may ask for by mistake, can wait for that one.</remarks>
internal sealed class SocketHandle : SafeHandle
{
    private ContextHandle? _context;
    private bool _inUse;

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

    /// <summary>Begins a call that neither blocks nor comes back into managed code; end it with <see cref="Leave"/>. Only for calls of the
    /// one thread that uses the socket: sending, receiving, asking the events. Whatever closing does too takes the handle itself.</summary>
    /// <returns>libzmq's socket, which is not closed until then.</returns>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Enter()
    {
        Volatile.Write(ref _inUse, true); // the barrier that belongs here is in ReleaseHandle
        if (IsClosed) ThrowClosed();
        return handle;
    }

    /// <summary>Ends the call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave() => Volatile.Write(ref _inUse, false);

    protected override bool ReleaseHandle()
    {
        // The handle is marked as closed already. After a barrier on all threads, each has either seen that or is seen here.
        Interlocked.MemoryBarrierProcessWide();
        SpinWait wait = default;
        while (Volatile.Read(ref _inUse)) wait.SpinOnce();
        bool closed = Libzmq.zmq_close(handle) == 0;
        _context?.CountSocket(-1);
        _context?.DangerousRelease();
        return closed;
    }

    [DoesNotReturn]
    private void ThrowClosed()
    {
        Leave();
        throw new ObjectDisposedException("socket", "The socket was closed by another thread.");
    }
}
