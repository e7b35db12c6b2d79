using System.Net.Sockets;
using AsyncIO;
using ZmqLoop.Interop;

namespace ZmqLoop.Guard;

/// <summary>Closes what broke on an I/O thread of NetMQ's, so that nothing else is lost. All on that thread.</summary>
internal sealed class Containment(CompletionPort port, object proactor, IOThreadLog log)
{
    private const int RetryMilliseconds = 100;
    private const int FirstLimit = 64;

    private readonly List<WeakReference<object>> _items = []; // of the sockets that the thread looks after, and holds
    private readonly List<object> _unclear = []; // those of them that wait for room, or for nothing any more
    private readonly Queue<Exception> _unexplained = []; // what was thrown by one of those
    private readonly Queue<(object Listener, long Due)> _retries = [];
    private int _limit = FirstLimit;

    /// <summary>A socket has come, with what its completions are going to carry.</summary>
    public void Add(object item)
    {
        if (_items.Count >= _limit)
        {
            _items.RemoveAll(static item => !item.TryGetTarget(out object? target) || ProactorInternals.IsCancelled(target));
            _limit = Math.Max(FirstLimit, _items.Count * 2);
        }

        _items.Add(new WeakReference<object>(item));
    }

    /// <summary>Looks at what a listener has accepted before NetMQ does.</summary>
    /// <returns>True if there is nothing, which NetMQ would not notice, or too few descriptors are left: the listener accepts again
    /// later.</returns>
    public bool Refuses(in CompletionStatus status)
    {
        if (status.OperationType != OperationType.Accept || status.SocketError != SocketError.Success) return false;
        if (!AcceptInternals.IsNative(status.AsyncSocket)) return false;
        Socket? accepted = AcceptInternals.Accepted(status.AsyncSocket);
        if (accepted is not null && !DescriptorLimit.IsNear(accepted)) return false;
        object? listener = ConnectionInternals.Handler(ProactorInternals.EventsOf(status.State));
        if (!ConnectionInternals.IsListener(listener)) return false;
        status.AsyncSocket.GetAcceptedSocket()?.Dispose();
        AcceptLater(exception: null, listener!);
        return true;
    }

    /// <summary>Something threw that a completion had called.</summary>
    public void After(Exception exception, in CompletionStatus status)
    {
        try
        {
            if (status.OperationType == OperationType.Signal) AfterCommand(exception, mailbox: status.State);
            else AfterCompletion(exception, status.State);
        }
        catch (Exception second)
        {
            log.Unknown(second, "when something was to be closed");
        }
    }

    /// <summary>The context ends, and that was thrown where something was told to a monitor: what was to be closed then is closed
    /// now.</summary>
    public void AfterEnd(in CompletionStatus status)
    {
        try
        {
            if (status.OperationType == OperationType.Signal)
            {
                port.Signal(status.State); // the other commands are still there
                if (TerminateInternals.AreKnown) TerminateRest();
                return;
            }

            object? handler = ConnectionInternals.Handler(ProactorInternals.EventsOf(status.State));
            if (ConnectionInternals.IsEngine(handler)) Close(handler!);
            else if (ConnectionInternals.IsConnector(handler)) DropHandle(handler!);
        }
        catch (Exception exception)
        {
            log.Unknown(exception, "when something was to be closed at the end");
        }
    }

    /// <summary>Something threw that a timer had called.</summary>
    public void AfterTimer(Exception exception) => log.Unknown(exception, "in a timer");

    // It is known which socket's.
    private void AfterCompletion(Exception exception, object item)
    {
        object? handler = ConnectionInternals.Handler(ProactorInternals.EventsOf(item));
        if (ConnectionInternals.IsEngine(handler)) CloseConnection(exception, handler!);
        else if (ConnectionInternals.IsListener(handler)) AcceptLater(exception, handler!);
        else if (ConnectionInternals.IsConnector(handler)) ConnectLater(exception, handler!);
        else log.Unknown(exception, $"in {handler?.GetType().Name ?? "nothing"}");
    }

    // The other commands are still there. Whose this was is not known, but the connection that has broken shows.
    private void AfterCommand(Exception exception, object mailbox)
    {
        port.Signal(mailbox);
        bool found = false;
        foreach (WeakReference<object> known in _items.ToArray())
        {
            if (!known.TryGetTarget(out object? item) || IsBroken(item) is not { } broken) continue;
            if (!broken)
            {
                if (!_unclear.Contains(item)) _unclear.Add(item);
                continue;
            }

            found = true;
            CloseConnection(exception, EngineOf(item)!);
        }

        if (found) return;
        if (_unclear.Count > 0) _unexplained.Enqueue(exception);
        else log.Unknown(exception, "in a command");
    }

    /// <summary>Commands were carried out: what was unclear may have become clear.</summary>
    public void LookAgain()
    {
        for (int i = _unclear.Count - 1; i >= 0; i--)
        {
            object item = _unclear[i];
            bool? broken = IsBroken(item);
            if (broken == false) continue;
            _unclear.RemoveAt(i);
            if (broken == true) CloseConnection(_unexplained.TryDequeue(out Exception? exception) ? exception : null, EngineOf(item)!);
        }

        while (_unclear.Count == 0 && _unexplained.TryDequeue(out Exception? unexplained)) log.Unknown(unexplained, "in a command");
    }

    /// <summary>Lets listeners accept again whose time has come.</summary>
    /// <returns>Milliseconds until that of the next one; -1 where there is none.</returns>
    public int RunRetries()
    {
        while (_retries.TryPeek(out (object Listener, long Due) next))
        {
            TimeSpan left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), next.Due);
            if (left > TimeSpan.Zero) return (int)Math.Ceiling(left.TotalMilliseconds);
            _retries.Dequeue();
            if (ConnectionInternals.ListenerHandle(next.Listener) is null) continue; // closed meanwhile
            try
            {
                ConnectionInternals.Accept(next.Listener);
            }
            catch (Exception exception)
            {
                AcceptLater(exception, next.Listener);
            }
        }

        return -1;
    }

    /// <summary>A connection waits for bytes, or for room, or has broken. The first asks for a whole buffer; of the other two, one has no
    /// room.</summary>
    /// <returns>Null for one that waits for bytes, or is none any more; false where there is no room, so that it may be either.</returns>
    private static bool? IsBroken(object item)
    {
        if (EngineOf(item) is not { } engine
            || ConnectionInternals.DecoderOf(engine) is not { } decoder
            || ConnectionInternals.Unread(engine) >= ConnectionInternals.BufferSize(decoder)
            || ConnectionInternals.SessionOf(engine) is not { } session
            || ConnectionInternals.PipeOf(session) is not { } pipe) return null;
        if (ConnectionInternals.CanWrite(pipe)) return true;
        ConnectionInternals.Flush(pipe); // what it wrote before it broke nobody has seen yet, and so nobody would make room
        return false;
    }

    private static object? EngineOf(object item)
    {
        if (ProactorInternals.IsCancelled(item)) return null;
        object? handler = ConnectionInternals.Handler(ProactorInternals.EventsOf(item));
        return ConnectionInternals.IsEngine(handler) ? handler : null;
    }

    private void CloseConnection(Exception? exception, object engine)
    {
        string peer = PeerOf(ConnectionInternals.Handle(engine));
        string endpoint = ConnectionInternals.EngineEndpoint(engine);
        Exception? second = Close(engine);
        log.Connection(exception ?? second, peer, endpoint);
    }

    private static Exception? Close(object engine)
    {
        object? session = ConnectionInternals.SessionOf(engine);
        try
        {
            ConnectionInternals.Fail(engine);
            return null;
        }
        catch (Exception exception)
        {
            CloseRest(engine, session);
            return exception;
        }
    }

    /// <summary>A listener and a connector that is closed and has its socket yet was to end, and told of that: else it would have
    /// none.</summary>
    private void TerminateRest()
    {
        foreach (WeakReference<object> known in _items.ToArray())
        {
            if (!known.TryGetTarget(out object? item) || !ProactorInternals.IsCancelled(item)) continue;
            object events = ProactorInternals.EventsOf(item);
            object? handler = ConnectionInternals.Handler(events);
            if (ConnectionInternals.IsListener(handler))
            {
                ref AsyncSocket? handle = ref ConnectionInternals.ListenerHandle(handler!);
                if (handle is null) continue;
                handle = AsyncSocket.Create(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp); // to close
                TerminateInternals.AddSocket(proactor, handle, events);
                TerminateInternals.Terminate(handler!);
            }
            else if (ConnectionInternals.IsConnector(handler) && ConnectionInternals.ConnectorHandle(handler!) is not null)
            {
                TerminateInternals.Terminate(handler!);
            }
        }
    }

    /// <summary>Of a connector that goes on: no more is left of its attempt.</summary>
    private static void DropHandle(object connector)
    {
        ref AsyncSocket? handle = ref ConnectionInternals.ConnectorHandle(connector);
        handle?.Dispose();
        handle = null;
    }

    // Where that failed half-way, at telling a monitor, say.
    private static void CloseRest(object engine, object? session)
    {
        try
        {
            if (session is not null && ReferenceEquals(ConnectionInternals.EngineOf(session), engine))
                ConnectionInternals.Detach(session, handshaked: true);
        }
        catch (Exception)
        {
            // The socket is what has to go.
        }

        try
        {
            ConnectionInternals.Terminate(engine);
        }
        catch (Exception)
        {
            ConnectionInternals.Handle(engine)?.Dispose();
        }
    }

    private void AcceptLater(Exception? exception, object listener)
    {
        long due = TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency * RetryMilliseconds / 1000);
        _retries.Enqueue((listener, due));
        log.Listener(exception, ConnectionInternals.ListenerEndpoint(listener));
    }

    private void ConnectLater(Exception exception, object connector)
    {
        string endpoint = ConnectionInternals.ConnectorEndpoint(connector);
        if (ConnectionInternals.ConnectorHandle(connector) is not null)
        {
            ConnectionInternals.CloseConnector(connector);
            ConnectionInternals.Retry(connector);
        }

        log.Connector(exception, endpoint);
    }

    private static string PeerOf(AsyncSocket? socket)
    {
        try
        {
            return socket?.RemoteEndPoint.ToString() ?? "a peer that has gone";
        }
        catch (Exception)
        {
            return "a peer that has gone";
        }
    }
}
