using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>What a stream, or a proxy, says to its loop of the callbacks that it calls: who gave them, which one runs, and how they
/// failed.</summary>
/// <param name="loop">The loop.</param>
/// <param name="owner">In whose name.</param>
/// <param name="quotedBytes">How much of a message a report quotes.</param>
internal sealed class StreamCallbacks(IOLoop loop, object owner, int quotedBytes = 0)
{
    /// <summary>Names a callback in reports, and in a debug loop the place where it was given.</summary>
    public CallbackOrigin Origin(Delegate callback) => new(CallbackKind.Stream, callback, owner) { Trail = loop.RecordTrail() };

    /// <summary>The stream itself, in reports.</summary>
    public CallbackOrigin Nobody => new(CallbackKind.Stream, null, owner);

    /// <summary>A callback begins: the report of a blocked loop names it.</summary>
    /// <returns>The one that it runs inside of, for <see cref="Exit"/>.</returns>
    public CallbackOrigin? Enter(CallbackOrigin callback)
    {
        CallbackOrigin? outer = loop.InnerCallback;
        loop.InnerCallback = callback;
        return outer;
    }

    /// <summary>What runs now, within the callback that was entered: itself, unless it has named what it calls.</summary>
    public CallbackOrigin? Entered => loop.InnerCallback;

    /// <summary>The callback has ended.</summary>
    public void Exit(CallbackOrigin? outer) => loop.InnerCallback = outer;

    /// <summary>Reports what a callback threw.</summary>
    public void Report(Exception error, CallbackOrigin origin) => loop.ReportException(
        error, origin.Item is Message message ? origin with { ItemText = MessageQuote.Of(message, quotedBytes) } : origin);

    /// <summary>Reports what a callback threw, in what flowed to where it was given: what is logged has the scopes of that place, and its
    /// trace.</summary>
    /// <param name="error">What it threw.</param>
    /// <param name="origin">The callback.</param>
    /// <param name="flow">What flowed to there; null for nothing.</param>
    /// <param name="activity">What the callback was a part of, instead of what was current there; null for that.</param>
    public void Report(Exception error, CallbackOrigin origin, ExecutionContext? flow, Activity? activity = null)
    {
        if (flow is null)
        {
            Report(error, origin);
            return;
        }

        ExecutionContext.Run(flow, _ =>
        {
            if (activity is not null) Activity.Current = activity;
            Report(error, origin);
        }, null);
    }

    /// <summary>Reports what failed without a callback.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="item">The message, or the messages, that it is about.</param>
    public void Report(Exception error, object? item = null) => Report(error, Nobody with { Item = item });
}
