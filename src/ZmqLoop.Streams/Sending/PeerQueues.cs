namespace ZmqLoop.Streams;

/// <summary>A ROUTER's or STREAM's messages that were set aside, by the peer that each is for. The send queue's lock guards it.</summary>
internal sealed class PeerQueues
{
    private Dictionary<Frame, PeerQueue>? _queues; // by the peer's routing id; none is empty

    /// <summary>The queue of the peer; null where none waits for it.</summary>
    public PeerQueue? Find(Frame peer) => _queues?.GetValueOrDefault(peer);

    /// <summary>Puts a message at the end of its peer's queue.</summary>
    public void Add(QueuedMessage entry)
    {
        Frame peer = entry.Message[0];
        _queues ??= [];
        if (!_queues.TryGetValue(peer, out PeerQueue? queue))
        {
            queue = new PeerQueue(Frame.Copy(peer.Span));
            _queues.Add(queue.Peer, queue);
        }

        queue.Add(entry);
    }

    /// <summary>Takes a message out, where it is in a queue.</summary>
    public void Remove(QueuedMessage entry)
    {
        if (entry.PeerQueue is not { } queue) return;
        queue.Remove(entry);
        if (queue.Count == 0) _queues!.Remove(queue.Peer);
    }
}
