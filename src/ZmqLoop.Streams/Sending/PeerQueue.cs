namespace ZmqLoop.Streams;

/// <summary>The messages for one peer of many, in order. The send queue's lock guards it.</summary>
internal sealed class PeerQueue(Frame peer)
{
    public Frame Peer => peer;

    public QueuedMessage? First { get; private set; }

    public QueuedMessage? Last { get; private set; }

    public int Count { get; private set; }

    public void Add(QueuedMessage entry)
    {
        entry.PeerQueue = this;
        entry.PreviousOfPeer = Last;
        if (Last is null) First = entry;
        else Last.NextOfPeer = entry;
        Last = entry;
        Count++;
    }

    public void Remove(QueuedMessage entry)
    {
        if (entry.PreviousOfPeer is { } before) before.NextOfPeer = entry.NextOfPeer;
        else First = entry.NextOfPeer;
        if (entry.NextOfPeer is { } after) after.PreviousOfPeer = entry.PreviousOfPeer;
        else Last = entry.PreviousOfPeer;
        entry.PeerQueue = null;
        entry.PreviousOfPeer = null;
        entry.NextOfPeer = null;
        Count--;
    }
}
