using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>What streams warn of: in the loop's log, or on stderr where it has none.</summary>
internal static class StreamReports
{
    private const string SomePeer = "a peer whose address is not known";

    /// <summary>Nobody held the stream any more.</summary>
    public static void Forgotten(ILogger? logger, string stream, CallbackTrail? madeBy)
    {
        string place = madeBy?.ScheduledAt ?? "a place that IOLoopOptions.Debug would record";
        if (logger is not null) StreamLog.Forgotten(logger, stream, place);
        else Write($"{stream}, made at {place}, {StreamLog.WasForgotten}");
    }

    /// <summary>The process ended before the stream was closed.</summary>
    public static void UnsentAtExit(ILogger? logger, object owner, int count)
    {
        string stream = TitleOf(owner);
        try
        {
            if (logger is not null)
            {
                StreamLog.UnsentAtExit(logger, stream, count);
                return;
            }
        }
        catch (Exception)
        {
            // The log has ended before the process.
        }

        Write($"{stream} {StreamLog.WasOpenAtExit}{count}");
    }

    /// <summary>The stream is about to be closed before all that had come was received.</summary>
    public static void Unread(ILogger? logger, object owner, int count)
    {
        string stream = TitleOf(owner);
        if (logger is not null) StreamLog.Unread(logger, stream, count);
        else Write($"{stream} {StreamLog.ReadNoMore}{count}");
    }

    /// <summary>An async handler takes long.</summary>
    public static void SlowHandler(ILogger? logger, object owner, CallbackOrigin origin, TimeSpan age, int running, int allowed)
    {
        string stream = TitleOf(owner);
        string handler = NameOf(origin);
        double seconds = Math.Round(age.TotalSeconds, 3);
        if (logger is not null) StreamLog.SlowHandler(logger, stream, handler, seconds, running, allowed);
        else Write($"{stream}: {handler} has been running for {seconds} s; {running} handlers run, of the {allowed} that may at once");
    }

    /// <summary>The stream was closed before its handlers had ended.</summary>
    public static void DrainGaveUp(ILogger? logger, object owner, TimeSpan drain, string handlers)
    {
        string stream = TitleOf(owner);
        double seconds = Math.Round(drain.TotalSeconds, 3);
        if (logger is not null) StreamLog.DrainGaveUp(logger, stream, seconds, handlers);
        else Write($"{stream} was drained for {seconds} s and {StreamLog.ClosedTooSoon}: {handlers}. {StreamLog.TooLate}");
    }

    /// <summary>Messages whose peer is not there.</summary>
    public static void Unroutable(ILogger? logger, object owner, Frame peer, long count)
    {
        string stream = TitleOf(owner);
        if (logger is not null) StreamLog.Unroutable(logger, stream, peer.ToString(), count);
        else Write($"{stream} could not route messages to peer '{peer}' ({count}): {StreamLog.NoRoute}");
    }

    /// <summary>The same of peers that are too many for a line each.</summary>
    public static void UnroutableToOthers(ILogger? logger, object owner, long count)
    {
        string stream = TitleOf(owner);
        if (logger is not null) StreamLog.UnroutableToOthers(logger, stream, count);
        else Write($"{stream} could not route messages to other peers either ({count})");
    }

    /// <summary>A message was larger than is allowed.</summary>
    public static void Oversized(ILogger? logger, object owner, DroppedMessage dropped, long count)
    {
        string peer = dropped.Peer ?? SomePeer;
        string stream = TitleOf(owner);
        if (logger is not null) StreamLog.Oversized(logger, stream, dropped.Frames, dropped.Bytes, peer, count);
        else Write(
            $"{stream} dropped a message of {dropped.Frames} frames, {dropped.Bytes} bytes, from {peer} ({count}): {StreamLog.TooLarge}");
    }

    /// <summary>A client's request was no value of the kind that is wanted.</summary>
    public static void Unreadable(ILogger? logger, object responder, string reason, long count)
    {
        string stream = TitleOf(responder);
        if (logger is not null) StreamLog.Refused(logger, stream, count, reason);
        else Write($"{stream} got {StreamLog.Unreadable} ({count}): {reason}");
    }

    /// <summary>A subscription was too long to be passed on.</summary>
    public static void LongSubscription(ILogger? logger, object owner, DroppedMessage dropped, long count)
    {
        string peer = dropped.Peer ?? SomePeer;
        if (logger is not null) StreamLog.LongSubscription(logger, owner, dropped.Bytes, peer, count);
        else Write($"{owner} dropped a subscription of {dropped.Bytes} bytes from {peer} ({count}): {StreamLog.TooLong}");
    }

    /// <summary>A message would have been subscriptions to whoever it was to be passed on to.</summary>
    public static void HiddenSubscriptions(ILogger? logger, object owner, DroppedMessage dropped, long count)
    {
        string peer = dropped.Peer ?? SomePeer;
        if (logger is not null) StreamLog.HiddenSubscriptions(logger, owner, dropped.Frames, peer, count);
        else Write($"{owner} dropped a message of {dropped.Frames} frames from {peer} ({count}): {StreamLog.Hidden}");
    }

    /// <summary>Names a handler in a line that names its stream: what it belongs to is that stream, or stands over it, unless it is a
    /// request.</summary>
    public static string NameOf(CallbackOrigin handler) => (handler.Owner is string ? handler : handler with { Owner = null }).ToString();

    /// <summary>Without the state that a description has: the line itself says of it what matters.</summary>
    public static string TitleOf(object owner) => owner is IStreamOwner { Title: var title } ? title : owner.ToString()!;

    private static void Write(FormattableString warning) =>
        Console.Error.WriteLine("ZmqLoop: " + warning.ToString(CultureInfo.InvariantCulture));
}
