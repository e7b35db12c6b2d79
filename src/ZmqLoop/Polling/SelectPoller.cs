using System.Net;
using System.Net.Sockets;

namespace ZmqLoop;

/// <summary>The poller of a loop without an engine: plain sockets only, by <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, TimeSpan)"/>.</summary>
internal sealed class SelectPoller : IPoller
{
    private static readonly TimeSpan _longestSelect = TimeSpan.FromMinutes(30); // Select counts microseconds in an int

    private readonly Dictionary<PollSource, Entry> _entries = [];
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly List<Socket> _error = [];
    private readonly Socket _waker;
    private readonly byte[] _scratch = new byte[16];
    private int _wakePending;
    private volatile bool _disposed;

    public SelectPoller()
    {
        // A datagram socket connected to itself: one byte sent to it makes it readable, and one byte is enough.
        _waker = new Socket(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        _waker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _waker.Connect(_waker.LocalEndPoint!);
        _waker.Blocking = false;
    }

    public void Register(PollSource source, IOEvents events, object? state)
    {
        if (source.Socket is not { } socket)
        {
            throw new NotSupportedException(source.ZMQSocket is null
                ? "A loop without an engine watches Sockets only, no raw file descriptors: use a ZMQIOLoop, or wrap the descriptor in a Socket."
                : "A loop without an engine cannot watch ZeroMQ sockets: use a ZMQIOLoop.");
        }

        ObjectDisposedException.ThrowIf(socket.SafeHandle.IsClosed, socket);
        if (!_entries.TryAdd(source, new Entry(socket, events, state)))
            throw new InvalidOperationException($"{source} is registered already.");
    }

    public void Modify(PollSource source, IOEvents events)
    {
        if (!_entries.TryGetValue(source, out Entry? entry)) throw new InvalidOperationException($"{source} is not registered.");
        entry.Events = events;
    }

    public void Unregister(PollSource source) => _entries.Remove(source);

    public void Poll(TimeSpan timeout, ReadyList ready)
    {
        int before = ready.Count;
        EvictClosed(ready);
        if (ready.Count > before) timeout = TimeSpan.Zero;
        FillLists();
        bool forever = timeout < TimeSpan.Zero;
        Socket.Select(_read, _write, _error, forever || timeout > _longestSelect ? _longestSelect : RoundUp(timeout));
        foreach (Entry entry in _entries.Values) Report(entry, ready);
        if (_read.Contains(_waker)) DrainWaker();
    }

    public void Wake()
    {
        if (_disposed || Interlocked.Exchange(ref _wakePending, 1) != 0) return;
        try
        {
            _waker.Send([0]);
        }
        catch (ObjectDisposedException)
        {
            // Disposed meanwhile: nobody is left to be woken.
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _entries.Clear();
        _waker.Dispose();
    }

    private static TimeSpan RoundUp(TimeSpan timeout) =>
        TimeSpan.FromMilliseconds((timeout.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);

    private void DrainWaker()
    {
        // The flag first: a wake that comes in between sends another byte.
        Interlocked.Exchange(ref _wakePending, 0);
        while (_waker.Available > 0) _waker.Receive(_scratch);
    }

    private void EvictClosed(ReadyList ready)
    {
        List<PollSource>? closed = null;
        foreach ((PollSource source, Entry entry) in _entries)
        {
            if (entry.Socket.SafeHandle.IsClosed) (closed ??= []).Add(source);
        }

        if (closed is null) return;
        foreach (PollSource source in closed)
        {
            _entries.Remove(source, out Entry? entry);
            ready.Add(entry!.State, IOEvents.Error, new ObjectDisposedException("Socket", "The socket was closed while the loop watched it."));
        }
    }

    private void FillLists()
    {
        _read.Clear();
        _write.Clear();
        _error.Clear();
        _read.Add(_waker);
        foreach (Entry entry in _entries.Values)
        {
            if ((entry.Events & IOEvents.Read) != 0) _read.Add(entry.Socket);
            if ((entry.Events & IOEvents.Write) != 0) _write.Add(entry.Socket);
            _error.Add(entry.Socket);
        }
    }

    private void Report(Entry entry, ReadyList ready)
    {
        IOEvents events = IOEvents.None;
        if (_read.Contains(entry.Socket)) events |= IOEvents.Read;
        if (_write.Contains(entry.Socket)) events |= IOEvents.Write;
        if (_error.Contains(entry.Socket)) events |= IOEvents.Error;
        if (events != IOEvents.None) ready.Add(entry.State, events);
    }

    private sealed class Entry(Socket socket, IOEvents events, object? state)
    {
        public Socket Socket => socket;

        public IOEvents Events { get; set; } = events;

        public object? State => state;
    }
}
