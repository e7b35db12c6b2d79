namespace ZmqLoop.Streams;

/// <summary>What happens to a message that finds a bounded send queue full (<see cref="ZMQStreamOptions.SendQueueLimit"/>,
/// <see cref="ZMQStreamOptions.SendQueueByteLimit"/>).</summary>
/// <remarks>The names are those of <see cref="System.Threading.Channels.BoundedChannelFullMode"/>. Whoever sent a dropped message is told
/// with a <see cref="MessageNotSentException"/>, and <see cref="ZMQStream.DroppedMessages"/> counts it.</remarks>
public enum SendQueueFullMode
{
    /// <summary><see cref="ZMQStream.SendAsync(Message, CancellationToken)"/> takes it and ends later, so that who awaits it waits for
    /// room; <c>Send</c> cannot wait, and throws.</summary>
    Wait,

    /// <summary>The newest message in the queue is dropped, and the new one taken.</summary>
    DropNewest,

    /// <summary>The oldest message in the queue is dropped, and the new one taken.</summary>
    DropOldest,

    /// <summary>The new message is dropped.</summary>
    DropWrite,

    /// <summary>Nothing waits and nothing is dropped: <c>Send</c> throws, and the task of
    /// <see cref="ZMQStream.SendAsync(Message, CancellationToken)"/> fails.</summary>
    Throw,
}
