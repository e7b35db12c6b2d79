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
    private readonly List<Entry> _marked = [];
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
        if (EvictClosed(ready)) timeout = TimeSpan.Zero;
        FillLists();
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            Socket.Select(_read, _write, _error, timeout < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : RoundUp(timeout));
        }
        catch (ObjectDisposedException) when (EvictClosed(ready))
        {
            return; // closed by another thread, between the look above and the call
        }

        if (_read.Count + _write.Count + _error.Count == 0)
        {
            if (timeout < TimeSpan.Zero || TimeProvider.System.GetElapsedTime(start) < timeout) FindHungUp();
        }
        else
        {
            Mark(_read, IOEvents.Read);
            Mark(_write, IOEvents.Write);
            Mark(_error, IOEvents.Error);
        }

        foreach (Entry entry in _marked)
        {
            ready.Add(entry.State, entry.Marks);
            entry.Marks = IOEvents.None;
        }

        _marked.Clear();
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

    private static TimeSpan RoundUp(TimeSpan timeout) => timeout > _longestSelect
        ? _longestSelect
        : TimeSpan.FromMilliseconds((timeout.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);

    private void DrainWaker()
    {
        // The byte first, then the flag: between the two a wake is dropped, which is fine, for this wait is over. The other way round its byte could be
        // taken along and its flag stay, and no wake would ever be sent again.
        _waker.Receive(_scratch);
        Interlocked.Exchange(ref _wakePending, 0);
    }

    private bool EvictClosed(ReadyList ready)
    {
        List<PollSource>? closed = null;
        foreach ((PollSource source, Entry entry) in _entries)
        {
            if (entry.Socket.SafeHandle.IsClosed) (closed ??= []).Add(source);
        }

        if (closed is null) return false;
        foreach (PollSource source in closed)
        {
            _entries.Remove(source, out Entry? entry);
            ready.Add(entry!.State, IOEvents.Error, new ObjectDisposedException("Socket", "The socket was closed while the loop watched it."));
        }

        return true;
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

    private void Mark(List<Socket> sockets, IOEvents events)
    {
        foreach (Socket socket in sockets)
        {
            if (ReferenceEquals(socket, _waker)) DrainWaker();
            else if (_entries.TryGetValue(socket, out Entry? entry)) Mark(entry, events);
        }
    }

    private void Mark(Entry entry, IOEvents events)
    {
        if (entry.Marks == IOEvents.None) _marked.Add(entry);
        entry.Marks |= events;
    }

    /// <summary>A hang-up ends a wait, but Select names it only where reading was asked for: without this the loop would spin.</summary>
    private void FindHungUp()
    {
        foreach (Entry entry in _entries.Values)
        {
            if ((entry.Events & IOEvents.Read) == 0 && IsHungUp(entry.Socket)) Mark(entry, IOEvents.HungUp);
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
            return false; // the next poll tells
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private sealed class Entry(Socket socket, IOEvents events, object? state)
    {
        public Socket Socket => socket;

        public IOEvents Events { get; set; } = events;

        public object? State => state;

        public IOEvents Marks { get; set; }
    }
}
