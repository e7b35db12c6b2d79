namespace ZmqLoop;

/// <summary>What went wrong, the same for every engine and platform (errno numbers are not).</summary>
public enum ZMQErrorCode
{
    /// <summary>Something without a name of its own; see <see cref="ZMQException.Number"/>.</summary>
    Unknown = 0,

    /// <summary>Would block. <c>EAGAIN</c>.</summary>
    Again,

    /// <summary>A signal arrived. <c>EINTR</c>.</summary>
    Interrupted,

    /// <summary>The context was terminated. <c>ETERM</c>.</summary>
    ContextTerminated,

    /// <summary>The socket was closed. <c>ENOTSOCK</c>.</summary>
    NotASocket,

    /// <summary>Not possible in the socket's present state, such as receiving twice on REP. <c>EFSM</c>.</summary>
    FiniteStateMachine,

    /// <summary>No route to that peer (ROUTER_MANDATORY). <c>EHOSTUNREACH</c>.</summary>
    HostUnreachable,

    /// <summary>Not supported by this socket type or build. <c>ENOTSUP</c>.</summary>
    NotSupported,

    /// <summary>An argument or option value is not valid. <c>EINVAL</c>.</summary>
    InvalidArgument,

    /// <summary>The address is in use. <c>EADDRINUSE</c>.</summary>
    AddressInUse,

    /// <summary>The address is not local. <c>EADDRNOTAVAIL</c>.</summary>
    AddressNotAvailable,

    /// <summary>No such endpoint. <c>ENOENT</c>.</summary>
    EndpointNotFound,

    /// <summary>The interface does not exist, or a name cannot be looked up. <c>ENODEV</c>.</summary>
    NoSuchDevice,

    /// <summary>The transport is not known. <c>EPROTONOSUPPORT</c>.</summary>
    ProtocolNotSupported,

    /// <summary>The transport does not go with the socket type. <c>ENOCOMPATPROTO</c>.</summary>
    IncompatibleProtocol,

    /// <summary>No I/O thread is left. <c>EMTHREAD</c>.</summary>
    NoThread,

    /// <summary>Too many open sockets or files. <c>EMFILE</c>.</summary>
    TooManyOpenFiles,

    /// <summary>Out of memory. <c>ENOMEM</c>.</summary>
    NoMemory,

    /// <summary>A bad address was passed. <c>EFAULT</c>.</summary>
    Fault,

    /// <summary>The message is too long. <c>EMSGSIZE</c>.</summary>
    MessageTooLong,

    /// <summary>Permission denied. <c>EACCES</c>.</summary>
    AccessDenied,

    /// <summary>A path is too long, as of an ipc endpoint. <c>ENAMETOOLONG</c>.</summary>
    NameTooLong,

    /// <summary>The other end has been closed. <c>EPIPE</c>.</summary>
    BrokenPipe,
}
