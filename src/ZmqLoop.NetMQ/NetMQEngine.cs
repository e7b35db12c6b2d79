using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Logging;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Guard;
using ZmqLoop.Interop;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>The engine over NetMQ, ZeroMQ in managed code.</summary>
/// <remarks>
/// <para>All members may be used from any thread. NetMQ has one context for the whole process: all engine objects, and whatever else uses
/// NetMQ, share its inproc names, its I/O threads, and the end of it. Disposing an engine therefore ends nothing but the engine object:
/// call <see cref="NetMQConfig.Cleanup(bool)"/> yourself, when all sockets are closed; loops that still poll then end quietly.</para>
/// <para>NetMQ's own sockets go to a loop by <see cref="NetMQSocketExtensions.AsZMQSocket(ISocketPollable)"/>.</para>
/// </remarks>
/// <example><code>
/// using NetMQEngine engine = new(new NetMQEngineOptions { MaxMessageSize = 1_000_000 });
/// using ZMQIOLoop loop = new(engine);
/// using ZMQStream server = new(engine.CreateSocket(SocketType.Rep), loop);
/// </code></example>
public sealed class NetMQEngine : ZMQEngine
{
    private const string PollerVariable = "ZMQLOOP_NETMQ_POLLER";

    private static readonly SocketCollector _collector = new(static () => NetMQConfig.MaxSockets);
    private static bool _toldOfSelector;
    private static NetMQEngine? _shared; // made when it is asked for: what is wrong with its environment is said by its own exception

    private readonly NetMQPollerKind _pollerKind;
    private int _disposed;

    /// <summary>With the usual options.</summary>
    public NetMQEngine() : this(new NetMQEngineOptions())
    {
    }

    /// <summary>With these options.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; nothing has changed.</exception>
    /// <exception cref="PlatformNotSupportedException"><see cref="NetMQPollerKind.Epoll"/> was asked for where it is not
    /// possible.</exception>
    /// <exception cref="InvalidOperationException"><see cref="NetMQEngineOptions.IOThreads"/> or
    /// <see cref="NetMQEngineOptions.MaxSockets"/> would change what NetMQ has begun with.</exception>
    public NetMQEngine(NetMQEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _pollerKind = Choose(options.Poller);
        MaxMessageSize = options.MaxMessageSize;
        AllowUnenforcedCurve = options.AllowUnenforcedCurve;
        AllowIpcOverTcp = options.AllowIpcOverTcp;
        if (options.ForceDotNet) AsyncIO.ForceDotNet.Force();
        SetLimits(options);
        Logger = options.LoggerFactory?.CreateLogger(NetMQLog.Category);
        if (Logger is not null) IOThreadGuard.LogTo(Logger);
        if (!options.GuardIOThreads) IOThreadGuard.Disable();
    }

    /// <inheritdoc/>
    public override string Name { get; } =
        "NetMQ " + typeof(NetMQSocket).Assembly.GetCustomAttribute<AssemblyFileVersionAttribute>()?.Version;

    /// <summary>False: NetMQ has no ZAP. A CURVE server lets in whoever knows its public key.</summary>
    public override bool AsksAuthenticators => false;

    /// <summary>The engine of the sockets that were not made by one.</summary>
    internal static NetMQEngine Shared => LazyInitializer.EnsureInitialized(ref _shared, static () => new NetMQEngine());

    /// <summary>The engine whose options count for a socket that is adopted on this thread: its loop's, else that of the process-wide
    /// loop.</summary>
    internal static NetMQEngine Adopting =>
        EngineOf(IOLoop.CurrentOrNull) ?? (IOLoop.Initialized ? EngineOf(IOLoop.Instance) : null) ?? Shared;

    internal ILogger? Logger { get; }

    internal long? MaxMessageSize { get; }

    internal bool AllowUnenforcedCurve { get; }

    internal bool AllowIpcOverTcp { get; }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    /// <exception cref="NotSupportedException">NetMQ has no such socket, or only one that cannot be polled.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The adapter owns the socket, and the caller the adapter.")]
    public override ZMQSocket CreateSocket(SocketType type)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(type);
        ThrowIfDisposed();
        try
        {
            NetMQSocket socket = _collector.Open(() => Open(type), static exception => exception.IsWithoutRoom());
            if (ContextInternals.AreKnown && ContextInternals.Present is { } context)
                _collector.Opened(ContextInternals.CountSockets(context));
            return new NetMQSocketAdapter(this, socket, type, ours: true);
        }
        catch (Exception exception) when (exception is NetMQException or SocketException) // the second out of descriptors
        {
            throw exception.Translate($"Making a {type.ToString().ToUpperInvariant()} socket");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public override IPoller CreatePoller()
    {
        ThrowIfDisposed();
        if (OperatingSystem.IsLinux() && !SocketInternals.AreKnown) TellOfSelector();
        try
        {
            return _pollerKind == NetMQPollerKind.Epoll ? new EpollPoller(typeof(NetMQSocketAdapter)) : new SelectorPoller();
        }
        catch (SocketException exception)
        {
            throw exception.Translate("Making a poller");
        }
    }

    /// <inheritdoc/>
    public override CurveKeyPair CreateCurveKeyPair()
    {
        NetMQCertificate made = new();
        return new CurveKeyPair(made.PublicKey, made.SecretKey!);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Volatile.Write(ref _disposed, 1);

    /// <summary>The engine of a loop, where that is one of NetMQ's.</summary>
    internal static NetMQEngine? EngineOf(IOLoop? loop) => (loop as ZMQIOLoop)?.Engine as NetMQEngine;

    private static void SetLimits(NetMQEngineOptions options)
    {
        int threads = options.IOThreads ?? NetMQConfig.ThreadPoolSize;
        int sockets = options.MaxSockets ?? NetMQConfig.MaxSockets;
        if (threads != NetMQConfig.ThreadPoolSize) VerifyNotBegun(nameof(options.IOThreads), threads, NetMQConfig.ThreadPoolSize);
        if (sockets != NetMQConfig.MaxSockets) VerifyNotBegun(nameof(options.MaxSockets), sockets, NetMQConfig.MaxSockets);
        NetMQConfig.ThreadPoolSize = threads;
        NetMQConfig.MaxSockets = sockets;
    }

    /// <summary>NetMQ takes both when it makes the first socket, and never looks again.</summary>
    private static void VerifyNotBegun(string option, int value, int present)
    {
        if (!ContextInternals.AreKnown || ContextInternals.Present is not { } context || !ContextInternals.HasBegun(context)) return;
        throw new InvalidOperationException($"{nameof(NetMQEngineOptions)}.{option} cannot become {value}: NetMQ, whose sockets share one "
            + $"context for the process, has begun with {present}. Make the engine with this option before the first NetMQ socket of the "
            + "process, or after NetMQConfig.Cleanup.");
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    /// <summary>All works, but each turn costs two system calls for each socket: worth a line.</summary>
    private void TellOfSelector() => IOThreadGuard.WarnOnce(ref _toldOfSelector,
        $"{Name} does not have the members, in the shape that is expected, that waiting with epoll needs: NetMQ's selector "
        + "waits instead, which asks the system twice for each socket in each turn",
        Logger);

    private static NetMQSocket Open(SocketType type) => type switch
    {
        SocketType.Pair => new PairSocket(),
        SocketType.Pub => new PublisherSocket(),
        SocketType.Sub => new SubscriberSocket(),
        SocketType.Req => new RequestSocket(),
        SocketType.Rep => new ResponseSocket(),
        SocketType.Dealer => new DealerSocket(),
        SocketType.Router => new RouterSocket(),
        SocketType.Pull => new PullSocket(),
        SocketType.Push => new PushSocket(),
        SocketType.XPub => new XPublisherSocket(),
        SocketType.XSub => new XSubscriberSocket(),
        SocketType.Stream => new StreamSocket(),
        SocketType.Peer => new PeerSocket(),
        SocketType.Server or SocketType.Client or SocketType.Radio or SocketType.Dish or SocketType.Gather or SocketType.Scatter =>
            throw new NotSupportedException($"NetMQ's {type} sockets are thread-safe ones, which cannot be polled, nor be streams: make a "
                + $"{type}Socket and await it in an async callback of the loop, as in await socket.ReceiveBytesAsync(), which goes on "
                + "on the loop's thread; a thread waits for each such await."),
        _ => throw new NotSupportedException($"NetMQ has no {type} sockets."),
    };

    private static NetMQPollerKind Choose(NetMQPollerKind kind)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(kind, nameof(NetMQEngineOptions.Poller));
        bool possible = OperatingSystem.IsLinux() && SocketInternals.AreKnown;
        if (kind == NetMQPollerKind.Automatic)
        {
            kind = Environment.GetEnvironmentVariable(PollerVariable) switch
            {
                null or "" => possible ? NetMQPollerKind.Epoll : NetMQPollerKind.Selector,
                "epoll" => NetMQPollerKind.Epoll,
                "selector" => NetMQPollerKind.Selector,
                string other =>
                    throw new InvalidOperationException($"{PollerVariable} is '{other}': set it to epoll or selector, or not at all."),
            };
        }

        if (kind == NetMQPollerKind.Epoll && !possible)
        {
            throw new PlatformNotSupportedException(OperatingSystem.IsLinux()
                ? "This version of NetMQ does not have the members that NetMQPollerKind.Epoll needs: use NetMQPollerKind.Selector."
                : "epoll exists on Linux only: use NetMQPollerKind.Selector.");
        }

        return kind;
    }
}
