namespace ZmqLoop;

/// <summary>What to do about an endpoint that the library has refused.</summary>
internal static class EndpointErrors
{
    private const string Bind = " Bind to an address of this machine, or to all of them: tcp://*:5555.";

    /// <summary>As an error begins: <c>Binding</c>.</summary>
    public static string NameOf(EndpointCall call) => call switch
    {
        EndpointCall.Bind => "Binding",
        EndpointCall.Connect => "Connecting",
        EndpointCall.Unbind => "Unbinding",
        _ => "Disconnecting",
    };

    /// <summary>A sentence with a space before it, or nothing.</summary>
    /// <param name="code">The library's error.</param>
    /// <param name="call">What was tried.</param>
    /// <param name="endpoint">Where.</param>
    public static string AdviceFor(ZMQErrorCode code, EndpointCall call, string endpoint)
    {
        bool connects = call == EndpointCall.Connect;
        bool inproc = endpoint.StartsWith("inproc:", StringComparison.Ordinal);
        return code switch
        {
            ZMQErrorCode.InvalidArgument => " An endpoint is a transport and an address, such as tcp://127.0.0.1:5555 or inproc://name.",
            ZMQErrorCode.AddressInUse when inproc => " A socket of this context has that name: close it, or choose another name.",
            ZMQErrorCode.AddressInUse =>
                " Somebody listens there: close that socket, or bind to another port (tcp://127.0.0.1:* takes a free one).",
            ZMQErrorCode.AddressNotAvailable => Bind,
            ZMQErrorCode.NoSuchDevice when connects => " Connect to an address, or to a name that can be looked up.",
            ZMQErrorCode.NoSuchDevice => " No such name or interface can be looked up." + Bind,
            ZMQErrorCode.AccessDenied =>
                " Take a port from 1024 up, or let the process have lower ones (CAP_NET_BIND_SERVICE); for ipc, a directory that it may "
                    + "write to.",
            ZMQErrorCode.EndpointNotFound when connects && inproc => " Bind the name first, on the same engine.",
            ZMQErrorCode.EndpointNotFound when connects || call == EndpointCall.Bind => " The directory of an ipc path has to be there.",
            ZMQErrorCode.EndpointNotFound =>
                $" {NameOf(call)} takes what was bound or connected, or, where a bind chose the port, the LastEndpoint of then.",
            ZMQErrorCode.NameTooLong => " The path of an ipc endpoint has at most 107 bytes.",
            _ => "",
        };
    }
}
