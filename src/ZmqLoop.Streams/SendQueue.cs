namespace ZmqLoop.Streams;

/// <summary>Messages that wait to be sent, in order. Any thread adds; the loop's thread takes.</summary>
internal sealed class SendQueue
{
    private const int MaxPooled = 256;

    private readonly Lock _gate = new();
    private readonly Stack<Message> _pool = [];
    private Entry[] _ring = new Entry[16];
    private int _head;
    private int _count;
    private bool _closed;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a copy of the message, so that what the caller does to it later changes nothing. False once closed.</summary>
    public bool Add(Message message, Action<Message, Exception?>? callback, Delegate? original)
    {
        lock (_gate)
        {
            if (_closed) return false;
            Message copy = _pool.TryPop(out Message? pooled) ? pooled : new Message();
            copy.CopyFrom(message);
            if (_count == _ring.Length) Grow();
            _ring[(_head + _count) & (_ring.Length - 1)] = new Entry(copy, callback, original);
            _count++;
            return true;
        }
    }

    /// <summary>The first message; it stays at the head until <see cref="Remove"/>.</summary>
    public bool TryPeek(out Entry entry)
    {
        lock (_gate)
        {
            entry = _count > 0 ? _ring[_head] : default;
            return _count > 0;
        }
    }

    /// <summary>Removes the first message.</summary>
    /// <param name="pooled">The message, where nobody has seen it, so that it can be used again; else null.</param>
    public void Remove(Message? pooled)
    {
        pooled?.Clear();
        lock (_gate)
        {
            if (_count == 0) return; // closed meanwhile
            _ring[_head] = default;
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
            if (pooled is not null && _pool.Count < MaxPooled) _pool.Push(pooled);
        }
    }

    /// <summary>Takes everything out and refuses what comes later.</summary>
    public List<Entry> Close()
    {
        lock (_gate)
        {
            _closed = true;
            List<Entry> left = new(_count);
            for (int i = 0; i < _count; i++) left.Add(_ring[(_head + i) & (_ring.Length - 1)]);
            _ring = new Entry[1];
            _head = 0;
            _count = 0;
            _pool.Clear();
            return left;
        }
    }

    private void Grow()
    {
        var ring = new Entry[_ring.Length * 2];
        for (int i = 0; i < _count; i++) ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = ring;
        _head = 0;
    }

    /// <param name="Message">What to send.</param>
    /// <param name="Callback">Of this message alone, with its contexts.</param>
    /// <param name="Original">The callback as it was given, for reports.</param>
    public readonly record struct Entry(Message Message, Action<Message, Exception?>? Callback, Delegate? Original);
}
