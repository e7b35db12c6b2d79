namespace ZmqLoop;

/// <summary>What to do about an endpoint that the library has refused.</summary>
internal static class EndpointErrors
{
    /// <summary>A sentence with a space before it, or nothing.</summary>
    public static string AdviceFor(ZMQErrorCode code) => code switch
    {
        ZMQErrorCode.InvalidArgument => " An endpoint is a transport and an address, such as tcp://127.0.0.1:5555 or inproc://name.",
        ZMQErrorCode.AddressInUse => 
            " Somebody listens there: close that socket, or bind to another port (tcp://127.0.0.1:* takes a free one).",
        ZMQErrorCode.AddressNotAvailable => " Bind to an address of this machine, or to all of them: tcp://*:5555.",
        ZMQErrorCode.NoSuchDevice =>
            " Bind to an address of this machine, or to all of them (tcp://*:5555); connect to an address, or to a name that can be looked "
                + "up.",
        ZMQErrorCode.AccessDenied =>
            " Take a port from 1024 up, or let the process have lower ones (CAP_NET_BIND_SERVICE); for ipc, a directory that it may write "
                + "to.",
        ZMQErrorCode.EndpointNotFound =>
            " Unbind and Disconnect take what was bound or connected, or the LastEndpoint of then; an ipc path needs its directory.",
        ZMQErrorCode.NameTooLong => " The path of an ipc endpoint has at most 107 bytes.",
        _ => "",
    };
}
