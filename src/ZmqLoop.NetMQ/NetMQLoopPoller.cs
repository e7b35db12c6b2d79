using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using NetMQ;
using ZmqLoop.Interop;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>A loop as code that was written for <see cref="NetMQPoller"/> knows one, in all its faces: raises ReceiveReady, SendReady and
/// Elapsed, and schedules tasks.
/// For <c>NetMQMonitor</c>, <see cref="Proxy"/>, <see cref="NetMQQueue{T}"/>, <see cref="NetMQActor"/>, <see cref="NetMQBeacon"/>, and
/// handlers that you have.</summary>
/// <remarks>
/// <para>Any thread, several at once, but <see cref="Run()"/> runs where it is called. On the loop's thread, and while nothing runs the
/// loop, adding and removing is done on return; from another thread, soon; <see cref="Dispose"/> waits.</para>
/// <para>Unlike NetMQ's poller: what a handler throws goes to its stack contexts and then to <see cref="IOLoop.HandleCallbackException"/>,
/// and the loop goes on.
/// A socket that was removed gets no event any more, one that was disposed while it is watched is dropped, timers may be changed anywhere,
/// and a stopped poller
/// can be run again with all that was added.</para>
/// <para>Handlers and Elapsed run in the contexts in force at <c>Add</c>.</para>
/// </remarks>
/// <example><code>
/// using NetMQ.Sockets.RouterSocket front = new("@tcp://127.0.0.1:5555");
/// using NetMQLoopPoller poller = new() { front }; // where it said: new NetMQPoller { front }
/// front.ReceiveReady += (_, ready) => Console.WriteLine(ready.IsReadyToReceive);
/// poller.Run();
/// </code></example>
[SuppressMessage("Design", "CA1010", Justification = "It is enumerable for collection initializers alone, as NetMQPoller is.")]
[SuppressMessage("Naming", "CA1710", Justification = "As above.")]
public sealed partial class NetMQLoopPoller : TaskScheduler, ISynchronizeInvoke, INetMQPoller, IEnumerable
{
    private readonly IOLoop _loop;
    private readonly bool _ownsLoop;
    private readonly Dictionary<NetMQSocket, IOEvents> _sockets = [];
    private readonly Dictionary<Socket, Action<Socket>> _plainSockets = [];
    private readonly ConcurrentDictionary<IDisposable, NetMQSocket> _leaving = []; // to be disposed of on the loop's thread
    private readonly EventHandler<NetMQSocketEventArgs> _onEventsChanged;
    private readonly IOHandler _onReady;
    private volatile bool _stopping;
    private volatile bool _disposed;
    private volatile bool _hasLetGo; // of all that it had
    private SynchronizationContext? _synchronizationContext; // what Run was given

    /// <summary>On a loop of its own, which ends with it: what to write where it said <c>new NetMQPoller()</c>.</summary>
    /// <exception cref="NotSupportedException">This version of NetMQ does not have the members that are needed to raise its
    /// events.</exception>
    public NetMQLoopPoller() : this(new ZMQIOLoop(NetMQEngine.Shared, new IOLoopOptions { MakeCurrent = false })) => _ownsLoop = true;

    /// <summary>On a loop that stays its owner's.</summary>
    /// <exception cref="NotSupportedException">This version of NetMQ does not have the members that are needed to raise its
    /// events.</exception>
    public NetMQLoopPoller(IOLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        if (!EventInternals.AreKnown)
            throw new NotSupportedException(
                "This version of NetMQ does not have the members that are needed to raise its events: use IOLoop.AddHandler, ZMQStream "
                + "and PeriodicCallback.");
        _loop = loop;
        _onEventsChanged = (sender, _) => InLoop(() => UpdateInterest((NetMQSocket)sender!));
        _onReady = OnReady;
    }

    /// <summary>How long it waits for another thread, which may be waiting for this one.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The loop.</summary>
    public IOLoop Loop => _loop;

    /// <summary>True once it was disposed. Any thread.</summary>
    public bool IsDisposed => _disposed;

    /// <summary>How often one socket's events may be raised in one turn of the loop, while it stays ready, before others have theirs. 1 is
    /// NetMQ's way. Default 16: most of what a turn costs is saved.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int EventsPerTurn
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(EventsPerTurn));
            field = value;
        }
    } = 16;

    /// <summary>Raises the events of a socket whenever it is ready. One that is here already is ignored.</summary>
    /// <exception cref="ArgumentException">It was disposed.</exception>
    /// <exception cref="InvalidOperationException">A handler of the loop, or a stream, has it already.</exception>
    public void Add(ISocketPollable socket)
    {
        NetMQSocket added = Verify(socket);
        InLoop(() =>
        {
            VerifyStillOpen(socket, nameof(Add));
            if (_sockets.ContainsKey(added)) return;
            IOEvents events = InterestOf(added);
            _loop.AddHandler(added, _onReady, events);
            _sockets.Add(added, events);
            EventInternals.AddEventsChanged(added, _onEventsChanged);
            UpdateInterest(added); // somebody may have attached one meanwhile
        });
    }

    /// <summary>Calls back whenever a plain socket has bytes, or has failed. One that is here already is ignored.</summary>
    public void Add(Socket socket, Action<Socket> callback)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(callback);
        VerifyOpen();
        InLoop(() =>
        {
            if (_plainSockets.ContainsKey(socket)) return;
            _loop.AddHandler(socket, (_, _) => CallBack(socket, callback), IOEvents.Read);
            _plainSockets.Add(socket, callback);
        });
    }

    /// <summary>Raises no more events of a socket, not even in this turn. One that is not here is ignored.</summary>
    /// <exception cref="ArgumentException">It was disposed.</exception>
    public void Remove(ISocketPollable socket)
    {
        NetMQSocket removed = Verify(socket);
        InLoop(() =>
        {
            VerifyStillOpen(socket, nameof(Remove));
            Forget(removed);
        });
    }

    /// <summary>Calls back for a plain socket no more, not even in this turn. One that is not here is ignored.</summary>
    public void Remove(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        VerifyOpen();
        InLoop(() =>
        {
            if (_plainSockets.Remove(socket)) _loop.RemoveHandler(socket);
        });
    }

    /// <summary>Removes a socket and disposes of it, on the loop's thread, or, where the loop ends before, when the poller is disposed;
    /// here and at once where it was disposed: a <c>NetMQMonitor</c> that outlives its poller ends so. Several threads may ask for the
    /// same one.</summary>
    /// <exception cref="ArgumentException">It was disposed already.</exception>
    public void RemoveAndDispose<T>(T socket) where T : ISocketPollable, IDisposable
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (_hasLetGo)
        {
            socket.Dispose();
            return;
        }

        if (socket.IsDisposed) throw IsDisposedAlready(nameof(socket));
        NetMQSocket removed = socket.Socket;
        _leaving[socket] = removed;
        if (!_loop.TryRunHere(Leave, Patience)) _loop.RunOnLoop(Leave);

        void Leave()
        {
            if (_leaving.TryRemove(socket, out _)) LetGo(socket, removed); // else the poller, or another thread's call, was first
        }
    }

    /// <summary>Whether a socket was added. The task ends on the loop.</summary>
    public Task<bool> ContainsAsync(ISocketPollable socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return _loop.InvokeAsync(() => _sockets.ContainsKey(socket.Socket));
    }

    /// <inheritdoc cref="ContainsAsync(ISocketPollable)"/>
    public Task<bool> ContainsAsync(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return _loop.InvokeAsync(() => _plainSockets.ContainsKey(socket));
    }

    // For collection initializers alone: what is here belongs to the loop's thread.
    IEnumerator IEnumerable.GetEnumerator()
    {
        yield break;
    }

    private void OnReady(PollSource source, IOEvents events)
    {
        var adapter = (NetMQSocketAdapter)source.ZMQSocket!;
        NetMQSocket socket = adapter.Inside;
        if ((events & IOEvents.Error) != 0)
        {
            Forget(socket); // disposed behind our back; the loop has forgotten it, and logs it
            return;
        }

        Raise(static (poller, ready) => poller.RaiseEvents(ready.adapter, ready.events), (adapter, events), adapter);
    }

    private void RaiseEvents(NetMQSocketAdapter adapter, IOEvents events)
    {
        NetMQSocket socket = adapter.Inside;
        int left = EventsPerTurn;
        do EventInternals.InvokeEvents(socket, this, (PollEvents)events.ToZeroMQ());
        while (--left > 0 && !_stopping && _sockets.TryGetValue(socket, out IOEvents interest)
            && (events = adapter.AskEvents(signalled: false) & interest) != IOEvents.None);
    }

    private void CallBack(Socket socket, Action<Socket> callback)
    {
        if (socket.SafeHandle.IsClosed)
        {
            _plainSockets.Remove(socket); // as above
            return;
        }

        Raise(static (_, ready) => ready.callback(ready.socket), (socket, callback), socket);
    }

    /// <summary>Calls code that was written for NetMQ's poller, as that would.</summary>
    /// <param name="call">The call.</param>
    /// <param name="argument">What it needs.</param>
    /// <param name="subject">What it is about, should NetMQ's context have ended.</param>
    private void Raise<T>(Action<NetMQLoopPoller, T> call, T argument, object subject)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        if (_synchronizationContext is { } theirs) SynchronizationContext.SetSynchronizationContext(theirs);
        try
        {
            call(this, argument);
        }
        catch (TerminatingException exception) when (_loop.IsRunning)
        {
            throw exception.Translate($"A handler of {subject}");
        }
        finally
        {
            if (!ReferenceEquals(SynchronizationContext.Current, before)) SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void UpdateInterest(NetMQSocket socket)
    {
        if (!_sockets.TryGetValue(socket, out IOEvents before) || socket.IsDisposed || _loop.IsClosed) return;
        IOEvents events = InterestOf(socket);
        if (events == before) return;
        _sockets[socket] = events;
        _loop.UpdateHandler(socket, events);
    }

    private void Forget(NetMQSocket socket)
    {
        if (!_sockets.Remove(socket)) return;
        EventInternals.RemoveEventsChanged(socket, _onEventsChanged);
        if (!_loop.IsClosed) _loop.RemoveHandler(socket);
    }

    private NetMQSocket Verify(ISocketPollable socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        VerifyOpen();
        if (socket.IsDisposed) throw IsDisposedAlready(nameof(socket));
        return socket.Socket;
    }

    private static ArgumentException IsDisposedAlready(string parameter) => new("Must not be disposed.", parameter);

    // Between a call on another thread and its turn on the loop's.
    private static void VerifyStillOpen(ISocketPollable socket, string member)
    {
        if (!socket.IsDisposed) return;
        throw new InvalidOperationException(
            $"The {socket.GetType().Name} was disposed before {nameof(NetMQLoopPoller)}.{member}, called on another thread than "
            + $"the loop's, had its turn there: remove a socket before you dispose of it, or use {nameof(RemoveAndDispose)}.");
    }

    private void VerifyOpen() => ObjectDisposedException.ThrowIf(_disposed, this);

    private void InLoop(Action action)
    {
        if (!_loop.TryRunHere(action, Patience)) _loop.AddCallback(action);
    }

    // NetMQ asks for errors, too, always; a loop reports them unasked.
    private static IOEvents InterestOf(NetMQSocket socket) =>
        EventConversions.FromZeroMQ((int)EventInternals.GetPollEvents(socket)) & ~IOEvents.Error;
}
