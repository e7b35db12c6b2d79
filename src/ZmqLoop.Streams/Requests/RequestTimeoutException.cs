namespace ZmqLoop.Streams;

/// <summary>No answer came in time. The message says what the state was: where the request had got to, what else is in flight, whether a
/// server is connected, and when one was heard last.</summary>
public sealed class RequestTimeoutException : TimeoutException
{
    /// <summary>With the usual message.</summary>
    public RequestTimeoutException() : this("No answer came in time.")
    {
    }

    /// <summary>With a message.</summary>
    public RequestTimeoutException(string message) : base(message)
    {
    }

    /// <summary>With a message and its cause.</summary>
    public RequestTimeoutException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>How often the request was sent: with 0 no server can have seen it, and to ask again is safe.</summary>
    public int TimesSent { get; init; }

    /// <summary>How many requests were in flight, this one included where it was.</summary>
    public int InFlight { get; init; }

    /// <summary>How many waited for a place among those.</summary>
    public int Waiting { get; init; }

    /// <summary>How many messages the socket had not taken yet: requests, those that are sent again among them, and cancellations (<see
    /// cref="RequestOptions.TellsCancellation"/>).</summary>
    public int SendQueueLength { get; init; }

    /// <summary>How long ago the last answer to any request had come; null where none has.</summary>
    public TimeSpan? LastAnswerAge { get; init; }
}
