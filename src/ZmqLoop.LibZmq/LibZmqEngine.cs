using System.Text;
using ZmqLoop.Interop;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>The engine over native libzmq (4.3.1 or later): one object is one ZeroMQ context of its own.</summary>
/// <remarks>
/// <para>All members may be used from any thread. libzmq is found as <c>libzmq.so.5</c>, <c>libzmq.5.dylib</c>, <c>libzmq.dll</c> or
/// <c>libzmq</c> where the system looks for libraries, or by its full path in the environment variable <c>ZMQLOOP_LIBZMQ</c>.</para>
/// <para>Corresponds to pyzmq's <c>zmq.Context</c>.</para>
/// </remarks>
/// <example><code>
/// using LibZmqEngine engine = new(); // needs libzmq 4.3 on the machine
/// using ZMQIOLoop loop = new(engine);
/// using ZMQStream server = new(engine.CreateSocket(SocketType.Rep), loop);
/// server.Bind("ipc:///tmp/service");
/// </code></example>
public sealed class LibZmqEngine : ZMQEngine
{
    private const string PollerVariable = "ZMQLOOP_POLLER";
    private const int CurveTextLength = 40; // a key in Z85

    private readonly LibZmqEngineOptions _options;
    private readonly ContextHandle _context;
    private readonly PollerKind _pollerKind;
    private readonly SocketCollector _collector;
    private int _disposed;

    /// <summary>A context with the usual options.</summary>
    /// <exception cref="DllNotFoundException">libzmq is missing or too old; the message says what to do.</exception>
    public LibZmqEngine() : this(new LibZmqEngineOptions())
    {
    }

    /// <summary>A context with these options.</summary>
    /// <exception cref="DllNotFoundException">libzmq is missing or too old; the message says what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; no context was made.</exception>
    /// <exception cref="ZMQException">libzmq refuses an option.</exception>
    /// <exception cref="PlatformNotSupportedException"><see cref="PollerKind.Epoll"/> was asked for elsewhere than on Linux.</exception>
    public LibZmqEngine(LibZmqEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _pollerKind = Choose(options.Poller);
        LibraryVersion = LibzmqLoader.EnsureLoaded();
        _context = Libzmq.zmq_ctx_new();
        if (_context.IsInvalid) throw Errors.Last().ToException("Making a ZeroMQ context");
        SetContextOption(Libzmq.ZMQ_IO_THREADS, options.IOThreads, nameof(options.IOThreads));
        SetContextOption(Libzmq.ZMQ_MAX_SOCKETS, Math.Min(options.MaxSockets, SocketLimit()), nameof(options.MaxSockets));
        _collector = new SocketCollector(() => Libzmq.zmq_ctx_get(_context, Libzmq.ZMQ_MAX_SOCKETS));
        if (options.MaxMessageSize is { } size) SetContextOption(Libzmq.ZMQ_MAX_MSGSZ, size, nameof(options.MaxMessageSize));
        if (options.IPv6) SetContextOption(Libzmq.ZMQ_IPV6, 1, nameof(options.IPv6));
    }

    /// <inheritdoc/>
    public override string Name => $"libzmq {LibraryVersion}";

    /// <summary>The version of the library that was found.</summary>
    public Version LibraryVersion { get; }

    /// <summary>What the library was built with: <c>curve</c>, <c>gssapi</c>, <c>ipc</c>, <c>pgm</c>, <c>norm</c>, <c>tipc</c>,
    /// <c>vmci</c>, <c>draft</c>. <c>zmq_has</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="capability"/> is empty.</exception>
    public bool Has(string capability)
    {
        ArgumentException.ThrowIfNullOrEmpty(capability);
        return Libzmq.zmq_has(capability) != 0;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public override ZMQSocket CreateSocket(SocketType type) => new LibZmqSocket(this, OpenSocket(type), type);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public override IPoller CreatePoller()
    {
        ThrowIfDisposed();
        return _pollerKind == PollerKind.Epoll ? new EpollPoller(typeof(LibZmqSocket)) : new ZmqPollPoller(Waker.Create());
    }

    /// <inheritdoc/>
    public override unsafe CurveKeyPair CreateCurveKeyPair()
    {
        byte* publicKey = stackalloc byte[CurveTextLength + 1];
        byte* secretKey = stackalloc byte[CurveTextLength + 1];
        if (Libzmq.zmq_curve_keypair(publicKey, secretKey) != 0) throw Errors.Last().ToException("Making CURVE keys");
        return new CurveKeyPair(Read(publicKey), Read(secretKey));

        static byte[] Read(byte* text) => CurveKeyPair.Parse(Encoding.ASCII.GetString(text, CurveTextLength));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    internal override FrameBuffer? Lend(ReadOnlyMemory<byte> bytes, Action released) => LibZmqFrameBuffer.Lend(bytes, released);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing || Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _ = Libzmq.zmq_ctx_shutdown(_context);
        _context.Dispose();

        // Sockets that others hold open keep the context; waiting for them here could be waiting for ourselves.
        if (_context.OpenSockets == 0) _context.WaitUntilTerminated(_options.DisposeTimeout);
    }

    /// <summary>Whether the closed sockets have sent what they had taken. libzmq tells that of a context alone, which ends after its last
    /// socket: so where there is time to wait, and no socket is open, this ends the context.</summary>
    /// <param name="timeout">How long to wait; zero only looks.</param>
    /// <returns>Null where some sockets are open: all that time was waited, and nothing is known.</returns>
    internal bool? WaitForLinger(TimeSpan timeout)
    {
        if (timeout == TimeSpan.Zero) return _context.WaitUntilTerminated(timeout);
        bool isKnown = _context.OpenSockets == 0;
        if (isKnown) _context.Dispose();
        bool isTerminated = _context.WaitUntilTerminated(timeout);
        return isTerminated || isKnown ? isTerminated : null;
    }

    private SocketHandle OpenSocket(SocketType type)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(type);
        ThrowIfDisposed();
        try
        {
            SocketHandle socket = _collector.Open(() => SocketHandle.Open(_context, type),
                static exception => exception is ZMQException { Code: ZMQErrorCode.TooManyOpenFiles });
            _collector.Opened(_context.OpenSockets);
            return socket;
        }
        catch (ZMQException exception) when (exception.Code == ZMQErrorCode.TooManyOpenFiles)
        {
            throw new ZMQException(exception.Code, exception.Number, exception.Name,
                $"{exception.Message} The context has {_context.OpenSockets} sockets open, and a few that are closing yet; "
                + $"{nameof(LibZmqEngineOptions)}.{nameof(LibZmqEngineOptions.MaxSockets)} allows {_options.MaxSockets}. Where those are "
                + "fewer, the process has no descriptor left.");
        }
        catch (ZMQException exception) when (type > SocketType.Stream && exception.Code == ZMQErrorCode.InvalidArgument)
        {
            throw new NotSupportedException(
                $"{type} is a draft type, which this libzmq was built without: see {nameof(Has)}(\"draft\").", exception);
        }
    }

    // Not the handle's IsClosed, which waits for the sockets that hold the context.
    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    private int SocketLimit()
    {
        int limit = Libzmq.zmq_ctx_get(_context, Libzmq.ZMQ_SOCKET_LIMIT);
        return limit > 0 ? limit : int.MaxValue;
    }

    private void SetContextOption(int option, int value, string name)
    {
        if (Libzmq.zmq_ctx_set(_context, option, value) != 0) throw Errors.Last().ToException($"Setting {name} to {value}");
    }

    private static PollerKind Choose(PollerKind kind)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(kind, nameof(LibZmqEngineOptions.Poller));
        if (kind == PollerKind.Automatic)
        {
            kind = Environment.GetEnvironmentVariable(PollerVariable) switch
            {
                null or "" => OperatingSystem.IsLinux() ? PollerKind.Epoll : PollerKind.ZmqPoll,
                "epoll" => PollerKind.Epoll,
                "zmq_poll" => PollerKind.ZmqPoll,
                string other =>
                    throw new InvalidOperationException($"{PollerVariable} is '{other}': set it to epoll or zmq_poll, or not at all."),
            };
        }

        if (kind == PollerKind.Epoll && !OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("epoll exists on Linux only: use PollerKind.ZmqPoll.");
        return kind;
    }
}
