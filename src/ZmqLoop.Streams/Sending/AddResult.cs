namespace ZmqLoop.Streams;

/// <summary>What became of a message that was given to a <see cref="SendQueue"/>.</summary>
internal enum AddResult
{
    /// <summary>It waits to be sent.</summary>
    Queued,

    /// <summary>It was dropped, and its sender will be told.</summary>
    Dropped,

    /// <summary>There was no room.</summary>
    Full,

    /// <summary>As many as may wait for its peer.</summary>
    PeerFull,

    /// <summary>The queue is closed.</summary>
    Closed,
}
