namespace ZmqLoop;

/// <summary>A call to ZeroMQ failed. "Would block" is never reported this way. pyzmq's <c>ZMQError</c>.</summary>
public class ZMQException : Exception
{
    /// <summary>An unspecified failure.</summary>
    public ZMQException() : this("ZeroMQ failed.")
    {
    }

    /// <summary>A failure with a message only.</summary>
    public ZMQException(string message) : base(message)
    {
    }

    /// <summary>A failure with a message and its cause.</summary>
    public ZMQException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>A failure that the engine reported.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="number">The engine's own number (errno).</param>
    /// <param name="name">ZeroMQ's name of it, such as <c>EADDRINUSE</c>.</param>
    /// <param name="message">What was tried and what to do.</param>
    /// <param name="endpoint">The endpoint, where there was one.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public ZMQException(ZMQErrorCode code, int number, string name, string message, string? endpoint = null,
        Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Number = number;
        Name = name;
        Endpoint = endpoint;
    }

    /// <summary>What went wrong.</summary>
    public ZMQErrorCode Code { get; }

    /// <summary>The engine's own number: errno for libzmq, which differs between platforms.</summary>
    public int Number { get; }

    /// <summary>ZeroMQ's name of the error, such as <c>EADDRINUSE</c>; empty where there is none.</summary>
    public string Name { get; } = "";

    /// <summary>The endpoint that was bound or connected, or null.</summary>
    public string? Endpoint { get; }
}
