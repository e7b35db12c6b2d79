using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace ZmqLoop;

public partial class IOLoop
{
    private bool _deepChainReported;
    private Exception? _escaping;

    /// <summary>Raised once for each exception of a callback that no stack context consumed, on the loop's thread.</summary>
    public event EventHandler<CallbackExceptionEventArgs>? UnhandledException;

    /// <summary>
    /// The one place where an exception ends that no stack context consumed: raises <see cref="UnhandledException"/> and logs it; the loop goes on.
    /// Override it to do otherwise; what it throws leaves <see cref="Start()"/>, and the loop can be started again with nothing lost. tornado <c>handle_callback_exception</c>.
    /// </summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="origin">Which callback threw it.</param>
    public virtual void HandleCallbackException(Exception exception, CallbackOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(origin);
        EventHandler<CallbackExceptionEventArgs>? handlers = UnhandledException;
        handlers?.Invoke(this, new CallbackExceptionEventArgs(exception, origin));
        if (_logger is not null) LoopLog.CallbackException(_logger, exception, origin);
        else if (handlers is null) Console.Error.WriteLine($"ZmqLoop: exception in {origin}: {exception}");
    }

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal void ReportException(Exception exception, CallbackOrigin origin)
    {
        if (ReferenceEquals(exception, _escaping)) ExceptionDispatchInfo.Throw(exception);
        try
        {
            HandleCallbackException(exception, origin);
        }
        catch (Exception escaping)
        {
            _escaping = escaping;
            throw;
        }
    }

    /// <summary>Reports what left a callback, unless it was reported inside the callback already and is on its way out.</summary>
    private void Report(Exception error, CallbackOrigin origin)
    {
        if (ReferenceEquals(error, _escaping))
        {
            _escaping = null;
            ExceptionDispatchInfo.Throw(error);
        }

        HandleCallbackException(error, origin);
    }

    private CallbackOrigin Origin(object callback, in Captured captured) => new(_kind, callback) { Trail = TrailOf(captured) };

    private CallbackOrigin Origin(Handler handler) => new(CallbackKind.Handler, handler.Callback, handler.Source) { Trail = TrailOf(handler.Captured) };

    internal CallbackTrail? RecordTrail() => _debug ? CallbackTrail.Here() : null;

    private CallbackTrail? TrailOf(in Captured captured) => _debug ? CallbackTrail.Of(captured) : null;

    private void ReportDeepChain(ContextNode node)
    {
        if (_deepChainReported) return;
        _deepChainReported = true;
        if (_logger is not null) LoopLog.DeepChain(_logger, node.Depth, node.Context!.ToString());
    }

    private void LogSourcesLeft(Handler[] handlers)
    {
        if (handlers.Length > 0 && _logger?.IsEnabled(LogLevel.Debug) == true) LoopLog.SourcesLeft(_logger, handlers.Length, string.Join(", ", handlers.Select(static handler => handler.Source)));
    }

    /// <summary>Closes a loop whose thread has ended, and tells of the sockets that nobody will close any more: the end of their context
    /// waits for them, and would hang without a word.</summary>
    internal void CloseWithThread()
    {
        ZMQSocket[] sockets = [.. _handlers.Keys.Select(static source => source.ZMQSocket).OfType<ZMQSocket>()];
        Close();
        string left = string.Join(", ", sockets.Where(static socket => !socket.IsClosed));
        if (left.Length == 0) return;
        if (_logger is not null) LoopLog.SocketsLeft(_logger, left);
        else Console.Error.WriteLine($"ZmqLoop: a loop's thread has ended, and sockets that it watched are still open: {left}. Close them before.");
    }

    private void LogContextTerminated()
    {
        if (_logger is not null) LoopLog.ContextTerminated(_logger);
    }

    private void LogClosedSource(PollSource source, Exception reason)
    {
        if (_logger is not null) LoopLog.SourceClosed(_logger, source.ToString(), reason.Message);
    }
}
