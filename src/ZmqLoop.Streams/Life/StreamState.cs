namespace ZmqLoop.Streams;

/// <summary>Where a stream's life stands. It only ever goes on, on whichever thread; <see cref="StreamLife"/> says who may do what in which
/// state.</summary>
internal enum StreamState
{
    /// <summary>Everything may be done.</summary>
    Open,

    /// <summary>To be drained: nothing is received any more; async handlers under way come to their end, and what they answer is
    /// sent.</summary>
    Draining,

    /// <summary>Nothing is accepted any more: the last handler has ended, or the loop is about to close the stream. What is queued still
    /// goes in the loop's turns.</summary>
    Closing,

    /// <summary>The loop does not run: what the socket takes at once is what is sent.</summary>
    HandingOver,

    /// <summary>Nothing can be done.</summary>
    Closed,
}
