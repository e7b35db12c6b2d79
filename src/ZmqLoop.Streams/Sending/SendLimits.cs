namespace ZmqLoop.Streams;

/// <summary>How much may wait to be sent, and what is dropped for what comes then.</summary>
internal sealed class SendLimits(ZMQStreamOptions options)
{
    private readonly SendQueueFullMode _mode = options.SendQueueFullMode;

    /// <summary>True where there is a limit for each peer.</summary>
    public bool LimitsPeers { get; } = options.MaxQueuedPerPeer != int.MaxValue;

    /// <summary>True where a new message is refused, instead of one being dropped.</summary>
    public bool DropsNothing => _mode is SendQueueFullMode.Wait or SendQueueFullMode.Throw;

    /// <summary>True where a message is taken though there is no room, since its sender waits for its end.</summary>
    public bool TakesAll(bool waits) => waits && _mode == SendQueueFullMode.Wait;

    /// <summary>True where so many messages of so many bytes leave no room for one more of this size. A message longer than the limit is
    /// taken by an empty queue: nobody could send it otherwise.</summary>
    public bool IsFull(int count, long bytes, long size) =>
        count >= options.SendQueueLimit || (count > 0 && size > options.SendQueueByteLimit - bytes);

    /// <summary>The same of what waits for one peer.</summary>
    public bool IsFull(PeerQueue peer) => peer.Count >= options.MaxQueuedPerPeer;

    /// <summary>What is dropped for a message that finds no room; null where all there is is being sent right now.</summary>
    /// <param name="added">The message.</param>
    /// <param name="first">The oldest of those that wait.</param>
    /// <param name="last">The newest.</param>
    /// <param name="ofPeer">True where those are one peer's.</param>
    public QueuedMessage? Victim(QueuedMessage added, QueuedMessage? first, QueuedMessage? last, bool ofPeer)
    {
        if (_mode == SendQueueFullMode.DropWrite) return added;
        if (_mode == SendQueueFullMode.DropNewest) return last is { IsInHand: false } ? last : null;
        while (first is { IsInHand: true }) first = ofPeer ? first.NextOfPeer : first.Next;
        return first;
    }
}
