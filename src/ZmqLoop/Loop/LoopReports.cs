using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace ZmqLoop;

/// <summary>The errors and warnings of a loop: to <see cref="IOLoop.HandleCallbackException"/>, to the log, and to stderr where there is
/// no log.</summary>
internal sealed class LoopReports(IOLoop loop, ILogger? logger)
{
    private const int MostNamed = 10;

    private Exception? _escaping; // thrown by HandleCallbackException, and on its way out of Start
    private bool _deepChainReported;

    public ILogger? Logger => logger;

    /// <summary>At the beginning of a sentence.</summary>
    private string Loop => loop.Name is { } name ? $"Loop {name}" : "The loop";

    /// <summary>Nothing is on its way out of <see cref="IOLoop.Start()"/> any more.</summary>
    public void Reset() => _escaping = null;

    /// <summary>Reports what was thrown inside of a callback. Reporting it again on its way out only throws it again.</summary>
    public void Report(Exception exception, CallbackOrigin origin)
    {
        if (ReferenceEquals(exception, _escaping)) ExceptionDispatchInfo.Throw(exception);
        try
        {
            loop.HandleCallbackException(exception, origin);
        }
        catch (Exception escaping)
        {
            _escaping = escaping;
            throw;
        }
    }

    /// <summary>Reports what left a callback, unless it was reported inside the callback already and is on its way out.</summary>
    public void ReportEscaped(Exception error, CallbackOrigin origin)
    {
        if (ReferenceEquals(error, _escaping))
        {
            _escaping = null;
            ExceptionDispatchInfo.Throw(error);
        }

        loop.HandleCallbackException(error, origin);
    }

    /// <summary>An exception that nobody handled.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="origin">By which callback.</param>
    /// <param name="isKnown">True where a handler of <see cref="IOLoop.UnhandledException"/> has it already: then it does not go to
    /// stderr.</param>
    public void CallbackException(Exception exception, CallbackOrigin origin, bool isKnown)
    {
        if (logger is not null) Log(logger, exception, origin);
        else if (!isKnown) Console.Error.WriteLine($"ZmqLoop: exception in {origin}{ItemOf(origin)}: {exception}");
    }

    /// <summary>A log that fails, such as on a full disk, must not end the loop: stderr gets what it did not take.</summary>
    private static void Log(ILogger logger, Exception exception, CallbackOrigin origin)
    {
        try
        {
            LoopLog.CallbackException(logger, exception, origin, ItemOf(origin));
        }
        catch (Exception failure)
        {
            string lines = $"{exception}{Environment.NewLine}It was not logged: {failure}";
            Console.Error.WriteLine($"ZmqLoop: exception in {origin}{ItemOf(origin)}: {lines}");
        }
    }

    /// <summary>The first of them: there may be thousands.</summary>
    private static string Named(IReadOnlyCollection<object> all) => string.Join(", ", all.Take(MostNamed))
        + (all.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - MostNamed} more") : "");

    private static string ItemOf(CallbackOrigin origin) => origin.ItemText is { } text ? $", which had {text}" : "";

    /// <summary>Once for a loop.</summary>
    public void DeepChain(ContextNode node)
    {
        if (_deepChainReported) return;
        _deepChainReported = true;
        if (logger is not null) LoopLog.DeepChain(logger, node.Depth, node.Context!.ToString());
    }

    public void SourcesLeft(HandlerEntry[] handlers)
    {
        if (handlers.Length > 0 && logger?.IsEnabled(LogLevel.Debug) == true)
            LoopLog.SourcesLeft(logger, Loop, handlers.Length, Named([.. handlers.Select(static handler => (object)handler.Source)]));
    }

    /// <summary>Sockets are still open when the loop's thread has ended, which alone could close them.</summary>
    public void SocketsLeft(ZMQSocket[] sockets)
    {
        string left = Named(sockets);
        if (logger is not null) LoopLog.SocketsLeft(logger, Loop, left);
        else Console.Error.WriteLine(
            $"ZmqLoop: {Loop} has ended with its thread, and sockets that it watched are still open: {left}. Close them before.");
    }

    /// <summary>The process ends, and the loop does not come to closing what it has. Any thread.</summary>
    public void ProcessEnded(CallbackOrigin? at, List<object> senders)
    {
        string origin = at?.ToString() ?? "its wait for events"; // where its thread was not given a processor
        string names = Named(senders);
        try
        {
            if (logger is not null)
            {
                LoopLog.ProcessEnded(logger, Loop, origin, names);
                return;
            }
        }
        catch (Exception)
        {
            // The log has ended before the process.
        }

        Console.Error.WriteLine($"ZmqLoop: {Loop} was at {origin}{LoopLog.LeftAtExit}{names}");
    }

    public void SourceClosed(PollSource source, Exception reason)
    {
        if (logger is not null) LoopLog.SourceClosed(logger, source.ToString(), reason.Message);
    }

    public void ContextTerminated()
    {
        if (logger is not null) LoopLog.ContextTerminated(logger);
    }

    /// <summary>Any thread.</summary>
    public void Blocked(BlockedCallback blocked)
    {
        if (logger is not null) LoopLog.Blocked(logger, Loop, blocked.Rounded, blocked.Origin);
        else Console.Error.WriteLine($"ZmqLoop: {Loop} has been blocked for {blocked.Rounded} s by {blocked.Origin}");
    }

    /// <summary>What was reported as blocking is over. Any thread.</summary>
    public void NoMoreBlocked(BlockedCallback blocked)
    {
        if (logger is not null) LoopLog.NoMoreBlocked(logger, Loop, blocked.Rounded, blocked.Origin);
        else Console.Error.WriteLine($"ZmqLoop: {Loop} was blocked for {blocked.Rounded} s in all by {blocked.Origin}");
    }

    /// <summary>On the watchdog's thread, where an exception would end the process.</summary>
    public void BlockedReportFailed(Exception exception)
    {
        try
        {
            if (logger is not null)
            {
                LoopLog.BlockedReportFailed(logger, exception);
                return;
            }
        }
        catch (Exception failure)
        {
            exception = new AggregateException(exception, failure); // the logger probably threw both
        }

        Console.Error.WriteLine($"ZmqLoop: the report of a blocked loop failed: {exception}");
    }
}
