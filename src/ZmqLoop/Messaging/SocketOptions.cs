namespace ZmqLoop;

/// <summary>The options of libzmq 4.3 under ZeroMQ's names: <c>ZMQ_ROUTER_MANDATORY</c> is <see cref="RouterMandatory"/>. Use with <see cref="ZMQSocket.Get"/> and <see cref="ZMQSocket.Set"/>.</summary>
public static class SocketOptions
{
    /// <summary>How long unsent messages may keep the context alive after close. <c>ZMQ_LINGER</c>.</summary>
    public static SocketOption<TimeSpan> Linger { get; } = new DurationOption(17, "ZMQ_LINGER");

    /// <summary>The high-water mark of sending. <c>ZMQ_SNDHWM</c>.</summary>
    public static SocketOption<int> SndHwm { get; } = new Int32Option(23, "ZMQ_SNDHWM");

    /// <summary>The high-water mark of receiving. <c>ZMQ_RCVHWM</c>.</summary>
    public static SocketOption<int> RcvHwm { get; } = new Int32Option(24, "ZMQ_RCVHWM");

    /// <summary>The name by which a ROUTER peer knows this socket. <c>ZMQ_ROUTING_ID</c>.</summary>
    public static SocketOption<byte[]> RoutingId { get; } = new BytesOption(5, "ZMQ_ROUTING_ID");

    /// <summary>A subscription of a SUB socket. Write only. <c>ZMQ_SUBSCRIBE</c>.</summary>
    public static SocketOption<byte[]> Subscribe { get; } = new BytesOption(6, "ZMQ_SUBSCRIBE");

    /// <summary>Takes a subscription back. Write only. <c>ZMQ_UNSUBSCRIBE</c>.</summary>
    public static SocketOption<byte[]> Unsubscribe { get; } = new BytesOption(7, "ZMQ_UNSUBSCRIBE");

    /// <summary>The endpoint last bound. Read only. <c>ZMQ_LAST_ENDPOINT</c>.</summary>
    public static SocketOption<string> LastEndpoint { get; } = new TextOption(32, "ZMQ_LAST_ENDPOINT");

    /// <summary>ROUTER: refuse messages to unknown peers. Write only. <c>ZMQ_ROUTER_MANDATORY</c>.</summary>
    public static SocketOption<bool> RouterMandatory { get; } = new BooleanOption(33, "ZMQ_ROUTER_MANDATORY");

    /// <summary>Queue only to connected peers. <c>ZMQ_IMMEDIATE</c>.</summary>
    public static SocketOption<bool> Immediate { get; } = new BooleanOption(39, "ZMQ_IMMEDIATE");
}
