namespace ZmqLoop.Dashboard;

/// <summary>A connection of a monitored socket.</summary>
/// <param name="Stream">The id of its stream; null where the socket has none.</param>
/// <param name="Owner">The stream's title, or the socket.</param>
/// <param name="Endpoint">What the engine says of it.</param>
/// <param name="Accepted">True where the peer connected; false where this side did.</param>
/// <param name="Since">When.</param>
/// <param name="Number">The how many-eth with this endpoint that was seen.</param>
internal sealed record PeerSnapshot(long? Stream, string Owner, string Endpoint, bool Accepted, DateTimeOffset Since, long Number);
