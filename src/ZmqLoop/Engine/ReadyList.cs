namespace ZmqLoop.LowLevel;

/// <summary>What one <see cref="IPoller.Poll"/> found: reused from turn to turn, so that a turn allocates nothing.</summary>
public sealed class ReadyList
{
    private ReadySource[] _items = new ReadySource[16];

    /// <summary>
    /// True for the list of a loop, which after a poll without waiting polls again in its next turn: then a poll with a timeout of zero
    /// need not look at the kernel each time, but soon enough (after 16 polls or 20 µs at the latest).
    /// </summary>
    public bool MayBeLate { get; init; }

    /// <summary>How many sources are ready.</summary>
    public int Count { get; private set; }

    /// <summary>The sources, in the order in which the poller reported them.</summary>
    public ReadOnlySpan<ReadySource> Items => _items.AsSpan(0, Count);

    /// <summary>Adds a source that is ready.</summary>
    /// <param name="state">What was given to <see cref="IPoller.Register"/>.</param>
    /// <param name="events">What happened.</param>
    /// <param name="closed">Why the source was unregistered, where it was closed behind the poller's back.</param>
    public void Add(object? state, IOEvents events, Exception? closed = null)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        _items[Count++] = new ReadySource(state, events, closed);
    }

    /// <summary>Empties the list and drops its references.</summary>
    public void Clear()
    {
        Array.Clear(_items, 0, Count);
        Count = 0;
    }

    /// <summary>Drops all but the reports of closed sources from an index on, which are made only once.</summary>
    internal void KeepClosed(int from)
    {
        int kept = 0;
        for (int i = from; i < Count; i++)
        {
            if (_items[i].Closed is not null) _items[kept++] = _items[i];
        }

        Array.Clear(_items, kept, Count - kept);
        Count = kept;
    }

    internal Span<ReadySource> Span => _items.AsSpan(0, Count);
}
