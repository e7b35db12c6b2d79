using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>Linux: one epoll instance over the descriptors of ZeroMQ sockets, plain sockets, and raw ones.</summary>
/// <remarks>
/// <para>The descriptor of a ZeroMQ socket (<c>ZMQ_FD</c>) is readable while libzmq has commands for the socket that it has not looked at,
/// and any call on the socket looks at them. So readable means "ask the socket", and silence means nothing for a socket that was used
/// since. Hence three lists: the sockets to ask before sleeping (used, or reported by the kernel), those known to be ready, which
/// need neither asking nor the kernel, and all others, which cost nothing.</para>
/// <para>The kernel's events carry slot and generation of a registration, so that none is taken for one of another source that
/// has inherited the descriptor's number.</para>
/// </remarks>
internal sealed class EpollPoller : EnginePoller
{
#if DEBUG
    // Small, so that every test meets the limits.
    private const int BufferSize = 4;
    private const int MaxSkips = 2;
#else
    private const int BufferSize = 256;
    private const int MaxSkips = 16;
#endif
    // A loop that splits long work into callbacks, or has a flooded socket, must not hear of its other sockets sixteen long turns late.
    private static readonly long _maxDelay = TimeProvider.System.TimestampFrequency / 50_000;

    private const ulong WakerData = 0; // generations begin with 1

    private readonly EpollEvents _events = new(BufferSize);
    private readonly DirtyList _dirty = new();
    private readonly ReadySockets _readySockets = new();
    private readonly List<Registration> _readyDescriptors = [];
    private readonly Slots _slots = new();
    private Epoll _epoll = new();
    private long _turn;
    private int _skips;
    private long _askedAt;

    /// <inheritdoc cref="EnginePoller(Waker, Type?)"/>
    public EpollPoller(Type? sockets) : base(new EventFdWaker(), sockets) => WatchWaker();

    protected override string Name => "epoll";

    protected override void Attach(Registration registration)
    {
        _slots.Add(registration);
        try
        {
            _epoll.Add(registration.Descriptor, Bits(registration), Slots.Data(registration), registration.Source);
        }
        catch
        {
            _slots.Remove(registration);
            throw;
        }

        if (registration.Socket is null) return;
        registration.DirtyList = _dirty;
        registration.MarkDirty();
    }

    protected override void Change(Registration registration)
    {
        if (registration.Socket is { } socket)
        {
            registration.MarkDirty();
            if (!socket.AskingTakesMessage) return; // of the others the descriptor is always watched, which costs no system call here
        }

        int number = _epoll.Modify(registration.Descriptor, Bits(registration), Slots.Data(registration));
        if (number != 0) throw Errno.ToException(number, $"Changing what is watched of {registration.Source}");
    }

    protected override void Detach(Registration registration)
    {
        _slots.Remove(registration);
        registration.DirtyList = null;
        if (!registration.IsDisposed) _epoll.Remove(registration.Descriptor);
    }

    // The kernel has forgotten a raw descriptor that was closed, and says so when asked.
    protected override bool IsStale(Registration registration) =>
        base.IsStale(registration)
        || (registration.Source.ZMQSocket is null
            && _epoll.Modify(registration.Descriptor, Bits(registration), Slots.Data(registration)) is Linux.ENOENT or Linux.EBADF);

    protected override void Wait(Countdown countdown, ReadyList ready)
    {
        _readyDescriptors.Clear();
        bool woken = false;
        while (true)
        {
            _dirty.Refresh(_readySockets);
            bool found = HasLost || _readySockets.Any;
            bool skipsKernel = found || (ready.MayBeLate && countdown.IsZero);
            if (!skipsKernel || !WasAskedJustNow())
            {
                // With sockets that are ready already, the kernel is asked only once in several turns, and without waiting.
                AskKernel(found ? default : countdown);
                _skips = 0;
                woken = Waker.Acknowledge();
                _dirty.Refresh(_readySockets);
                found |= _readySockets.Any || _readyDescriptors.Count > 0;
            }
            else
            {
                _skips++;
            }

            if (found || woken || countdown.IsOver) break;
        }

        Report(ready);
    }

    /// <summary>True where the kernel was asked a moment ago; else it is going to be asked now.</summary>
    private bool WasAskedJustNow()
    {
        long now = TimeProvider.System.GetTimestamp();
        if (_skips < MaxSkips && now - _askedAt < _maxDelay) return true;
        _askedAt = now;
        return false;
    }

    protected override void Release() => _epoll.Dispose();

    private static uint Bits(Registration registration) =>
        registration.Socket is null ? registration.Interest.ToEpoll() : registration.IsLeftAlone ? 0 : Linux.EPOLLIN;

    private void AskKernel(Countdown countdown)
    {
        // A number for each asking, not for each wait: a wait goes on where the first report of a socket was of something else than what
        // is waited for, and the next report of the same socket must count.
        _turn++;
        bool stale = false;
        bool more;
        do
        {
            int count = IsExact ? _epoll.WaitExactly(_events, countdown) : _epoll.Wait(_events, countdown.Milliseconds);
            countdown = default;
            bool news = false;
            for (int i = 0; i < count; i++)
            {
                if (_events.Data(i) == WakerData) continue;
                Registration? registration = _slots.Find(_events.Data(i));
                if (registration is null) stale = true;
                else news |= Note(registration, _events.Bits(i));
            }

            // Level-triggered sources are reported again and again, so a buffer with nothing but those ends it.
            more = news && count == _events.Capacity;
        }
        while (more);
        if (stale) Rebuild();
    }

    private bool Note(Registration registration, uint bits)
    {
        if (registration.Turn == _turn) return false;
        registration.Turn = _turn;
        if (registration.Socket is not null)
        {
            registration.IsSignalled = true;
            registration.MarkDirty();
            return true;
        }

        registration.Known = EventConversions.FromEpoll(bits) & (registration.Interest | IOEvents.Error);
        _readyDescriptors.Add(registration);
        return true;
    }

    private void Report(ReadyList ready)
    {
        _readySockets.Report(ready);
        foreach (Registration registration in _readyDescriptors)
        {
            if (registration.Known != IOEvents.None) ready.Add(registration.State, registration.Known);
        }
    }

    // The kernel still reports a descriptor that was closed here: a duplicate of it lives on in another process or under another
    // number, and nothing can take it out of this instance any more. A new one has only what is still watched.
    private void Rebuild()
    {
        _epoll.Dispose();
        _epoll = new Epoll();
        WatchWaker();
        foreach (Registration registration in Registrations.ToArray())
        {
            try
            {
                _epoll.Add(registration.Descriptor, Bits(registration), Slots.Data(registration), registration.Source);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or NotSupportedException)
            {
                // a raw descriptor closed elsewhere, its number perhaps a file's by now: the others are still to be watched
                ForgetClosed(registration);
            }
        }
    }

    private void WatchWaker() => _epoll.Add(Waker.Descriptor, Linux.EPOLLIN | Linux.EPOLLET, WakerData, this);
}
