using System.Runtime.InteropServices;
using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>Everywhere: <c>zmq_poll</c> over all sources, which asks each of them every time and so reports levels by nature.</summary>
internal sealed class ZmqPollPoller : EnginePoller
{
    private readonly PollItems _items = new();
    private readonly List<Registration> _registrations = []; // the item of number i is i + 1: the first one is the waker
    private int _turn;

    public ZmqPollPoller(Waker waker) : base(waker, typeof(LibZmqSocket)) => _items.Add(0, waker.Descriptor, IOEvents.Read);

    protected override string Name => "zmq_poll";

    protected override void Attach(Registration registration)
    {
        registration.Slot = _registrations.Count;
        _registrations.Add(registration);
        _items.Add((registration.Socket as LibZmqSocket)?.Handle.DangerousGetHandle() ?? 0, registration.Descriptor, registration.Interest);
    }

    protected override void Change(Registration registration) => _items.SetEvents(registration.Slot + 1, registration.Interest);

    // A socket is taken out before it is closed: zmq_poll would take a NULL socket for descriptor 0, which is stdin.
    protected override void Detach(Registration registration)
    {
        int slot = registration.Slot;
        _items.RemoveBySwap(slot + 1);
        _registrations[slot] = _registrations[^1];
        _registrations[slot].Slot = slot;
        _registrations.RemoveAt(_registrations.Count - 1);
    }

    protected override void Wait(Countdown countdown, ReadyList ready)
    {
        int before = ready.Count;
        while (true)
        {
            bool found = Ask(HasLost ? 0 : MillisecondsToWait(countdown));

            // In this order: a wake between the two is acknowledged here, one after them finds nothing pending and signals.
            if (found && _items.Found(0) != IOEvents.None) Waker.Drain();
            bool woken = Waker.Acknowledge();
            if (found || WantsActivity) Report(ready);
            if (ready.Count > before || woken || HasLost || countdown.IsOver) return;
        }
    }

    protected override void Release()
    {
    }

    private unsafe bool Ask(int milliseconds)
    {
        int count = Libzmq.zmq_poll(_items.Pointer, _items.Count, new CLong(milliseconds));
        if (count >= 0) return count > 0;
        int number = Errors.Last();
        if (number == ErrorNumbers.Interrupted) return false;
        throw number.ToException("Waiting");
    }

    // Each time beginning with another one.
    private void Report(ReadyList ready)
    {
        int count = _registrations.Count;
        if (count == 0) return;
        int first = (int)((uint)_turn++ % (uint)count);
        for (int i = 0; i < count; i++)
        {
            int slot = first + i < count ? first + i : first + i - count;
            IOEvents found = _items.Found(slot + 1) | ActivityOf(_registrations[slot]);
            if (found != IOEvents.None) ready.Add(_registrations[slot].State, found);
        }
    }
}
