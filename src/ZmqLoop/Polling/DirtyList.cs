namespace ZmqLoop.Polling;

/// <summary>The sockets that were used since they were last asked: the short list that makes an edge-triggered descriptor
/// level-triggered.</summary>
internal sealed class DirtyList
{
    private Registration[] _items = new Registration[16];
    private int _count;

    public void Add(Registration registration)
    {
        if (_count == _items.Length) Array.Resize(ref _items, _count * 2);
        registration.IsListed = true;
        _items[_count++] = registration;
    }

    /// <summary>Asks each of them what it is ready for. The exposed ones, which others may use at any time, stay on the list, and so do
    /// those where asking failed.</summary>
    public void Refresh(ReadySockets ready)
    {
        if (_count == 0) return;
        int next = 0;
        int kept = 0;
        try
        {
            for (; next < _count; next++)
            {
                Registration registration = _items[next];
                if (!registration.IsDetached && registration.IsDirty) Ask(registration, ready);
                if (registration.IsDirty && !registration.IsDetached) _items[kept++] = registration;
                else registration.IsListed = false;
            }
        }
        finally
        {
            // After a failure (the context was terminated) the next poll meets it again.
            while (next < _count) _items[kept++] = _items[next++];
            Array.Clear(_items, kept, _count - kept);
            _count = kept;
        }
    }

    private static void Ask(Registration registration, ReadySockets ready)
    {
        if (registration.IsLeftAlone)
        {
            registration.Known = IOEvents.None;
            registration.IsDirty = false; // until somebody is interested
            return;
        }

        IOEvents known = registration.Socket!.AskEvents(registration.IsSignalled);
        // Asking makes the library look at what has come, so nothing but this tells of it. Of one that is always dirty it is no news.
        IOEvents activity = registration.IsSignalled || !registration.Socket.IsExposed ? SocketActivity.Bit : IOEvents.None;
        registration.Known = known | activity | (registration.Known & SocketActivity.Bit);
        registration.IsSignalled = false; // kept where asking threw: the kernel does not report it again
        registration.IsDirty = registration.Socket.IsExposed;
        if (registration.IsReady) ready.Add(registration);
    }
}
