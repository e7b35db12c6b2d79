namespace ZmqLoop;

/// <summary>A ZeroMQ library behind one door: makes sockets and the inside of a <see cref="ZMQPoller"/>. One engine object is one ZeroMQ
/// context.</summary>
/// <remarks>
/// All members may be used from any thread. Sockets of one engine object share its inproc names and its I/O threads.
/// Disposing terminates the context: sockets that are still open answer with <see cref="ContextTerminatedException"/>, and loops that
/// poll them end quietly.
/// </remarks>
public abstract class ZMQEngine : IDisposable
{
    /// <summary>A short name with the library's version, such as <c>libzmq 4.3.4</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The process's engine: that of the process-wide loop, where there is one and it has an engine; else the one that the
    /// application references, made once.</summary>
    /// <remarks>Where it references both, NetMQ, unless <see cref="ZMQIOLoop.Install(ZMQEngine, IOLoopOptions?)"/> or the environment
    /// variable <c>ZMQLOOP_ENGINE</c> (<c>libzmq</c> or <c>netmq</c>) says otherwise.</remarks>
    /// <exception cref="InvalidOperationException">The application references no engine, or not the one that <c>ZMQLOOP_ENGINE</c> names;
    /// the message says what to do.</exception>
    public static ZMQEngine Default => CurrentEngine.Default;

    /// <summary>True if servers with PLAIN or CURVE, or a ZAP domain, ask an authenticator whom to let in.</summary>
    public virtual bool AsksAuthenticators => true;

    /// <summary>Makes a socket that belongs to the caller.</summary>
    /// <exception cref="ZMQException">The library refuses: unknown type, too many sockets, context terminated.</exception>
    public abstract ZMQSocket CreateSocket(SocketType type);

    /// <summary>Makes a poller for sockets of this engine.</summary>
    public abstract IPoller CreatePoller();

    /// <summary>Memory of a caller's to be sent without a copy; null where this engine has to copy it (or would rather, since
    /// it is short).</summary>
    /// <param name="bytes">Must stay where it is, and as it is, until <paramref name="released"/> was called.</param>
    /// <param name="released">To be called once, on any thread, when neither the buffer nor the library needs the memory any more.</param>
    internal virtual FrameBuffer? Lend(ReadOnlyMemory<byte> bytes, Action released) => null;

    /// <summary>Makes a pair of keys for CURVE. pyzmq's <c>curve_keypair</c>.</summary>
    /// <exception cref="NotSupportedException">This engine cannot.</exception>
    /// <exception cref="ZMQException">The library was built without CURVE.</exception>
    public virtual CurveKeyPair CreateCurveKeyPair() => throw new NotSupportedException($"{Name} makes no CURVE keys.");

    /// <summary>Terminates the context. Twice is fine. Does not wait for sockets that are open elsewhere.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Terminates the context.</summary>
    protected abstract void Dispose(bool disposing);
}
