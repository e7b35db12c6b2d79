namespace ZmqLoop.Streams;

/// <summary>What keeps a <see cref="ProxyRoute"/> from going on.</summary>
internal enum ProxyObstacle
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The target would block, and tells when it does not any more.</summary>
    NoRoom,

    /// <summary>The target would block for this message, though it calls itself writable.</summary>
    PeerWithoutRoom,
}
