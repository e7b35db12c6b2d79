namespace ZmqLoop.Streams;

/// <summary>The error of what cannot be done, or was not done, because a stream is closed.</summary>
internal static class StreamClosed
{
    public static ObjectDisposedException Error(string message) => new("ZMQStream", message);
}
