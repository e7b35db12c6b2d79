namespace ZmqLoop.Dashboard;

/// <summary>What a stream dropped, by reason.</summary>
internal readonly record struct DroppedSnapshot(long QueueFull, long PeerQueueFull, long Expired, long Cleared)
{
    public long Total => QueueFull + PeerQueueFull + Expired + Cleared;
}
