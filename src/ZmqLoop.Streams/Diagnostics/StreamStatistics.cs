namespace ZmqLoop.Streams;

/// <summary>What went through a stream so far, and what did not. Read on another thread than the loop's, the numbers may be of slightly
/// different moments.</summary>
public readonly record struct StreamStatistics
{
    /// <summary>Messages that were received.</summary>
    public long Received { get; init; }

    /// <summary>Their bytes.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>How long ago the last one was received, by the loop's clock; null where none was.</summary>
    public TimeSpan? SinceReceived { get; init; }

    /// <summary>Messages that the engine took.</summary>
    public long Sent { get; init; }

    /// <summary>Their bytes.</summary>
    public long SentBytes { get; init; }

    /// <summary>Messages that the engine refused, those without a route among them.</summary>
    public long Refused { get; init; }

    /// <summary>As many messages as ever waited to be sent.</summary>
    public int MostQueued { get; init; }

    /// <summary>True where what waits to be sent cannot go out: no peer is there that has room.</summary>
    public bool IsHeldUp { get; init; }

    /// <summary>ROUTER and STREAM: how many peers have no room, and messages that wait for it.</summary>
    public int PeersWithoutRoom { get; init; }

    /// <summary>Messages that were dropped since the queue was full (<see cref="NotSentReason.QueueFull"/>).</summary>
    public long DroppedForFullQueue { get; init; }

    /// <summary>Messages that were dropped since too many waited for their peer (<see cref="NotSentReason.PeerQueueFull"/>).</summary>
    public long DroppedForFullPeer { get; init; }

    /// <summary>Messages whose time to live was over (<see cref="NotSentReason.Expired"/>).</summary>
    public long Expired { get; init; }

    /// <summary>Messages that <see cref="ZMQStream.ClearSendQueue"/> dropped (<see cref="NotSentReason.Cleared"/>).</summary>
    public long Cleared { get; init; }
}
