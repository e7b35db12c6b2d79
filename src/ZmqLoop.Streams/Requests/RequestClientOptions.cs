namespace ZmqLoop.Streams;

/// <summary>How a <see cref="RequestClient"/> behaves; fixed when it is made.</summary>
public sealed record RequestClientOptions
{
    /// <summary>For requests that are given no options of their own.</summary>
    public RequestOptions Requests { get; init; } = new();

    /// <summary>How many requests may be in flight at once; the others wait for a place, in order, and their time runs. At least
    /// 1.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>How often a connection that is silent is asked whether its server lives, on the engine's own thread (<see
    /// cref="ZMQSocket.HeartbeatInterval"/>); infinite for never. Positive.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without a sign of life the connection is dropped, and requests go to the other servers. Positive.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>True: the envelope says which trace a request belongs to (W3C trace context), so that a <see cref="Responder"/> that
    /// believes it (<see cref="ResponderOptions.PropagateTrace"/>) goes on with it. Other peers give it back unread. Where there is no
    /// trace, nothing is said.</summary>
    public bool PropagateTrace { get; init; }

    /// <summary>For typed requests.</summary>
    public IFrameSerializer? Serializer { get; init; }

    /// <summary>What it is called in logs and measurements.</summary>
    public string? Name { get; init; }

    /// <summary>How long <see cref="RequestClient.DisposeAsync"/> waits for the answers to what is in flight.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(1);

    internal ZMQStreamOptions ForStream() => new() { Name = Name, Serializer = Serializer, HasActivities = false };

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Requests);
        Requests.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxInFlight, 1);
        if (HeartbeatInterval != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HeartbeatInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HeartbeatTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTime, TimeSpan.Zero);
    }
}
