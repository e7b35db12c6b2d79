namespace ZmqLoop;

/// <summary>Callbacks to be run, first in first out. The loop's thread adds to a ring without a lock; others post to a list that is taken over once a turn.</summary>
internal sealed class CallbackQueue
{
    private readonly Lock _gate = new();
    private WorkItem[] _ring = new WorkItem[64]; // a power of two
    private int _head;
    private WorkItem[] _posted = new WorkItem[16];
    private WorkItem[] _taken = new WorkItem[16];
    private volatile int _postedCount;
    private bool _closed;

    /// <summary>How many callbacks are in the ring. Loop's thread.</summary>
    public int Count { get; private set; }

    /// <summary>How many other threads have posted that are not in the ring yet.</summary>
    public int PostedCount => _postedCount;

    /// <summary>True if other threads have posted something that is not in the ring yet.</summary>
    public bool HasPosted => _postedCount != 0;

    /// <summary>Adds at the end. Loop's thread.</summary>
    public void Add(in WorkItem item)
    {
        if (HasPosted) TakePosted(); // they came first
        Append(item);
    }

    private void Append(in WorkItem item)
    {
        if (Count == _ring.Length) Grow(Count + 1);
        _ring[(_head + Count) & (_ring.Length - 1)] = item;
        Count++;
    }

    /// <summary>Adds from any thread. False once closed.</summary>
    public bool Post(in WorkItem item)
    {
        lock (_gate)
        {
            if (_closed) return false;
            if (_postedCount == _posted.Length) Array.Resize(ref _posted, _posted.Length * 2);
            _posted[_postedCount] = item;
            _postedCount++;
            return true;
        }
    }

    /// <summary>Moves what other threads posted into the ring. Loop's thread.</summary>
    public void TakePosted()
    {
        if (!HasPosted) return;
        int count;
        lock (_gate)
        {
            (_posted, _taken) = (_taken, _posted);
            count = _postedCount;
            _postedCount = 0;
        }

        if (Count + count > _ring.Length) Grow(Count + count);
        for (int i = 0; i < count; i++) Append(_taken[i]);
        Array.Clear(_taken, 0, count);
    }

    /// <summary>Removes the first. Loop's thread.</summary>
    public WorkItem Take()
    {
        ref WorkItem slot = ref _ring[_head];
        WorkItem item = slot;
        slot = default; // nothing may keep a callback's objects alive while the loop sleeps
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        return item;
    }

    /// <summary>Drops everything, and refuses what comes later.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
        TakePosted();
        while (Count > 0) Take().Drop();
        _posted = [];
        _taken = [];
        _ring = new WorkItem[1];
        Count = 0;
        _head = 0;
    }

    private void Grow(int capacity)
    {
        var ring = new WorkItem[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity)];
        for (int i = 0; i < Count; i++) ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = ring;
        _head = 0;
    }
}
