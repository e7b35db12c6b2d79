namespace ZmqLoop.Polling;

/// <summary>A ZeroMQ socket as the pollers of its engine see it.</summary>
internal interface IWatchedSocket
{
    /// <summary>Where a poller watches this socket, and what it knows of it; null where none does.</summary>
    Registration? Watch { get; set; }

    /// <summary>The descriptor that is readable while there is something that the library has not looked at; -1 where there is none to be
    /// had.</summary>
    int Descriptor { get; }

    /// <summary>True once somebody may use the socket without our knowing: it must be asked before every sleep.</summary>
    bool IsExposed { get; }

    /// <summary>True once the socket was closed, by whomever.</summary>
    bool IsClosed { get; }

    /// <summary>What the socket is ready for, without the poller taking note of the question.</summary>
    /// <param name="signalled">True where the descriptor was readable: then there is something that the library has not looked at.</param>
    IOEvents AskEvents(bool signalled);
}
