namespace ZmqLoop;

public partial class IOLoop
{
    /// <summary>Raised once for each exception of a callback that no stack context consumed, on the loop's thread.</summary>
    public event EventHandler<CallbackExceptionEventArgs>? UnhandledException;

    /// <summary>
    /// The one place where an exception ends that no stack context consumed: raises <see cref="UnhandledException"/> and logs it; the loop
    /// goes on. Override it to do otherwise; what it throws leaves <see cref="Start()"/>, and the loop can be started again with nothing
    /// lost. Loop's thread. tornado <c>handle_callback_exception</c>.
    /// </summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="origin">Which callback threw it.</param>
    public virtual void HandleCallbackException(Exception exception, CallbackOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(origin);
        ThreadAffinity.Check(this);
        EventHandler<CallbackExceptionEventArgs>? handlers = UnhandledException;
        handlers?.Invoke(this, new CallbackExceptionEventArgs(exception, origin));
        _reports.CallbackException(exception, origin, isKnown: handlers is not null);
    }

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal void ReportException(Exception exception, CallbackOrigin origin)
    {
        ThreadAffinity.Check(this);
        _reports.Report(exception, origin);
    }

    private CallbackOrigin Origin(object callback, in CapturedContext captured) => new(_kind, callback) { Trail = TrailOf(captured) };

    private CallbackOrigin Origin(HandlerEntry handler) =>
        new(CallbackKind.Handler, handler.Callback, handler.Source) { Trail = TrailOf(handler.Captured) };

    internal CallbackTrail? RecordTrail() => _debug ? CallbackTrail.Here() : null;

    private CallbackTrail? TrailOf(in CapturedContext captured) => _debug ? CallbackTrail.Of(captured) : null;

    /// <summary>The process ends, and the loop does not come to closing what it has. Any thread.</summary>
    /// <param name="senders">Who may have something on its way.</param>
    internal void ReportLeftAtExit(List<object> senders) => _reports.ProcessEnded(GetCurrentCallback()?.Origin, senders);

    /// <summary>Closes a loop whose thread has ended, and logs the sockets that are still open: terminating their context blocks until they
    /// are closed, which nobody is going to do.</summary>
    internal void CloseWithThread()
    {
        ZMQSocket[] sockets = [.. _handlers.All.Select(static handler => handler.Source.ZMQSocket).OfType<ZMQSocket>()];
        Close();
        ZMQSocket[] open = [.. sockets.Where(static socket => !socket.IsClosed)];
        if (open.Length > 0) _reports.SocketsLeft(open);
    }
}
