namespace ZmqLoop;

/// <summary>A context was left while another one was in force, or left without having been entered. tornado's
/// <c>StackContextInconsistentError</c>.</summary>
public sealed class StackContextInconsistentException : InvalidOperationException
{
    /// <summary>With the usual message.</summary>
    public StackContextInconsistentException()
        : this(
            "A stack context was left out of step: leave contexts in the reverse order of entering, in the callback that entered them. "
            + "Run(body) does so by itself.")
    {
    }

    /// <summary>With a message.</summary>
    public StackContextInconsistentException(string message) : base(message)
    {
    }

    /// <summary>With a message and the exception that was in flight.</summary>
    public StackContextInconsistentException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
