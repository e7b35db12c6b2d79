using System.Runtime.InteropServices;
using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>Everywhere: <c>zmq_poll</c> over all sources.</summary>
internal sealed class ZmqPollPoller : LevelPoller
{
    private readonly PollItems _items = new();

    public ZmqPollPoller(Waker waker) : base(waker, typeof(LibZmqSocket)) => _items.Add(0, waker.Descriptor, IOEvents.Read);

    protected override string Name => "zmq_poll";

    protected override void AddItem(Registration registration)
    {
        _items.Add(0, registration.Descriptor, registration.Interest);
        ChangeItem(_items.Count - 1, registration);
    }

    // zmq_poll asks a socket also where nothing is wanted of it: one that is to be left alone is its descriptor, for nothing.
    protected override void ChangeItem(int index, Registration registration)
    {
        LibZmqSocket? socket = registration.IsLeftAlone ? null : registration.Socket as LibZmqSocket;
        _items.Set(index, socket?.Handle.DangerousGetHandle() ?? 0, registration.Interest);
    }

    // A socket is taken out before it is closed: zmq_poll would take a NULL socket for descriptor 0, which is stdin.
    protected override void MoveLastItem(int last, int index) => _items.RemoveBySwap(index);

    protected override bool Ask(int milliseconds)
    {
        bool found = Poll(milliseconds);
        for (int i = 0; i < Watched.Count; i++) Watched[i].Known = found ? _items.Found(i + 1) : IOEvents.None;
        return found && _items.Found(0) != IOEvents.None;
    }

    private unsafe bool Poll(int milliseconds)
    {
        int count = Libzmq.zmq_poll(_items.Pointer, _items.Count, new CLong(milliseconds));
        if (count >= 0) return count > 0;
        int number = Errors.Last();
        if (number == ErrorNumbers.Interrupted) return false;
        throw number.ToException("Waiting");
    }
}
