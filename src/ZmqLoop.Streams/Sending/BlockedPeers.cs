using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>ROUTER and STREAM: the peers that have no room, each with a queue of the messages for it that were set aside, so that they hold
/// up no others. Loop's thread.</summary>
internal sealed class BlockedPeers
{
    private readonly Dictionary<Frame, PeerQueue> _queues = []; // by the peer's routing id
    private readonly Queue<PeerQueue> _turns = new();
    private int _untried; // how many of the next are to be tried

    public int Count => _queues.Count;

    public bool HasUntried => _untried > 0;

    /// <summary>All queues are to be tried, each once.</summary>
    public void TryAll() => _untried = _turns.Count;

    /// <summary>The peer of this message has no room.</summary>
    public void Add(QueuedMessage message)
    {
        PeerQueue queue = new(Frame.Copy(message.Message[0].Span));
        queue.Messages.Enqueue(message);
        _queues.Add(queue.Peer, queue);
        _turns.Enqueue(queue);
    }

    /// <summary>Puts a message at the end of its peer's queue, where there is one.</summary>
    public bool TryAdd(QueuedMessage message)
    {
        if (_queues.Count == 0 || !_queues.TryGetValue(message.Message[0], out PeerQueue? queue)) return false;
        queue.Messages.Enqueue(message);
        return true;
    }

    /// <summary>The next queue that is to be tried; give it back with <see cref="Return"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out PeerQueue? queue)
    {
        queue = null;
        if (_untried == 0 || !_turns.TryDequeue(out queue)) return false;
        _untried--;
        return true;
    }

    /// <summary>The queue is the last one now; or gone, where nobody waits in it any more.</summary>
    public void Return(PeerQueue queue)
    {
        if (queue.Messages.Count > 0) _turns.Enqueue(queue);
        else _queues.Remove(queue.Peer);
    }

    public void Clear()
    {
        _queues.Clear();
        _turns.Clear();
        _untried = 0;
    }

    public sealed class PeerQueue(Frame peer)
    {
        public Frame Peer => peer;

        /// <summary>In order. Those that were dropped meanwhile are still here.</summary>
        public Queue<QueuedMessage> Messages { get; } = new();
    }
}
