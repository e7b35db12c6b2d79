namespace ZmqLoop.Streams;

/// <summary>Why a stream did not send a message.</summary>
public enum NotSentReason
{
    /// <summary>The send queue had reached its limit.</summary>
    QueueFull,

    /// <summary>Its time to live was over.</summary>
    Expired,

    /// <summary><see cref="ZMQStream.ClearSendQueue"/> was called.</summary>
    Cleared,

    /// <summary>As many messages as may waited for its peer (<see cref="ZMQStreamOptions.MaxQueuedPerPeer"/>).</summary>
    PeerQueueFull,
}
