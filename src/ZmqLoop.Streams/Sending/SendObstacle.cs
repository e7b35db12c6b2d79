namespace ZmqLoop.Streams;

/// <summary>What keeps a message from going out.</summary>
internal enum SendObstacle
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The socket would block, and tells when it does not any more. So is a REQ or REP whose turn it is not.</summary>
    NoRoom,

    /// <summary>The socket would block for this message, though it calls itself writable: the peer that it is for has no room. Waiting for
    /// room would spin.</summary>
    PeerWithoutRoom,
}
