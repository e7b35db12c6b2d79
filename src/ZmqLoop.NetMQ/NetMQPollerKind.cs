namespace ZmqLoop;

/// <summary>How a <see cref="NetMQEngine"/>'s pollers wait.</summary>
public enum NetMQPollerKind
{
    /// <summary><see cref="Epoll"/> where it is possible, else <see cref="Selector"/>; the environment variable
    /// <c>ZMQLOOP_NETMQ_POLLER</c>, set to <c>epoll</c> or <c>selector</c>, decides otherwise.</summary>
    Automatic,

    /// <summary>Linux's epoll over the sockets' mailboxes: a turn does not cost a system call for each socket. It needs members that NetMQ
    /// does not publish; whether they are there is looked up once.</summary>
    Epoll,

    /// <summary>NetMQ's own <c>NetMQSelector</c>, everywhere: two system calls for each socket and wait.</summary>
    Selector,
}
