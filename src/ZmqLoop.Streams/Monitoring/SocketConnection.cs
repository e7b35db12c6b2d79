namespace ZmqLoop.Streams;

/// <summary>One connection of a monitored socket that is open.</summary>
/// <param name="Endpoint">What the engine says of it: where the socket is connected to, or, of a peer that was accepted, the socket's own
/// endpoint or the peer's.</param>
/// <param name="Accepted">True where the peer connected; false where this side did.</param>
/// <param name="Since">When, by the loop's clock.</param>
public sealed record SocketConnection(string Endpoint, bool Accepted, DateTimeOffset Since)
{
    /// <summary>The how many-eth it is of those that the monitor saw with this endpoint: more than 1 where somebody came again. Counted for
    /// the first thousand endpoints.</summary>
    public long Number { get; init; } = 1;
}
