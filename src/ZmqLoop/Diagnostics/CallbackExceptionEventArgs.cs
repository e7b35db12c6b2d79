namespace ZmqLoop;

/// <summary>An exception of a callback that no stack context consumed.</summary>
/// <param name="exception">What was thrown.</param>
/// <param name="origin">Which callback threw it.</param>
public sealed class CallbackExceptionEventArgs(Exception exception, CallbackOrigin origin) : EventArgs
{
    /// <summary>What was thrown.</summary>
    public Exception Exception { get; } = exception;

    /// <summary>Which callback threw it.</summary>
    public CallbackOrigin Origin { get; } = origin;
}
