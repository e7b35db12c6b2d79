using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>What streams log.</summary>
internal static partial class StreamLog
{
    public const string WasForgotten =
        "was forgotten and is closed now: nobody holds it any more, and nothing could happen on it. "
        + "Close or dispose a stream when you are done with it";

    public const string WasOpenAtExit =
        "was open when the process ended: await its CloseAsync before. Messages in its queue that were not sent: ";

    public const string ClosedTooSoon = "is closed now, though its handlers have not ended";

    public const string TooLate = "What they send will throw";

    public const string NoRoute = "it was unknown, or had gone. UnroutableMessages counts all such messages";

    public const string TooLarge = "it was larger than MaxFramesPerMessage and MaxBytesPerMessage of the options allow";

    [LoggerMessage(27, LogLevel.Warning, "{Owner} dropped a message of {Frames} frames, {Bytes} bytes, from {Peer} ({Count}): " + TooLarge)]
    public static partial void Oversized(ILogger logger, string owner, int frames, long bytes, string peer, long count);

    public const string Unreadable = "a request that cannot be read, and told its client";

    [LoggerMessage(32, LogLevel.Warning, "{Stream} got " + Unreadable + " ({Count}): {Reason}")]
    public static partial void Refused(ILogger logger, string stream, long count, string reason);

    public const string TooLong = "a subscription that is sent on has 8,192 bytes at most";

    [LoggerMessage(30, LogLevel.Warning, "{Owner} dropped a subscription of {Bytes} bytes from {Peer} ({Count}): " + TooLong)]
    public static partial void LongSubscription(ILogger logger, object owner, long bytes, string peer, long count);

    public const string Hidden = "one of them would be a subscription to the publishers, and subscriptions come alone";

    [LoggerMessage(31, LogLevel.Warning, "{Owner} dropped a message of {Frames} frames from {Peer} ({Count}): " + Hidden)]
    public static partial void HiddenSubscriptions(ILogger logger, object owner, int frames, string peer, long count);

    [LoggerMessage(25, LogLevel.Warning, "{Stream} could not route messages to peer '{Peer}' ({Count}): " + NoRoute)]
    public static partial void Unroutable(ILogger logger, string stream, string peer, long count);

    [LoggerMessage(26, LogLevel.Warning, "{Stream} could not route messages to other peers either ({Count})")]
    public static partial void UnroutableToOthers(ILogger logger, string stream, long count);

    [LoggerMessage(24, LogLevel.Warning, "{Stream} " + WasOpenAtExit + "{Count}")]
    public static partial void UnsentAtExit(ILogger logger, string stream, int count);

    public const string ReadNoMore =
        "reads no more, as FinishAsync was given no more time, and messages that had come are lost: ";

    [LoggerMessage(29, LogLevel.Warning, "{Stream} " + ReadNoMore + "{Count}")]
    public static partial void Unread(ILogger logger, string stream, int count);

    [LoggerMessage(20, LogLevel.Warning, "{Stream}, made at {Place}, " + WasForgotten)]
    public static partial void Forgotten(ILogger logger, string stream, string place);

    [LoggerMessage(21, LogLevel.Warning, "{Stream} answered a request in the place of its handler, which had thrown before it answered")]
    public static partial void AnsweredForHandler(ILogger logger, string stream);

    [LoggerMessage(22, LogLevel.Warning,
        "{Stream}: {Handler} has been running for {Seconds} s; {Running} handlers run, of the {Allowed} that may at once")]
    public static partial void SlowHandler(
        ILogger logger, string stream, string handler, double seconds, int running, int allowed);

    [LoggerMessage(23, LogLevel.Warning, "{Stream} was drained for {Seconds} s and " + ClosedTooSoon + ": {Handlers}. " + TooLate)]
    public static partial void DrainGaveUp(ILogger logger, string stream, double seconds, string handlers);
}
