namespace ZmqLoop;

/// <summary>How a <see cref="LibZmqEngine"/> waits for its sockets.</summary>
public enum PollerKind
{
    /// <summary>The best there is: <see cref="Epoll"/> on Linux, else <see cref="ZmqPoll"/>. The environment variable
    /// <c>ZMQLOOP_POLLER</c> (<c>epoll</c> or <c>zmq_poll</c>) decides otherwise.</summary>
    Automatic,

    /// <summary>Linux: <c>epoll</c> over the sockets' descriptors. A turn costs what is ready, not what is registered.</summary>
    Epoll,

    /// <summary>Everywhere: <c>zmq_poll</c>. A turn costs what is registered.</summary>
    ZmqPoll,
}
