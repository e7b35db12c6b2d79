namespace ZmqLoop.Streams;

/// <summary>How long a <see cref="RequestClient"/> waits for an answer, and whether it may ask again. Immutable: <c>client.Options with {
/// Timeout = … }</c>.</summary>
public sealed record RequestOptions
{
    /// <summary>For how long the answer is waited for in all, from the call: waiting for a place among those in flight, all tries, and the
    /// pauses between them. Five seconds; infinite for no limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the request may be sent again where no answer has come: 0, by default, for never. Only for requests that may be
    /// carried out twice with the same result (idempotent ones): a server that is merely slow does the work again, and so may another
    /// one.</summary>
    public int Retries { get; init; }

    /// <summary>How long an answer is waited for before the request is sent again, from the moment in which the socket took it. One
    /// second.</summary>
    /// <remarks>The answer to an earlier try is taken all the same, while the request lasts.</remarks>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause before the first time that the request is sent again; twice as long before each one after that. 100
    /// milliseconds.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>True: the envelope says how much of <see cref="Timeout"/> is left, and a <see cref="Responder"/> cancels its handler's
    /// token then. Other peers give it back unread.</summary>
    public bool TellsTimeLeft { get; init; }

    /// <summary>True: a request that was sent, and that ends without an answer (cancelled, its time over, the client closed), is called off
    /// at the servers, and a <see cref="Responder"/> cancels its handler's token. Only where all servers are responders; each that the
    /// client is connected to hears of it. A best effort: nothing waits for it, and behind a proxy one of its servers hears of
    /// it.</summary>
    /// <remarks>A REP drops what it is sent so, unanswered; a ROUTER of yours gets a message without a body.</remarks>
    public bool TellsCancellation { get; init; }

    internal void Validate()
    {
        if (Timeout != System.Threading.Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TryTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Backoff, TimeSpan.Zero);
    }
}
