namespace ZmqLoop;

/// <summary>Handles what escapes from its body and from every callback that the body leads to, however many hops later.</summary>
/// <remarks>
/// The innermost handler is asked first; one that returns false, or throws, passes on to the next one out, and at last to
/// <see cref="IOLoop.HandleCallbackException"/>. What a handler schedules runs inside its own context again: a handler that retries should
/// use <see cref="IOLoop.SpawnCallback(Action)"/> or <see cref="CallbackContext.Deactivate"/>. That a <see cref="CallbackScope"/> was
/// cancelled is no error, and no handler is asked about it, wherever it stands. tornado 4.5 <c>ExceptionStackContext</c>.
/// </remarks>
/// <example><code>
/// IOLoop loop = IOLoop.Current;
/// ExceptionStackContext errors = new(error =>
/// {
///     Console.WriteLine("the request failed: " + error.Message);
///     return true; // handled
/// });
/// errors.Run(() => loop.CallLater(0.1, () => throw new InvalidOperationException("five callbacks later")));
/// </code></example>
public sealed class ExceptionStackContext : CallbackContext
{
    private readonly Func<Exception, bool> _handler;

    /// <summary>A context with a handler.</summary>
    /// <param name="handler">Gets the exception; returns true to consume it.</param>
    public ExceptionStackContext(Func<Exception, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handler = handler;
    }

    internal override bool IsEntered => false;

    internal override bool HandlesErrors => true;

    internal override bool ExitInstance(object? instance, Exception? error) => error is not null && _handler(error);
}
