using Microsoft.Extensions.Logging;

namespace ZmqLoop;

/// <summary>What loops log.</summary>
internal static partial class LoopLog
{
    [LoggerMessage(1, LogLevel.Error, "Exception in {Origin}{Item}")]
    public static partial void CallbackException(ILogger logger, Exception exception, CallbackOrigin origin, string item);

    [LoggerMessage(2, LogLevel.Warning,
        "{Depth} stack contexts are nested, the innermost is {Context}: something enters a context again in each callback; deactivate it, "
        + "or use NullContext")]
    public static partial void DeepChain(ILogger logger, int depth, string context);

    [LoggerMessage(3, LogLevel.Information, "The ZeroMQ context was terminated; the loop ends")]
    public static partial void ContextTerminated(ILogger logger);

    [LoggerMessage(4, LogLevel.Warning, "{Source} was closed while the loop watched it: {Reason}")]
    public static partial void SourceClosed(ILogger logger, string source, string reason);

    [LoggerMessage(7, LogLevel.Debug, "{Loop} was closed while it watched {Count}: {Sources}")]
    public static partial void SourcesLeft(ILogger logger, string loop, int count, string sources);

    public const string LeftAtExit =
        " when the process ended; stop it, or close its streams, before. What their sockets had taken may be lost: ";

    [LoggerMessage(10, LogLevel.Warning, "{Loop} was at {Origin}" + LeftAtExit + "{Senders}")]
    public static partial void ProcessEnded(ILogger logger, string loop, string origin, string senders);

    [LoggerMessage(5, LogLevel.Warning, "{Loop} has been blocked for {Seconds} s by {Origin}")]
    public static partial void Blocked(ILogger logger, string loop, double seconds, CallbackOrigin origin);

    [LoggerMessage(9, LogLevel.Warning, "{Loop} was blocked for {Seconds} s in all by {Origin}")]
    public static partial void NoMoreBlocked(ILogger logger, string loop, double seconds, CallbackOrigin origin);

    [LoggerMessage(6, LogLevel.Error, "The report of a blocked loop failed")]
    public static partial void BlockedReportFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        8,
        LogLevel.Warning,
        "{Loop} has ended with its thread, and sockets that it watched are still open: {Sockets}; close streams and sockets on the "
        + "loop before, or the end of their context waits for them for ever")]
    public static partial void SocketsLeft(ILogger logger, string loop, string sockets);
}
