namespace ZmqLoop.Streams;

/// <summary>What became of a message that was given to a <see cref="SendQueue"/>.</summary>
internal enum AddResult
{
    /// <summary>It waits to be sent; or it was dropped, and its sender will be told.</summary>
    Queued,

    /// <summary>There was no room.</summary>
    Full,

    /// <summary>The queue is closed.</summary>
    Closed,
}
