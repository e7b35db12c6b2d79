using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

// The options that most programs set, as properties; ZMQSocketOptions has all of them.
public abstract partial class ZMQSocket
{
    /// <summary>The endpoint last bound, with wild cards resolved; empty before the first bind. <c>ZMQ_LAST_ENDPOINT</c>.</summary>
    public string LastEndpoint => Get(ZMQSocketOptions.LastEndpoint);

    /// <summary>How long unsent messages may keep the context alive after close: <see cref="Timeout.InfiniteTimeSpan"/> for ever.
    /// Unlike libzmq's, the default is finite: five seconds. The end of the process waits for it, 25 seconds at
    /// most. <c>ZMQ_LINGER</c>.</summary>
    public TimeSpan Linger { get => Get(ZMQSocketOptions.Linger); set => Set(ZMQSocketOptions.Linger, value); }

    /// <summary>How many messages to one peer may wait to be sent; 0 is no limit. 1,000, but for SUB and XSUB none, since subscriptions
    /// beyond it would be dropped in silence. <c>ZMQ_SNDHWM</c>.</summary>
    public int SendHighWaterMark { get => Get(ZMQSocketOptions.SndHwm); set => Set(ZMQSocketOptions.SndHwm, value); }

    /// <summary>How many messages of one peer may wait to be received; 0 is no limit. <c>ZMQ_RCVHWM</c>.</summary>
    public int ReceiveHighWaterMark { get => Get(ZMQSocketOptions.RcvHwm); set => Set(ZMQSocketOptions.RcvHwm, value); }

    /// <summary><see cref="SendHighWaterMark"/> and <see cref="ReceiveHighWaterMark"/> at once; reading gives the one
    /// for sending. pyzmq's <c>hwm</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative; neither has changed.</exception>
    public int HighWaterMark
    {
        get => SendHighWaterMark;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            SendHighWaterMark = value;
            ReceiveHighWaterMark = value;
        }
    }

    /// <summary>The name by which a ROUTER peer knows this socket; set it before connecting. <c>ZMQ_ROUTING_ID</c>, formerly
    /// <c>ZMQ_IDENTITY</c>.</summary>
    public byte[] RoutingId { get => Get(ZMQSocketOptions.RoutingId); set => Set(ZMQSocketOptions.RoutingId, value); }

    /// <summary>ROUTER: sending to an unknown peer throws (<see cref="ZMQErrorCode.HostUnreachable"/>) instead of dropping. Off, but
    /// in a stream, unless it was set here before. Write only. <c>ZMQ_ROUTER_MANDATORY</c>.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "libzmq cannot read it either.")]
    public bool RouterMandatory { set => Set(ZMQSocketOptions.RouterMandatory, value); }

    /// <summary>Messages are queued only to peers that are connected. <c>ZMQ_IMMEDIATE</c>.</summary>
    public bool Immediate { get => Get(ZMQSocketOptions.Immediate); set => Set(ZMQSocketOptions.Immediate, value); }

    /// <summary>A peer that sends a longer message, in bytes, is disconnected; -1 is no limit. <c>ZMQ_MAXMSGSIZE</c>.</summary>
    public long MaxMessageSize { get => Get(ZMQSocketOptions.MaxMsgSize); set => Set(ZMQSocketOptions.MaxMsgSize, value); }

    /// <summary>How many connections may wait to be accepted. <c>ZMQ_BACKLOG</c>.</summary>
    public int Backlog { get => Get(ZMQSocketOptions.Backlog); set => Set(ZMQSocketOptions.Backlog, value); }

    /// <summary>Speak IPv6 as well. <c>ZMQ_IPV6</c>.</summary>
    public bool IPv6 { get => Get(ZMQSocketOptions.IPv6); set => Set(ZMQSocketOptions.IPv6, value); }

    /// <summary>How long to wait before connecting again; infinite is never. <c>ZMQ_RECONNECT_IVL</c>.</summary>
    public TimeSpan ReconnectInterval { get => Get(ZMQSocketOptions.ReconnectIvl); set => Set(ZMQSocketOptions.ReconnectIvl, value); }

    /// <summary>The longest wait before connecting again, which doubles up to this; zero leaves it at <see cref="ReconnectInterval"/>.
    /// <c>ZMQ_RECONNECT_IVL_MAX</c>.</summary>
    public TimeSpan ReconnectIntervalMax { get => Get(ZMQSocketOptions.ReconnectIvlMax); set =>
        Set(ZMQSocketOptions.ReconnectIvlMax, value); }

    /// <summary>How long connecting may take; zero leaves it to the system. <c>ZMQ_CONNECT_TIMEOUT</c>.</summary>
    public TimeSpan ConnectTimeout { get => Get(ZMQSocketOptions.ConnectTimeout); set => Set(ZMQSocketOptions.ConnectTimeout, value); }

    /// <summary>How long a handshake may take. <c>ZMQ_HANDSHAKE_IVL</c>.</summary>
    public TimeSpan HandshakeInterval { get => Get(ZMQSocketOptions.HandshakeIvl); set => Set(ZMQSocketOptions.HandshakeIvl, value); }

    /// <summary>How often to ask a silent peer for a sign of life; zero is never. <c>ZMQ_HEARTBEAT_IVL</c>.</summary>
    public TimeSpan HeartbeatInterval { get => Get(ZMQSocketOptions.HeartbeatIvl); set => Set(ZMQSocketOptions.HeartbeatIvl, value); }

    /// <summary>How long to wait for the peer's sign of life; infinite is as long as <see cref="HeartbeatInterval"/>.
    /// <c>ZMQ_HEARTBEAT_TIMEOUT</c>.</summary>
    public TimeSpan HeartbeatTimeout { get => Get(ZMQSocketOptions.HeartbeatTimeout); set =>
        Set(ZMQSocketOptions.HeartbeatTimeout, value); }

    /// <summary>How long the peer should wait for ours before it gives up; tenths of a second count. <c>ZMQ_HEARTBEAT_TTL</c>.</summary>
    public TimeSpan HeartbeatTtl { get => Get(ZMQSocketOptions.HeartbeatTtl); set => Set(ZMQSocketOptions.HeartbeatTtl, value); }

    /// <summary>PLAIN: this side checks. <c>ZMQ_PLAIN_SERVER</c>.</summary>
    public bool PlainServer { get => Get(ZMQSocketOptions.PlainServer); set => Set(ZMQSocketOptions.PlainServer, value); }

    /// <summary>PLAIN: the client's name. <c>ZMQ_PLAIN_USERNAME</c>.</summary>
    public string PlainUsername { get => Get(ZMQSocketOptions.PlainUsername); set => Set(ZMQSocketOptions.PlainUsername, value); }

    /// <summary>PLAIN: the client's password. <c>ZMQ_PLAIN_PASSWORD</c>.</summary>
    public string PlainPassword { get => Get(ZMQSocketOptions.PlainPassword); set => Set(ZMQSocketOptions.PlainPassword, value); }

    /// <summary>The domain that authentication (ZAP) is asked about. <c>ZMQ_ZAP_DOMAIN</c>.</summary>
    public string ZapDomain { get => Get(ZMQSocketOptions.ZapDomain); set => Set(ZMQSocketOptions.ZapDomain, value); }

    /// <summary>CURVE: this side is the server; it needs <see cref="CurveSecretKey"/>. <c>ZMQ_CURVE_SERVER</c>.</summary>
    public bool CurveServer { get => Get(ZMQSocketOptions.CurveServer); set => Set(ZMQSocketOptions.CurveServer, value); }

    /// <summary>CURVE: this side's public key, 32 bytes; a server needs none. <c>ZMQ_CURVE_PUBLICKEY</c>.</summary>
    public byte[] CurvePublicKey { get => Get(ZMQSocketOptions.CurvePublicKey); set => Set(ZMQSocketOptions.CurvePublicKey, value); }

    /// <summary>CURVE: this side's secret key, 32 bytes. <c>ZMQ_CURVE_SECRETKEY</c>.</summary>
    public byte[] CurveSecretKey { get => Get(ZMQSocketOptions.CurveSecretKey); set => Set(ZMQSocketOptions.CurveSecretKey, value); }

    /// <summary>CURVE: the public key of the server that a client connects to, 32 bytes. <c>ZMQ_CURVE_SERVERKEY</c>.</summary>
    public byte[] CurveServerKey { get => Get(ZMQSocketOptions.CurveServerKey); set => Set(ZMQSocketOptions.CurveServerKey, value); }

    /// <summary>ROUTER: a new peer takes over a routing id in use. Write only. <c>ZMQ_ROUTER_HANDOVER</c>.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "libzmq cannot read it either.")]
    public bool RouterHandover { set => Set(ZMQSocketOptions.RouterHandover, value); }

    /// <summary>Send an empty message to each new peer, so that a ROUTER knows this socket. Write only. <c>ZMQ_PROBE_ROUTER</c>.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "libzmq cannot read it either.")]
    public bool ProbeRouter { set => Set(ZMQSocketOptions.ProbeRouter, value); }

    /// <summary>XPUB: pass on every subscription, also those known already. Write only. <c>ZMQ_XPUB_VERBOSE</c>.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "libzmq cannot read it either.")]
    public bool XPubVerbose { set => Set(ZMQSocketOptions.XPubVerbose, value); }

    /// <summary>Keep the last message only; single frames. <c>ZMQ_CONFLATE</c>.</summary>
    /// <exception cref="NotSupportedException">The engine cannot: NetMQ.</exception>
    public virtual bool Conflate { get => false; set => Set(ZMQSocketOptions.Conflate, value); }

    /// <summary>REQ: number the requests and drop replies to others. Write only. <c>ZMQ_REQ_CORRELATE</c>.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "libzmq cannot read it either.")]
    public bool ReqCorrelate { set => Set(ZMQSocketOptions.ReqCorrelate, value); }

    /// <summary>REQ: a new request may be sent before the reply to the last one. Write only. <c>ZMQ_REQ_RELAXED</c>.</summary>
    [SuppressMessage("Design", "CA1044", Justification = "libzmq cannot read it either.")]
    public bool ReqRelaxed { set => Set(ZMQSocketOptions.ReqRelaxed, value); }

    /// <summary>What copied frames know of the connection that they came by, as borrowed ones do: names for
    /// <see cref="Frame.GetProperty"/>, such as <c>Peer-Address</c> or what an authenticator added. None, since each costs every message a
    /// look; but <c>User-Id</c> is always kept where the socket authenticates. Counts for what is received from now on.</summary>
    /// <exception cref="ArgumentException">A name is null or empty.</exception>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="NotSupportedException">The engine knows nothing of its connections, as NetMQ.</exception>
    public virtual IReadOnlyList<string> KeptProperties
    {
        get => [];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            throw new NotSupportedException($"{this} knows nothing of the connections that its messages come by: take libzmq for that.");
        }
    }
}
