namespace ZmqLoop.Streams;

/// <summary>A stream did not send a message, of its own accord: thrown by <c>Send</c> where there is no room, and told to whoever sent a
/// message that was dropped later.</summary>
public sealed class MessageNotSentException : InvalidOperationException
{
    /// <summary>With the usual message.</summary>
    public MessageNotSentException() : this(NotSentReason.QueueFull)
    {
    }

    /// <summary>With a message.</summary>
    public MessageNotSentException(string message) : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public MessageNotSentException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>For a reason.</summary>
    public MessageNotSentException(NotSentReason reason) : base(Describe(reason)) => Reason = reason;

    /// <summary>Why.</summary>
    public NotSentReason Reason { get; }

    private static string Describe(NotSentReason reason) => reason switch
    {
        NotSentReason.Expired => "The message's time to live was over before the socket took it.",
        NotSentReason.Cleared => "The send queue was cleared before the socket took the message.",
        NotSentReason.PeerQueueFull => "As many messages as may (ZMQStreamOptions.MaxQueuedPerPeer) wait for this peer, which is slow: "
            + "await SendAsync, ask with TrySend, or choose what to drop with ZMQStreamOptions.SendQueueFullMode.",
        _ => "The stream's send queue is full: await SendAsync or WaitToSendAsync, ask with TrySend, "
            + "or choose what to drop with ZMQStreamOptions.SendQueueFullMode.",
    };
}
