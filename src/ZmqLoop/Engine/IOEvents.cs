namespace ZmqLoop;

/// <summary>What a handler waits for, and what happened. The values are tornado's and pyzmq's (2.1.11 and later).</summary>
/// <remarks>
/// <see cref="Error"/> is two bits, so test with <c>(events &amp; IOEvents.Error) != 0</c>. These are not ZeroMQ's own
/// <c>ZMQ_POLLIN</c>/<c>POLLOUT</c>/<c>POLLERR</c> (1, 2, 4).
/// </remarks>
[Flags]
public enum IOEvents
{
    /// <summary>Nothing: the source stays registered and only errors are reported. <c>IOLoop.NONE</c>.</summary>
    None = 0,

    /// <summary>A message or bytes can be received. <c>IOLoop.READ</c>.</summary>
    Read = 1,

    /// <summary>A message or bytes can be sent. <c>IOLoop.WRITE</c>.</summary>
    Write = 4,

    /// <summary>An error condition, epoll's <c>EPOLLERR</c>.</summary>
    Failed = 8,

    /// <summary>The peer hung up, epoll's <c>EPOLLHUP</c>.</summary>
    HungUp = 16,

    /// <summary>An error or a hang-up; also how a source that was closed behind the loop's back is reported. <c>IOLoop.ERROR</c>.</summary>
    Error = Failed | HungUp,
}
