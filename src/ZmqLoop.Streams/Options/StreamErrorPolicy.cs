namespace ZmqLoop.Streams;

/// <summary>What a stream does after a receive callback threw.</summary>
public enum StreamErrorPolicy
{
    /// <summary>Goes on with the next message.</summary>
    Continue,

    /// <summary>Stops receiving, as <see cref="ZMQStream.StopOnRecv"/> does; what waits stays in the socket.</summary>
    Pause,

    /// <summary>Closes the stream. What pyzmq did until 16.</summary>
    Close,
}
