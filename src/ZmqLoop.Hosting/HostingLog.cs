using Microsoft.Extensions.Logging;

namespace ZmqLoop.Hosting;

/// <summary>What the host's loops log.</summary>
internal static partial class HostingLog
{
    private const string WasGivenUp =
        "{Socket} had not finished after {Seconds} s, and is closed. Given up: {Handlers} handlers that had not ended, "
        + "{Unsent} messages or requests that had not gone out or were not answered, and {Unread} that had come and were not read";

    [LoggerMessage(1, LogLevel.Information, "{Socket} is bound to {Endpoint}")]
    public static partial void Bound(ILogger logger, object socket, string endpoint);

    [LoggerMessage(2, LogLevel.Information, "{Socket} connects to {Endpoint}")]
    public static partial void Connects(ILogger logger, object socket, string endpoint);

    [LoggerMessage(3, LogLevel.Information, "{Socket} has finished")]
    public static partial void Finished(ILogger logger, object socket);

    [LoggerMessage(4, LogLevel.Warning, WasGivenUp)]
    public static partial void GaveUp(ILogger logger, object socket, double seconds, int handlers, int unsent, string unread);

    [LoggerMessage(5, LogLevel.Critical, "{Loop} has ended, while the application runs: it is stopped")]
    public static partial void LoopEnded(ILogger logger, Exception? exception, object loop);

    [LoggerMessage(6, LogLevel.Information,
        "{Loop}: callbacks that block it for {Threshold} and more are told of from now on, as the configuration says")]
    public static partial void ThresholdChanged(ILogger logger, object loop, string threshold);

    [LoggerMessage(7, LogLevel.Warning, "{Loop}: its BlockingThreshold is {Threshold} now, which is not positive; the one before counts")]
    public static partial void ThresholdRefused(ILogger logger, object loop, TimeSpan? threshold);

    [LoggerMessage(8, LogLevel.Critical,
        "{Loop} is left as it is, since the host's time is over: {Callback} has been running on it for {Seconds} s")]
    public static partial void LoopLeft(ILogger logger, object loop, object? callback, double seconds);
}
