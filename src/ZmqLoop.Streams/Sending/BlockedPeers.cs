namespace ZmqLoop.Streams;

/// <summary>ROUTER and STREAM: the peers that have no room, whose messages are set aside, so that they hold up no others. Loop's
/// thread.</summary>
internal sealed class BlockedPeers
{
    private readonly HashSet<Frame> _peers = []; // by routing id
    private readonly Queue<Frame> _turns = new();
    private int _untried; // how many of the next are to be tried

    public int Count => _peers.Count;

    public bool HasUntried => _untried > 0;

    /// <summary>All are to be tried, each once.</summary>
    public void TryAll() => _untried = _turns.Count;

    /// <summary>This peer has no room.</summary>
    public void Add(Frame peer)
    {
        Frame copy = Frame.Copy(peer.Span);
        if (_peers.Add(copy)) _turns.Enqueue(copy);
    }

    public bool Contains(Frame peer) => _peers.Contains(peer);

    /// <summary>The next that is to be tried; give it back with <see cref="Return"/>.</summary>
    public bool TryTake(out Frame peer)
    {
        peer = default;
        if (_untried == 0 || !_turns.TryDequeue(out peer)) return false;
        _untried--;
        return true;
    }

    /// <summary>The peer is the last one now; or gone, where nothing waits for it any more.</summary>
    public void Return(Frame peer, bool isBlocked)
    {
        if (isBlocked) _turns.Enqueue(peer);
        else _peers.Remove(peer);
    }

    public void Clear()
    {
        _peers.Clear();
        _turns.Clear();
        _untried = 0;
    }
}
