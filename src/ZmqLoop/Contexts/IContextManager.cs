namespace ZmqLoop;

/// <summary>One instance of a <see cref="StackContext"/>: entered before a callback, left after it. Python's context manager.</summary>
/// <remarks>A fresh instance is made for each callback, and used by one thread. Where nothing of an exception is wanted, an
/// <see cref="IDisposable"/> will do instead.</remarks>
public interface IContextManager
{
    /// <summary>Called before the callback. What it throws keeps the callback from running. <c>__enter__</c>.</summary>
    void Enter();

    /// <summary>Called after the callback. <c>__exit__</c>.</summary>
    /// <param name="exception">What leaves the callback, or null.</param>
    /// <returns>True to consume the exception.</returns>
    bool Exit(Exception? exception);
}
