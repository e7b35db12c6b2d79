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

    /// <summary>Gives <see cref="HandleCallbackException"/> an exception, for code that runs callbacks of its own on the loop, such as a stream. What that
    /// throws passes through the callback in progress and leaves <see cref="Start()"/>; reporting it again on its way out only throws it again. Loop's thread.</summary>
    public void ReportException(Exception exception, CallbackOrigin origin)
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

    /// <summary>This place, and the callbacks that led to it, where the loop records them (<see cref="IOLoopOptions.Debug"/>); else null. For what lives on a loop, such as a stream, to tell later where it was made. Any thread.</summary>
    public CallbackTrail? RecordTrail() => _debug ? CallbackTrail.Here() : null;

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

    private void LogContextTerminated()
    {
        if (_logger is not null) LoopLog.ContextTerminated(_logger);
    }

    private void LogClosedSource(PollSource source, Exception reason)
    {
        if (_logger is not null) LoopLog.SourceClosed(_logger, source.ToString(), reason.Message);
    }
}

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

internal static partial class LoopLog
{
    [LoggerMessage(1, LogLevel.Error, "Exception in {Origin}")]
    public static partial void CallbackException(ILogger logger, Exception exception, CallbackOrigin origin);

    [LoggerMessage(2, LogLevel.Warning, "{Depth} stack contexts are nested, the innermost is {Context}: something enters a context again in each callback; deactivate it, or use NullContext")]
    public static partial void DeepChain(ILogger logger, int depth, string context);

    [LoggerMessage(3, LogLevel.Information, "The ZeroMQ context was terminated; the loop ends")]
    public static partial void ContextTerminated(ILogger logger);

    [LoggerMessage(4, LogLevel.Warning, "{Source} was closed while the loop watched it: {Reason}")]
    public static partial void SourceClosed(ILogger logger, string source, string reason);

    [LoggerMessage(7, LogLevel.Debug, "The loop was closed while it watched {Count}: {Sources}")]
    public static partial void SourcesLeft(ILogger logger, int count, string sources);
}
