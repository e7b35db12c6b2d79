namespace ZmqLoop;

/// <summary>The context was terminated under the call. A loop that meets it ends quietly. pyzmq's <c>ContextTerminated</c>.</summary>
public sealed class ContextTerminatedException : ZMQException
{
    /// <summary>With the usual message.</summary>
    public ContextTerminatedException() : this("The ZeroMQ context was terminated.")
    {
    }

    /// <summary>With a message.</summary>
    public ContextTerminatedException(string message) : this(message, null)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public ContextTerminatedException(string message, Exception? innerException)
        : base(ZMQErrorCode.ContextTerminated, 0, "ETERM", message, null, innerException)
    {
    }
}
