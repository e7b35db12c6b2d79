namespace ZmqLoop.Streams;

/// <summary>How a <see cref="Responder"/> behaves; fixed when it is made.</summary>
public sealed record ResponderOptions
{
    /// <summary>How many async handlers may be under way at once; the next requests wait in the socket, so that in the end their clients
    /// feel it. At least 1.</summary>
    public int MaxConcurrency { get; init; } = 100;

    /// <summary>What a client is told whose handler threw; null, or a null of its own, for the exception's type and message, without
    /// anything else of it. A <see cref="RemoteException"/> that the handler made is the answer already, and does not come here. On the
    /// loop.</summary>
    /// <remarks>What a handler got that itself asked by a <see cref="RequestClient"/> comes here: a <see cref="RemoteException"/>, which
    /// can be returned to pass it on, a <see cref="RequestTimeoutException"/>, an answer that cannot be read. With null for these the
    /// client is told <see cref="RemoteException.Failed"/>, and nothing of them.</remarks>
    public Func<ReceivedRequest, Exception, RemoteException?>? ErrorReply { get; init; }

    /// <summary>After how long a handler's token is cancelled; infinite, by default, for never. One that has not ended a second later keeps
    /// its place, while its client is answered <see cref="RemoteException.TimedOut"/>, and what it ends with is dropped
    /// (<see cref="Responder.LateReplies"/>). As <see cref="ZMQStreamOptions.HandlerTimeout"/>.</summary>
    public TimeSpan HandlerTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>After how long a handler that has not ended is told of in the loop's log. As <see
    /// cref="ZMQStreamOptions.HandlerWarning"/>.</summary>
    public TimeSpan HandlerWarning { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For how long an answer may wait for a client that does not read; then it is dropped, and counted. Infinite for
    /// ever.</summary>
    public TimeSpan ReplyTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True: the activity of a request belongs to the trace that its client tells of (<see
    /// cref="RequestClientOptions.PropagateTrace"/>). Only where all clients are your own: a stranger could write into your traces, and
    /// have each of his requests recorded.</summary>
    public bool PropagateTrace { get; init; }

    /// <summary>How many bytes of a request the log's entry of a handler that threw quotes, its envelope included; 0 for nothing. As
    /// <see cref="ZMQStreamOptions.QuotedBytes"/>.</summary>
    public int QuotedBytes { get; init; } = 64;

    /// <summary>For typed handlers.</summary>
    public IFrameSerializer? Serializer { get; init; }

    /// <summary>What it is called in logs and measurements.</summary>
    public string? Name { get; init; }

    /// <summary>How long <see cref="Responder.DisposeAsync"/> waits for handlers under way, and for their answers to be sent.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(1);

    internal ZMQStreamOptions ForStream()
    {
        if (ReplyTimeToLive != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReplyTimeToLive, TimeSpan.Zero);
        return new ZMQStreamOptions
        {
            EnvelopeFormat = EnvelopeFormat.Delimiter, MaxConcurrency = MaxConcurrency, HandlerTimeout = HandlerTimeout,
            HandlerWarning = HandlerWarning, TimeToLive = ReplyTimeToLive, Serializer = Serializer, Name = Name, DrainTime = DrainTime,
            HasActivities = false, QuotedBytes = QuotedBytes,
        };
    }
}
