using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Guard;
using ZmqLoop.Interop;

namespace ZmqLoop;

/// <summary>A NetMQ socket as the loop and its streams use it: made by a <see cref="NetMQEngine"/>, or around a socket that you have
/// already, by <see cref="NetMQSocketExtensions.AsZMQSocket(ISocketPollable)"/>.</summary>
/// <remarks>Unlike NetMQ's, which do not linger at all, a socket that an engine made lingers for five seconds. Without the guard of NetMQ's
/// I/O threads, what lingers may be lost: see docs/netmq.md.</remarks>
public sealed partial class NetMQSocketAdapter : WatchedSocket
{
    private static readonly ConditionalWeakTable<NetMQSocket, NetMQSocketAdapter> _adapters = [];

    /// <summary>Connections that may wait to be accepted: no more than Linux allows, unless it is told to. With NetMQ's 100, of a thousand
    /// clients that connect at once most try again after a second or more.</summary>
    private const int ManyAtOnce = 4096;

    /// <summary>Of what nobody can read, a PUB keeps no more messages than this.</summary>
    private const int MostUnread = 1000;

    private readonly NetMQEngine _engine;
    private readonly NetMQSocket _socket;
    private readonly object? _core; // null where NetMQ's inside is not known
    private ICollection? _unreadable; // of a PUB: what its peers have sent that is no subscription

    internal NetMQSocketAdapter(NetMQEngine engine, NetMQSocket socket, SocketType type, bool ours) : base(type)
    {
        _engine = engine;
        _socket = socket;
        _core = SocketInternals.AreKnown ? SocketInternals.Core(socket) : null;
        if (_core is not null && type == SocketType.Pub && PubInternals.AreKnown) _unreadable = PubInternals.Unread(_core);
        if (!ours) Expose();
        IOThreadGuard.Guard(_core);
        if (!ours) Endpoint = socket.Options.LastEndpoint;
        TakeLimit(ours);
        if (!ours)
        {
            GC.SuppressFinalize(this); // whoever made it closes it
            if (HasCurve(socket)) DemandCurve($"{this} has CURVE options");
            WarnOfTransports();
            return;
        }

        SetDefaults();
        socket.Options.Backlog = ManyAtOnce;
        _adapters.Add(socket, this);
    }

    /// <summary>One that an engine made and that nobody can reach any more: NetMQ would keep what is behind it, and its descriptors, for
    /// ever.</summary>
    ~NetMQSocketAdapter() => CloseForgotten();

    /// <inheritdoc/>
    public override ZMQEngine Engine => _engine;

    /// <inheritdoc/>
    public override bool IsClosed => _socket.IsDisposed;

    /// <summary>NetMQ's own socket, for code that uses it itself, on the loop's thread. <c>Socket.underlying</c>.</summary>
    /// <remarks>Once asked for, the poller cannot know any longer what happens to the socket, and looks at it before every sleep.</remarks>
    public NetMQSocket NetMQSocket
    {
        get
        {
            Expose();
            return _socket;
        }
    }

    internal override int Descriptor => _core is null ? -1 : (int)SocketInternals.Mailbox(_core).Handle;

    /// <summary>NetMQ's own socket, for those who tell us what they do to it.</summary>
    internal NetMQSocket Inside => _socket;

    // On the finalizer's thread. The socket is asked for nothing, and its watch left alone: a poller that knows it is as unreachable.
    [SuppressMessage("Design", "CA1031", Justification = "Whatever state NetMQ is in by then, what a finalizer throws ends the process.")]
    private void CloseForgotten()
    {
        try
        {
            if (_socket is { IsDisposed: false }) _socket.Dispose(); // null where the constructor threw
        }
        catch (Exception)
        {
            // Then it cannot be helped.
        }
    }

    /// <summary>The one adapter of a socket.</summary>
    internal static NetMQSocketAdapter Of(NetMQSocket socket) => _adapters.GetValue(
        socket, static socket => new NetMQSocketAdapter(NetMQEngine.Adopting, socket, TypeOf(socket), ours: false));

    /// <summary>The one adapter of a socket, made under the options of this engine unless it is there.</summary>
    internal static NetMQSocketAdapter Of(NetMQSocket socket, NetMQEngine engine) => _adapters.GetValue(
        socket, socket => new NetMQSocketAdapter(engine, socket, TypeOf(socket), ours: false));

    /// <summary>The adapter of a socket, where it has one.</summary>
    internal static NetMQSocketAdapter? Find(NetMQSocket socket) =>
        _adapters.TryGetValue(socket, out NetMQSocketAdapter? adapter) ? adapter : null;

    /// <inheritdoc/>
    internal override void VerifyFree()
    {
        if (!EventInternals.IsInNetMQPoller(_socket)) return;
        throw new InvalidOperationException(
            $"{this} is in a NetMQPoller, or in a NetMQRuntime, which has one. A socket has one owner: first call poller.Remove(socket), "
            + "and where that poller runs on another thread, wait until its ContainsAsync(socket) says false.");
    }

    /// <inheritdoc/>
    /// <remarks>NetMQ's calls look at all commands that have come, or leave the mailbox readable. So where that was silent, what can be
    /// done is known from the pipes alone.</remarks>
    internal override IOEvents AskEvents(bool signalled)
    {
        if (_socket.IsDisposed) return IOEvents.None; // behind our back; the poller is going to notice
        if (_core is not null && SocketInternals.IsStopped(_core)) ThrowTerminated(null);
        try
        {
            if (_core is null) return EventsOf(_socket.HasIn, _socket.HasOut);
            if (signalled) SocketInternals.ProcessCommands(_core, 0, throttle: false, CancellationToken.None);
            if (_unreadable is { Count: > MostUnread }) _unreadable = PubInternals.Discard(_core); // or NetMQ keeps them for ever
            return EventsOf(SocketInternals.HasIn(_core), SocketInternals.HasOut(_core));
        }
        catch (TerminatingException exception)
        {
            ThrowTerminated(exception);
            return IOEvents.None;
        }
    }

    private static IOEvents EventsOf(bool hasIn, bool hasOut) =>
        (hasIn ? IOEvents.Read : IOEvents.None) | (hasOut ? IOEvents.Write : IOEvents.None);

    private static SocketType TypeOf(NetMQSocket socket) => socket switch
    {
        PairSocket => SocketType.Pair,
        PublisherSocket => SocketType.Pub,
        SubscriberSocket => SocketType.Sub,
        RequestSocket => SocketType.Req,
        ResponseSocket => SocketType.Rep,
        DealerSocket => SocketType.Dealer,
        RouterSocket => SocketType.Router,
        PullSocket => SocketType.Pull,
        PushSocket => SocketType.Push,
        XPublisherSocket => SocketType.XPub,
        XSubscriberSocket => SocketType.XSub,
        StreamSocket => SocketType.Stream,
        PeerSocket => SocketType.Peer,
        _ => throw new NotSupportedException($"{socket.GetType().Name} is not a type of socket that is known here."),
    };

    private protected override Func<TimeSpan, bool?>? WaitUntilGone()
    {
        if (_core is not { } core) return null;
        return timeout => SpinWait.SpinUntil(() => Volatile.Read(ref SocketInternals.IsDestroyed(core)), timeout);
    }

    private protected override void CloseSocket()
    {
        try
        {
            _socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // NetMQConfig.Cleanup(block: false) has torn down what would have closed it.
        }
    }

    [DoesNotReturn]
    private void ThrowTerminated(Exception? cause) =>
        throw new ContextTerminatedException($"NetMQ's context was terminated ({this}).", cause);
}
