using System.Net.Sockets;

namespace ZmqLoop.Polling;

/// <summary>For a loop without an engine, elsewhere than on Linux: plain sockets only, by <c>select</c>.</summary>
internal sealed class SelectPoller : EnginePoller
{
    private const int LongestSelect = 30 * 60 * 1_000; // it counts microseconds in an int

    private readonly Dictionary<Socket, Registration> _registrations = [];
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly List<Socket> _error = [];
    private readonly List<Registration> _found = [];
    private readonly LoopbackWaker _waker;

    public SelectPoller() : this(new LoopbackWaker())
    {
    }

    private SelectPoller(LoopbackWaker waker) : base(waker, sockets: null) => _waker = waker;

    protected override string Name => "select";

    protected override void Attach(Registration registration)
    {
        if (registration.Source.Socket is not { } socket)
            throw new NotSupportedException(
                "Here a loop without an engine watches Sockets only, no raw file descriptors: use a ZMQIOLoop, or wrap the descriptor in "
                + "a Socket.");
        _registrations.Add(socket, registration);
    }

    protected override void Change(Registration registration)
    {
    }

    protected override void Detach(Registration registration) => _registrations.Remove(registration.Source.Socket!);

    protected override void Wait(Countdown countdown, ReadyList ready)
    {
        bool woken;
        do
        {
            int milliseconds = HasLost ? 0 : countdown.Milliseconds;
            bool found = Select(milliseconds);
            if (found && _read.Contains(_waker.Socket)) _waker.Drain();

            // Drain first: a wake before this line is acknowledged here, and one after it signals anew, since none is pending.
            woken = Waker.Acknowledge();
            if (found) Mark();
            else if (!HasLost && !countdown.IsOver) FindHungUp();
        }
        while (_found.Count == 0 && !woken && !HasLost && !countdown.IsOver);
        Report(ready);
    }

    protected override void Release() => _registrations.Clear();

    private bool Select(int milliseconds)
    {
        FillLists();
        if (milliseconds is < 0 or > LongestSelect) milliseconds = LongestSelect;
        try
        {
            Socket.Select(_read, _write, _error, TimeSpan.FromMilliseconds(milliseconds));
            return _read.Count + _write.Count + _error.Count > 0;
        }
        catch (ObjectDisposedException)
        {
            FindDisposed(); // another thread disposed of one since the lists were filled
            if (!HasLost) throw;
            return false;
        }
    }

    private void FillLists()
    {
        _read.Clear();
        _write.Clear();
        _error.Clear();
        _read.Add(_waker.Socket);
        foreach ((Socket socket, Registration registration) in _registrations)
        {
            if ((registration.Interest & IOEvents.Read) != 0) _read.Add(socket);
            if ((registration.Interest & IOEvents.Write) != 0) _write.Add(socket);
            _error.Add(socket);
        }
    }

    private void Mark()
    {
        Mark(_read, IOEvents.Read);
        Mark(_write, IOEvents.Write);
        Mark(_error, IOEvents.Error);
    }

    private void Mark(List<Socket> sockets, IOEvents events)
    {
        foreach (Socket socket in sockets)
        {
            if (_registrations.TryGetValue(socket, out Registration? registration)) Mark(registration, events);
        }
    }

    private void Mark(Registration registration, IOEvents events)
    {
        if (registration.Known == IOEvents.None) _found.Add(registration);
        registration.Known |= events;
    }

    private void Report(ReadyList ready)
    {
        foreach (Registration registration in _found)
        {
            ready.Add(registration.State, registration.Known);
            registration.Known = IOEvents.None;
        }

        _found.Clear();
    }

    /// <summary>A hang-up ends a wait, but Select names it only where reading was asked for: without this the loop would spin.</summary>
    private void FindHungUp()
    {
        foreach ((Socket socket, Registration registration) in _registrations)
        {
            if ((registration.Interest & IOEvents.Read) == 0 && IsHungUp(socket)) Mark(registration, IOEvents.HungUp);
        }
    }

    private static bool IsHungUp(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (ObjectDisposedException)
        {
            return false; // the next poll finds and reports it
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
