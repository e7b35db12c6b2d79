namespace ZmqLoop.Polling;

/// <summary>The ZeroMQ sockets that were ready when last asked: they are so until somebody uses them.</summary>
internal sealed class ReadySockets
{
    private Registration[] _items = new Registration[16];
    private int _count;
    private RoundRobin _order;

    /// <summary>True if a socket is ready; those that are no longer are dropped.</summary>
    public bool Any
    {
        get
        {
            Compact();
            return _count > 0;
        }
    }

    public void Add(Registration registration)
    {
        if (registration.IsOnReadyList) return;
        if (_count == _items.Length) Array.Resize(ref _items, _count * 2);
        registration.IsOnReadyList = true;
        _items[_count++] = registration;
    }

    /// <summary>Reports all of them, each time beginning with another one.</summary>
    public void Report(ReadyList ready)
    {
        Compact();
        foreach (int i in _order.Next(_count))
        {
            ready.Add(_items[i].State, _items[i].Known & _items[i].Interest);
            _items[i].Known &= ~SocketActivity.Bit; // it is told once
        }
    }

    private void Compact()
    {
        if (_count == 0) return;
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            Registration registration = _items[i];
            if (registration.IsReady) _items[kept++] = registration;
            else registration.IsOnReadyList = false;
        }

        if (kept < _count) Array.Clear(_items, kept, _count - kept);
        _count = kept;
    }
}
