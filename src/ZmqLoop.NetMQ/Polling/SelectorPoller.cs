using System.Net.Sockets;
using NetMQ;
using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>Everywhere: NetMQ's own selector over all sources, which asks each of them every time and so reports levels by
/// nature.</summary>
/// <remarks>The selector knows no errors of plain sockets: it passes over one and waits on, in a hot loop where the system will not wait
/// for such a socket. So while there are plain sockets it waits in short pieces, and the errors are looked for in between.</remarks>
internal class SelectorPoller : EnginePoller
{
    private const int Piece = 20; // milliseconds
    private const int MaxFailures = 16; // in a row

    private readonly NetMQSelector _selector = new();
    private readonly LoopbackWaker _waker;
    private readonly List<Registration> _registrations = []; // the item of number i is i + 1: the first one is the waker
    private readonly List<Socket> _failed = [];
    private NetMQSelector.Item[] _items = new NetMQSelector.Item[16];
    private int _plainSockets;
    private int _failures;
    private int _turn;

    public SelectorPoller() : this(new LoopbackWaker())
    {
    }

    private SelectorPoller(LoopbackWaker waker) : base(waker, typeof(NetMQSocketAdapter))
    {
        _waker = waker;
        _items[0] = new NetMQSelector.Item(waker.Socket, PollEvents.PollIn);
    }

    protected override string Name => "selector";

    protected override void Attach(Registration registration)
    {
        NetMQSelector.Item item = MakeItem(registration);
        registration.Slot = _registrations.Count;
        _registrations.Add(registration);
        if (_registrations.Count == _items.Length) Array.Resize(ref _items, _items.Length * 2);
        _items[_registrations.Count] = item;
        if (registration.Socket is null) _plainSockets++;
    }

    protected override void Change(Registration registration) => _items[registration.Slot + 1] = MakeItem(registration);

    protected override void Detach(Registration registration)
    {
        int slot = registration.Slot;
        int last = _registrations.Count - 1;
        _registrations[slot] = _registrations[last];
        _registrations[slot].Slot = slot;
        _registrations.RemoveAt(last);
        _items[slot + 1] = _items[last + 1];
        _items[last + 1] = null!;
        if (registration.Socket is null) _plainSockets--;
    }

    protected override void Wait(Countdown countdown, ReadyList ready)
    {
        int before = ready.Count;
        while (true)
        {
            bool found = Ask(HasLost ? 0 : MillisecondsToWait(countdown));
            if (found && _items[0].ResultEvent != PollEvents.None) _waker.Drain();

            // In this order: a wake between the two is acknowledged here, one after them finds nothing pending and signals.
            bool woken = Waker.Acknowledge();
            foreach (Registration registration in _registrations)
                registration.Known = found ? Events(_items[registration.Slot + 1].ResultEvent) : IOEvents.None;
            if (_plainSockets > 0) FindFailed();
            Report(ready);
            if (ready.Count > before || woken || HasLost || countdown.IsOver) return;
        }
    }

    protected override void Release()
    {
    }

    /// <summary>For tests, which make it fail.</summary>
    protected virtual bool Select(NetMQSelector.Item[] items, int count, int milliseconds) => _selector.Select(items, count, milliseconds);

    private bool Ask(int milliseconds)
    {
        if (_plainSockets > 0 && (milliseconds < 0 || milliseconds > Piece)) milliseconds = Piece;
        try
        {
            bool found = Select(_items, _registrations.Count + 1, milliseconds);
            _failures = 0;
            return found;
        }
        catch (TerminatingException exception)
        {
            throw exception.Translate("Waiting");
        }
        catch (ObjectDisposedException)
        {
            FindDisposed(); // by another thread, or by code that did not ask us
            if (!HasLost && ++_failures > MaxFailures) throw;
            return false;
        }
        catch (Exception exception) when (exception is NetMQException or SocketException)
        {
            // An interrupted call, or a socket that was just closing: it passes, or it is none of those.
            if (++_failures > MaxFailures) throw exception.Translate("Waiting");
            return false;
        }
    }

    private void FindFailed()
    {
        _failed.Clear();
        foreach (Registration registration in _registrations)
        {
            if (registration.Source.Socket is { } socket && !registration.IsDisposed) _failed.Add(socket);
        }

        if (_failed.Count == 0) return;
        try
        {
            Socket.Select(null, null, _failed, 0);
        }
        catch (ObjectDisposedException)
        {
            FindDisposed();
            return;
        }
        catch (SocketException)
        {
            return; // next time
        }

        if (_failed.Count == 0) return;
        foreach (Registration registration in _registrations)
        {
            if (registration.Source.Socket is { } socket && _failed.Contains(socket)) registration.Known |= IOEvents.Failed;
        }
    }

    // Each time beginning with another one.
    private void Report(ReadyList ready)
    {
        int count = _registrations.Count;
        if (count == 0) return;
        int first = (int)((uint)_turn++ % (uint)count);
        for (int i = 0; i < count; i++)
        {
            Registration registration = _registrations[first + i < count ? first + i : first + i - count];
            IOEvents events = registration.Known | ActivityOf(registration);
            if (events != IOEvents.None) ready.Add(registration.State, events);
        }
    }

    private static IOEvents Events(PollEvents events) =>
        ((events & PollEvents.PollIn) != 0 ? IOEvents.Read : IOEvents.None)
            | ((events & PollEvents.PollOut) != 0 ? IOEvents.Write : IOEvents.None);

    private static NetMQSelector.Item MakeItem(Registration registration)
    {
        PollEvents events = ((registration.Interest & IOEvents.Read) != 0 ? PollEvents.PollIn : 0)
            | ((registration.Interest & IOEvents.Write) != 0 ? PollEvents.PollOut : 0);
        if (registration.Socket is NetMQSocketAdapter adapter) return new NetMQSelector.Item(adapter.Inside, events);
        if (registration.Source.Socket is { } socket) return new NetMQSelector.Item(socket, events);
        throw new NotSupportedException(
            $"NetMQ's selector watches sockets only, and {registration.Source} is none: wrap it in a Socket where it is one.");
    }
}
