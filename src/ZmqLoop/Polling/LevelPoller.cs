namespace ZmqLoop.Polling;

/// <summary>Asks all sources in each wait, and so reports levels by nature: the library below takes an array of items, of which the first
/// one is the waker.</summary>
internal abstract class LevelPoller(Waker waker, Type sockets) : EnginePoller(waker, sockets)
{
    private RoundRobin _order;

    /// <summary>What is watched; the item of number i is i + 1.</summary>
    protected List<Registration> Watched { get; } = [];

    protected sealed override void Attach(Registration registration)
    {
        AddItem(registration);
        registration.Slot = Watched.Count;
        Watched.Add(registration);
    }

    protected sealed override void Change(Registration registration) => ChangeItem(registration.Slot + 1, registration);

    protected sealed override void Detach(Registration registration)
    {
        int slot = registration.Slot;
        int last = Watched.Count - 1;
        MoveLastItem(last + 1, slot + 1);
        Watched[slot] = Watched[last];
        Watched[slot].Slot = slot;
        Watched.RemoveAt(last);
    }

    protected sealed override void Wait(Countdown countdown, ReadyList ready)
    {
        int before = ready.Count;
        while (true)
        {
            // In this order: a wake between the two is acknowledged here, one after them finds nothing pending and signals.
            if (Ask(HasLost ? 0 : MillisecondsToWait(countdown))) Waker.Drain();
            bool woken = Waker.Acknowledge();
            Report(ready);
            if (ready.Count > before || woken || HasLost || countdown.IsOver) return;
        }
    }

    protected sealed override void Release()
    {
    }

    /// <summary>Appends an item.</summary>
    protected abstract void AddItem(Registration registration);

    /// <summary>Asks for other events in an item.</summary>
    protected abstract void ChangeItem(int index, Registration registration);

    /// <summary>Puts the last item in the place of another one, which is watched no longer; it may be that one itself.</summary>
    protected abstract void MoveLastItem(int last, int index);

    /// <summary>Waits, and notes of each registration what it is ready for, in <see cref="Registration.Known"/>.</summary>
    /// <returns>True if the waker's descriptor is readable.</returns>
    protected abstract bool Ask(int milliseconds);

    /// <summary>Where somebody waits for a sign of activity, for which the library below has none, it is reported every few
    /// milliseconds.</summary>
    private int MillisecondsToWait(Countdown countdown)
    {
        int milliseconds = countdown.Milliseconds;
        return milliseconds is >= 0 and <= SocketActivity.Milliseconds || !Watched.Exists(static it => ActivityOf(it) != IOEvents.None)
            ? milliseconds
            : SocketActivity.Milliseconds;
    }

    private static IOEvents ActivityOf(Registration registration) =>
        registration.Socket is null ? IOEvents.None : registration.Interest & SocketActivity.Bit;

    private void Report(ReadyList ready)
    {
        foreach (int i in _order.Next(Watched.Count))
        {
            Registration registration = Watched[i];
            IOEvents events = registration.Known | ActivityOf(registration);
            if (events != IOEvents.None) ready.Add(registration.State, events);
        }
    }
}
