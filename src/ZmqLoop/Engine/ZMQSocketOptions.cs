namespace ZmqLoop;

/// <summary>The options of libzmq 4.3 under ZeroMQ's names: <c>ZMQ_ROUTER_MANDATORY</c> is <see cref="RouterMandatory"/>. Use with
/// <see cref="ZMQSocket.Get"/> and <see cref="ZMQSocket.Set"/>.</summary>
/// <remarks>Every option of the stable interface; the usual ones are properties of <see cref="ZMQSocket"/> too. Most must be set before
/// binding or connecting.</remarks>
public static class ZMQSocketOptions
{
    /// <summary>Which I/O threads serve new connections, as a bit mask; 0 is any. <c>ZMQ_AFFINITY</c>.</summary>
    public static SocketOption<ulong> Affinity { get; } = new UInt64Option(4, "ZMQ_AFFINITY");

    /// <summary>The name by which a ROUTER peer knows this socket; set it before connecting. Formerly <c>ZMQ_IDENTITY</c>.
    /// <c>ZMQ_ROUTING_ID</c>.</summary>
    public static SocketOption<byte[]> RoutingId { get; } = new BytesOption(5, "ZMQ_ROUTING_ID");

    /// <summary>A subscription of a SUB socket. Write only. <c>ZMQ_SUBSCRIBE</c>.</summary>
    public static SocketOption<byte[]> Subscribe { get; } = new BytesOption(6, "ZMQ_SUBSCRIBE", BytesOption.LongestSubscription);

    /// <summary>Takes a subscription back. Write only. <c>ZMQ_UNSUBSCRIBE</c>.</summary>
    public static SocketOption<byte[]> Unsubscribe { get; } = new BytesOption(7, "ZMQ_UNSUBSCRIBE", BytesOption.LongestSubscription);

    /// <summary>Multicast: how many kilobits a second. <c>ZMQ_RATE</c>.</summary>
    public static SocketOption<int> Rate { get; } = new Int32Option(8, "ZMQ_RATE");

    /// <summary>Multicast: how long an absent receiver may catch up. <c>ZMQ_RECOVERY_IVL</c>.</summary>
    public static SocketOption<TimeSpan> RecoveryIvl { get; } = new DurationOption(9, "ZMQ_RECOVERY_IVL");

    /// <summary>The kernel's send buffer in bytes; -1 leaves the system's default. <c>ZMQ_SNDBUF</c>.</summary>
    public static SocketOption<int> SndBuf { get; } = new Int32Option(11, "ZMQ_SNDBUF");

    /// <summary>The kernel's receive buffer in bytes; -1 leaves the system's default. <c>ZMQ_RCVBUF</c>.</summary>
    public static SocketOption<int> RcvBuf { get; } = new Int32Option(12, "ZMQ_RCVBUF");

    /// <summary>More frames of the message follow. Read only; always false here, where messages arrive whole. <c>ZMQ_RCVMORE</c>.</summary>
    public static SocketOption<bool> RcvMore { get; } = new BooleanOption(13, "ZMQ_RCVMORE");

    /// <summary>The descriptor on which libzmq signals that something may have changed, edge-triggered. Read only. <c>ZMQ_FD</c>.</summary>
    public static SocketOption<long> Fd { get; } = new DescriptorOption(14, "ZMQ_FD");

    /// <summary>What could be done without blocking, in <c>ZMQ_POLLIN</c> (1) and <c>ZMQ_POLLOUT</c> (2). Read only;
    /// <see cref="ZMQSocket.Events"/> reads the same. <c>ZMQ_EVENTS</c>.</summary>
    public static SocketOption<int> Events { get; } = new Int32Option(15, "ZMQ_EVENTS");

    /// <summary>The number of the socket type. Read only. <c>ZMQ_TYPE</c>.</summary>
    public static SocketOption<int> Type { get; } = new Int32Option(16, "ZMQ_TYPE");

    /// <summary>How long unsent messages may keep the context alive after close. <c>ZMQ_LINGER</c>.</summary>
    public static SocketOption<TimeSpan> Linger { get; } = new DurationOption(17, "ZMQ_LINGER");

    /// <summary>How long to wait before connecting again; infinite is never. <c>ZMQ_RECONNECT_IVL</c>.</summary>
    public static SocketOption<TimeSpan> ReconnectIvl { get; } = new DurationOption(18, "ZMQ_RECONNECT_IVL");

    /// <summary>How many connections may wait to be accepted. <c>ZMQ_BACKLOG</c>.</summary>
    public static SocketOption<int> Backlog { get; } = new Int32Option(19, "ZMQ_BACKLOG", least: 0);

    /// <summary>The longest wait before connecting again, which doubles up to this; zero leaves it at <see cref="ReconnectIvl"/>.
    /// <c>ZMQ_RECONNECT_IVL_MAX</c>.</summary>
    public static SocketOption<TimeSpan> ReconnectIvlMax { get; } = new DurationOption(21, "ZMQ_RECONNECT_IVL_MAX");

    /// <summary>A peer that sends a longer message, in bytes, is disconnected; -1 is no limit. <c>ZMQ_MAXMSGSIZE</c>.</summary>
    public static SocketOption<long> MaxMsgSize { get; } = new Int64Option(22, "ZMQ_MAXMSGSIZE", least: -1);

    /// <summary>The high-water mark of sending: messages to one peer that may wait; 0 is no limit. <c>ZMQ_SNDHWM</c>.</summary>
    public static SocketOption<int> SndHwm { get; } = new Int32Option(23, "ZMQ_SNDHWM", least: 0);

    /// <summary>The high-water mark of receiving: messages of one peer that may wait; 0 is no limit. <c>ZMQ_RCVHWM</c>.</summary>
    public static SocketOption<int> RcvHwm { get; } = new Int32Option(24, "ZMQ_RCVHWM", least: 0);

    /// <summary>Multicast: how many networks a packet may cross. <c>ZMQ_MULTICAST_HOPS</c>.</summary>
    public static SocketOption<int> MulticastHops { get; } = new Int32Option(25, "ZMQ_MULTICAST_HOPS");

    /// <summary>How long a blocking receive waits. Nothing here blocks; for code that uses the native handle.
    /// <c>ZMQ_RCVTIMEO</c>.</summary>
    public static SocketOption<TimeSpan> RcvTimeo { get; } = new DurationOption(27, "ZMQ_RCVTIMEO");

    /// <summary>How long a blocking send waits. Nothing here blocks; for code that uses the native handle. <c>ZMQ_SNDTIMEO</c>.</summary>
    public static SocketOption<TimeSpan> SndTimeo { get; } = new DurationOption(28, "ZMQ_SNDTIMEO");

    /// <summary>The endpoint last bound, with wild cards resolved. Read only. <c>ZMQ_LAST_ENDPOINT</c>.</summary>
    public static SocketOption<string> LastEndpoint { get; } = new TextOption(32, "ZMQ_LAST_ENDPOINT");

    /// <summary>ROUTER: refuse messages to unknown peers. Write only. <c>ZMQ_ROUTER_MANDATORY</c>.</summary>
    public static SocketOption<bool> RouterMandatory { get; } = new BooleanOption(33, "ZMQ_ROUTER_MANDATORY");

    /// <summary>TCP keep-alive: 1 on, 0 off, -1 the system's default. <c>ZMQ_TCP_KEEPALIVE</c>.</summary>
    public static SocketOption<int> TcpKeepalive { get; } = new Int32Option(34, "ZMQ_TCP_KEEPALIVE");

    /// <summary>TCP keep-alive: probes before a connection counts as dead; -1 the system's default. <c>ZMQ_TCP_KEEPALIVE_CNT</c>.</summary>
    public static SocketOption<int> TcpKeepaliveCnt { get; } = new Int32Option(35, "ZMQ_TCP_KEEPALIVE_CNT");

    /// <summary>TCP keep-alive: seconds of silence before the first probe; -1 the system's default.
    /// <c>ZMQ_TCP_KEEPALIVE_IDLE</c>.</summary>
    public static SocketOption<int> TcpKeepaliveIdle { get; } = new Int32Option(36, "ZMQ_TCP_KEEPALIVE_IDLE");

    /// <summary>TCP keep-alive: seconds between probes; -1 the system's default. <c>ZMQ_TCP_KEEPALIVE_INTVL</c>.</summary>
    public static SocketOption<int> TcpKeepaliveIntvl { get; } = new Int32Option(37, "ZMQ_TCP_KEEPALIVE_INTVL");

    /// <summary>Queue only to connected peers. <c>ZMQ_IMMEDIATE</c>.</summary>
    public static SocketOption<bool> Immediate { get; } = new BooleanOption(39, "ZMQ_IMMEDIATE");

    /// <summary>XPUB: pass on every subscription, also those known already. Write only. <c>ZMQ_XPUB_VERBOSE</c>.</summary>
    public static SocketOption<bool> XPubVerbose { get; } = new BooleanOption(40, "ZMQ_XPUB_VERBOSE");

    /// <summary>ROUTER: raw TCP. Obsolete: use STREAM. Write only. <c>ZMQ_ROUTER_RAW</c>.</summary>
    public static SocketOption<bool> RouterRaw { get; } = new BooleanOption(41, "ZMQ_ROUTER_RAW");

    /// <summary>Speak IPv6 as well. <c>ZMQ_IPV6</c>.</summary>
    public static SocketOption<bool> IPv6 { get; } = new BooleanOption(42, "ZMQ_IPV6");

    /// <summary>The security in force: 0 none, 1 PLAIN, 2 CURVE, 3 GSSAPI. Read only. <c>ZMQ_MECHANISM</c>.</summary>
    public static SocketOption<int> Mechanism { get; } = new Int32Option(43, "ZMQ_MECHANISM");

    /// <summary>PLAIN: this side checks. <c>ZMQ_PLAIN_SERVER</c>.</summary>
    public static SocketOption<bool> PlainServer { get; } = new BooleanOption(44, "ZMQ_PLAIN_SERVER");

    /// <summary>PLAIN: the client's name. <c>ZMQ_PLAIN_USERNAME</c>.</summary>
    public static SocketOption<string> PlainUsername { get; } = new TextOption(45, "ZMQ_PLAIN_USERNAME");

    /// <summary>PLAIN: the client's password. <c>ZMQ_PLAIN_PASSWORD</c>.</summary>
    public static SocketOption<string> PlainPassword { get; } = new TextOption(46, "ZMQ_PLAIN_PASSWORD");

    /// <summary>CURVE: this side is the server; it needs a secret key. <c>ZMQ_CURVE_SERVER</c>.</summary>
    public static SocketOption<bool> CurveServer { get; } = new BooleanOption(47, "ZMQ_CURVE_SERVER");

    /// <summary>CURVE: this side's public key, 32 bytes. <c>ZMQ_CURVE_PUBLICKEY</c>.</summary>
    public static SocketOption<byte[]> CurvePublicKey { get; } = new KeyOption(48, "ZMQ_CURVE_PUBLICKEY");

    /// <summary>CURVE: this side's secret key, 32 bytes. <c>ZMQ_CURVE_SECRETKEY</c>.</summary>
    public static SocketOption<byte[]> CurveSecretKey { get; } = new KeyOption(49, "ZMQ_CURVE_SECRETKEY");

    /// <summary>CURVE: the public key of the server that a client connects to, 32 bytes. <c>ZMQ_CURVE_SERVERKEY</c>.</summary>
    public static SocketOption<byte[]> CurveServerKey { get; } = new KeyOption(50, "ZMQ_CURVE_SERVERKEY");

    /// <summary>Send an empty message to each new peer, so that a ROUTER knows this socket. Write only. <c>ZMQ_PROBE_ROUTER</c>.</summary>
    public static SocketOption<bool> ProbeRouter { get; } = new BooleanOption(51, "ZMQ_PROBE_ROUTER");

    /// <summary>REQ: number the requests and drop replies to others. Write only. <c>ZMQ_REQ_CORRELATE</c>.</summary>
    public static SocketOption<bool> ReqCorrelate { get; } = new BooleanOption(52, "ZMQ_REQ_CORRELATE");

    /// <summary>REQ: a new request may be sent before the reply to the last one. Write only. <c>ZMQ_REQ_RELAXED</c>.</summary>
    public static SocketOption<bool> ReqRelaxed { get; } = new BooleanOption(53, "ZMQ_REQ_RELAXED");

    /// <summary>Keep the last message only; single frames. Write only. <c>ZMQ_CONFLATE</c>.</summary>
    public static SocketOption<bool> Conflate { get; } = new BooleanOption(54, "ZMQ_CONFLATE");

    /// <summary>The domain that authentication (ZAP) is asked about. <c>ZMQ_ZAP_DOMAIN</c>.</summary>
    public static SocketOption<string> ZapDomain { get; } = new TextOption(55, "ZMQ_ZAP_DOMAIN");

    /// <summary>ROUTER: a new peer takes over a routing id in use. Write only. <c>ZMQ_ROUTER_HANDOVER</c>.</summary>
    public static SocketOption<bool> RouterHandover { get; } = new BooleanOption(56, "ZMQ_ROUTER_HANDOVER");

    /// <summary>The type of service in IP packets. <c>ZMQ_TOS</c>.</summary>
    public static SocketOption<int> Tos { get; } = new Int32Option(57, "ZMQ_TOS");

    /// <summary>ROUTER and STREAM: the name of the peer that is connected next. Write only. <c>ZMQ_CONNECT_ROUTING_ID</c>.</summary>
    public static SocketOption<byte[]> ConnectRoutingId { get; } = new BytesOption(61, "ZMQ_CONNECT_ROUTING_ID");

    /// <summary>GSSAPI: this side is the server. <c>ZMQ_GSSAPI_SERVER</c>.</summary>
    public static SocketOption<bool> GssapiServer { get; } = new BooleanOption(62, "ZMQ_GSSAPI_SERVER");

    /// <summary>GSSAPI: this side's principal. <c>ZMQ_GSSAPI_PRINCIPAL</c>.</summary>
    public static SocketOption<string> GssapiPrincipal { get; } = new TextOption(63, "ZMQ_GSSAPI_PRINCIPAL");

    /// <summary>GSSAPI: the server's principal. <c>ZMQ_GSSAPI_SERVICE_PRINCIPAL</c>.</summary>
    public static SocketOption<string> GssapiServicePrincipal { get; } = new TextOption(64, "ZMQ_GSSAPI_SERVICE_PRINCIPAL");

    /// <summary>GSSAPI: authenticate without encrypting. <c>ZMQ_GSSAPI_PLAINTEXT</c>.</summary>
    public static SocketOption<bool> GssapiPlaintext { get; } = new BooleanOption(65, "ZMQ_GSSAPI_PLAINTEXT");

    /// <summary>How long a handshake may take. <c>ZMQ_HANDSHAKE_IVL</c>.</summary>
    public static SocketOption<TimeSpan> HandshakeIvl { get; } = new DurationOption(66, "ZMQ_HANDSHAKE_IVL");

    /// <summary>The SOCKS5 proxy for TCP, as host:port; empty for none. <c>ZMQ_SOCKS_PROXY</c>.</summary>
    public static SocketOption<string> SocksProxy { get; } = new TextOption(68, "ZMQ_SOCKS_PROXY");

    /// <summary>XPUB: sending would block at the high-water mark instead of dropping. Write only. <c>ZMQ_XPUB_NODROP</c>.</summary>
    public static SocketOption<bool> XPubNoDrop { get; } = new BooleanOption(69, "ZMQ_XPUB_NODROP");

    /// <summary>XPUB: subscriptions are accepted by hand. Write only. <c>ZMQ_XPUB_MANUAL</c>.</summary>
    public static SocketOption<bool> XPubManual { get; } = new BooleanOption(71, "ZMQ_XPUB_MANUAL");

    /// <summary>XPUB: what each new subscriber gets first. Write only. <c>ZMQ_XPUB_WELCOME_MSG</c>.</summary>
    public static SocketOption<byte[]> XPubWelcomeMsg { get; } = new BytesOption(72, "ZMQ_XPUB_WELCOME_MSG");

    /// <summary>STREAM: tell of connecting and disconnecting by empty messages. Write only. <c>ZMQ_STREAM_NOTIFY</c>.</summary>
    public static SocketOption<bool> StreamNotify { get; } = new BooleanOption(73, "ZMQ_STREAM_NOTIFY");

    /// <summary>PUB and SUB: deliver what does not match. <c>ZMQ_INVERT_MATCHING</c>.</summary>
    public static SocketOption<bool> InvertMatching { get; } = new BooleanOption(74, "ZMQ_INVERT_MATCHING");

    /// <summary>How often to ask a silent peer for a sign of life; zero is never. <c>ZMQ_HEARTBEAT_IVL</c>.</summary>
    public static SocketOption<TimeSpan> HeartbeatIvl { get; } = new DurationOption(75, "ZMQ_HEARTBEAT_IVL");

    /// <summary>How long the peer should wait for ours before it gives up; tenths of a second count. <c>ZMQ_HEARTBEAT_TTL</c>.</summary>
    public static SocketOption<TimeSpan> HeartbeatTtl { get; } = new DurationOption(76, "ZMQ_HEARTBEAT_TTL");

    /// <summary>How long to wait for the peer's sign of life; infinite is as long as <see cref="HeartbeatIvl"/>.
    /// <c>ZMQ_HEARTBEAT_TIMEOUT</c>.</summary>
    public static SocketOption<TimeSpan> HeartbeatTimeout { get; } = new DurationOption(77, "ZMQ_HEARTBEAT_TIMEOUT");

    /// <summary>XPUB: pass on every subscription and unsubscription. Write only. <c>ZMQ_XPUB_VERBOSER</c>.</summary>
    public static SocketOption<bool> XPubVerboser { get; } = new BooleanOption(78, "ZMQ_XPUB_VERBOSER");

    /// <summary>How long connecting may take; zero leaves it to the system. <c>ZMQ_CONNECT_TIMEOUT</c>.</summary>
    public static SocketOption<TimeSpan> ConnectTimeout { get; } = new DurationOption(79, "ZMQ_CONNECT_TIMEOUT");

    /// <summary>TCP: how long unacknowledged data may be sent again; zero leaves it to the system. <c>ZMQ_TCP_MAXRT</c>.</summary>
    public static SocketOption<TimeSpan> TcpMaxRt { get; } = new DurationOption(80, "ZMQ_TCP_MAXRT");

    /// <summary>The socket is thread-safe, as only drafts are. Read only. <c>ZMQ_THREAD_SAFE</c>.</summary>
    public static SocketOption<bool> ThreadSafe { get; } = new BooleanOption(81, "ZMQ_THREAD_SAFE");

    /// <summary>Multicast: the largest packet in bytes. <c>ZMQ_MULTICAST_MAXTPDU</c>.</summary>
    public static SocketOption<int> MulticastMaxTpdu { get; } = new Int32Option(84, "ZMQ_MULTICAST_MAXTPDU");

    /// <summary>VMCI: the buffer in bytes. <c>ZMQ_VMCI_BUFFER_SIZE</c>.</summary>
    public static SocketOption<ulong> VmciBufferSize { get; } = new UInt64Option(85, "ZMQ_VMCI_BUFFER_SIZE");

    /// <summary>VMCI: the smallest buffer in bytes. <c>ZMQ_VMCI_BUFFER_MIN_SIZE</c>.</summary>
    public static SocketOption<ulong> VmciBufferMinSize { get; } = new UInt64Option(86, "ZMQ_VMCI_BUFFER_MIN_SIZE");

    /// <summary>VMCI: the largest buffer in bytes. <c>ZMQ_VMCI_BUFFER_MAX_SIZE</c>.</summary>
    public static SocketOption<ulong> VmciBufferMaxSize { get; } = new UInt64Option(87, "ZMQ_VMCI_BUFFER_MAX_SIZE");

    /// <summary>VMCI: how long connecting may take. <c>ZMQ_VMCI_CONNECT_TIMEOUT</c>.</summary>
    public static SocketOption<TimeSpan> VmciConnectTimeout { get; } = new DurationOption(88, "ZMQ_VMCI_CONNECT_TIMEOUT");

    /// <summary>Use this descriptor, which listens or is connected already, instead of making one. <c>ZMQ_USE_FD</c>.</summary>
    public static SocketOption<int> UseFd { get; } = new Int32Option(89, "ZMQ_USE_FD");

    /// <summary>GSSAPI: how <see cref="GssapiPrincipal"/> is to be read: 0 host-based, 1 user name, 2 Kerberos principal.
    /// <c>ZMQ_GSSAPI_PRINCIPAL_NAMETYPE</c>.</summary>
    public static SocketOption<int> GssapiPrincipalNameType { get; } = new Int32Option(90, "ZMQ_GSSAPI_PRINCIPAL_NAMETYPE");

    /// <summary>GSSAPI: how <see cref="GssapiServicePrincipal"/> is to be read: 0 host-based, 1 user name, 2 Kerberos principal.
    /// <c>ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE</c>.</summary>
    public static SocketOption<int> GssapiServicePrincipalNameType { get; } = new Int32Option(91, "ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE");

    /// <summary>The network interface to use, such as <c>eth0</c>. Linux. <c>ZMQ_BINDTODEVICE</c>.</summary>
    public static SocketOption<string> BindToDevice { get; } = new TextOption(92, "ZMQ_BINDTODEVICE");
}
