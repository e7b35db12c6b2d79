using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ZmqLoop.Streams;

/// <summary>What happens below a socket, as events on the loop: connections, handshakes, failures. pyzmq's <c>get_monitor_socket</c> and
/// <c>recv_monitor_message</c>.</summary>
/// <remarks>
/// <para>Events wait, without limit, until <see cref="OnEvent"/> or <see cref="ReadAllAsync"/> takes them; none is lost. The last one is
/// <see cref="ZMQSocketEvents.MonitorStopped"/>, when the socket is closed or monitored anew (a socket has one monitor), after which the
/// monitor closes by itself. Monitor and socket may be closed in any order.</para>
/// <para>What it gives to somebody it counts: <see cref="Statistics"/>, <see cref="GetConnections"/>, and the meter's
/// <c>zmqloop.connection.*</c>, by the name of the socket's stream. <see cref="CountOnly"/> is for who wants no more than that.</para>
/// <para>Loop's thread, but for <see cref="ReadAllAsync"/>, <see cref="Close"/>, <see cref="IsClosed"/> and what it counts. The socket
/// stays its owner's.</para>
/// </remarks>
/// <example><code>
/// using ZMQStream server = new(ZMQSocket.Create(SocketType.Rep));
/// using SocketMonitor monitor = new(server.Socket);
/// monitor.OnEvent(happened => Console.WriteLine($"{happened.Event} {happened.Reason}"));
/// server.Bind("tcp://127.0.0.1:5555");
/// IOLoop.Current.Start();
/// </code></example>
public sealed class SocketMonitor : IDisposable
{
    private readonly Channel<SocketEvent> _events = Channel.CreateUnbounded<SocketEvent>();
    private readonly ZMQStream _stream;
    private readonly ConnectionTable _connections;
    private bool _isRead; // by ReadAllAsync

    /// <summary>Starts to watch a socket; what happened before is not told.</summary>
    /// <param name="socket">Whose events; it may belong to a stream.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="events">Which events.</param>
    /// <exception cref="InvalidOperationException">The thread has no current loop and none was given, or it is not the loop's.</exception>
    /// <exception cref="NotSupportedException">The socket's engine has no monitors.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public SocketMonitor(ZMQSocket socket, IOLoop? loop = null, ZMQSocketEvents events = ZMQSocketEvents.All)
    {
        ArgumentNullException.ThrowIfNull(socket);
        loop = CurrentLoop.Or(loop, "monitor");
        loop.VerifyThread("The making of a monitor");
        Socket = socket;
        ZMQSocket pair = socket.Monitor(events | ZMQSocketEvents.MonitorStopped);
        try
        {
            ZMQStreamOptions options = new() { Name = "zmqloop.monitor", HasActivities = false };
            _stream = new ZMQStream(pair, loop, options); // its events are nobody's messages
        }
        catch
        {
            pair.Dispose();
            throw;
        }

        _connections = new ConnectionTable(new ConnectionMeter(ZMQStream.TagsOf(socket, loop)), loop.TimeProvider);
        NullContext.RunDetached(() => _stream.SetCloseCallback(End));
        _connections.Open(this);
    }

    /// <summary>The socket that is watched.</summary>
    public ZMQSocket Socket { get; }

    /// <summary>The loop that the events come on.</summary>
    public IOLoop IOLoop => _stream.IOLoop;

    /// <summary>True once the monitor was closed, or has told that the socket was. Any thread.</summary>
    public bool IsClosed => _stream.IsClosed;

    /// <summary>What was told so far of the socket's connections: of events that somebody has taken, and that were asked for. Any
    /// thread.</summary>
    public ConnectionStatistics Statistics => _connections.Counts;

    /// <summary>The connections that are open, the oldest first; none once the monitor is closed. Any thread.</summary>
    public IReadOnlyList<SocketConnection> GetConnections() => _connections.All;

    /// <summary>The monitors of the process that are open at this moment: for diagnostics. Any thread.</summary>
    /// <param name="loop">Only those on this loop; null for all of the process.</param>
    public static IReadOnlyList<SocketMonitor> GetOpenMonitors(IOLoop? loop = null) =>
        [.. ConnectionTable.Monitors.Where(monitor => loop is null || ReferenceEquals(monitor.IOLoop, loop))];

    /// <summary>Takes the events for nothing else than to count them, and to know who is there. Whoever wants them, too, gives a callback,
    /// which replaces this.</summary>
    /// <returns>This monitor.</returns>
    /// <exception cref="InvalidOperationException">The events go to <see cref="ReadAllAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The monitor is closed.</exception>
    public SocketMonitor CountOnly()
    {
        NullContext.RunDetached(() => OnEvent(static _ => { }));
        return this;
    }

    /// <summary>Gives each event to a callback, which replaces the one before; null pauses, and events wait.</summary>
    /// <param name="callback">Called on the loop, in the contexts in force now.</param>
    /// <exception cref="InvalidOperationException">The events go to <see cref="ReadAllAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The monitor is closed.</exception>
    public void OnEvent(Action<SocketEvent>? callback)
    {
        if (_isRead)
            throw new InvalidOperationException("The events of this monitor go to ReadAllAsync; it cannot have a callback as well.");
        if (callback is null) _stream.StopOnRecv();
        else _stream.OnRecv(message => Deliver(callback, message), callback, copy: true);
    }

    /// <summary>The events, as they come; ends when the monitor is closed. Any thread. Cancelling loses none: the next enumeration goes on
    /// where this one ended.</summary>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<SocketEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (IOLoop.CheckAccess()) BeginReading();
        else await IOLoop.InvokeAsync(BeginReading).ConfigureAwait(false);
        while (await _events.Reader.WaitToReadAsync(cancellationToken))
        {
            while (!cancellationToken.IsCancellationRequested && _events.Reader.TryRead(out SocketEvent occurred)) yield return occurred;
        }
    }

    /// <summary>Stops watching. Any thread; twice is fine.</summary>
    public void Close() => _stream.Close(TimeSpan.Zero);

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    /// <summary>For logs and debuggers.</summary>
    public override string ToString() => $"SocketMonitor of {Socket}{(IsClosed ? ", closed" : "")}";

    private void End()
    {
        _connections.Close(this);
        _events.Writer.TryComplete();
    }

    private void BeginReading()
    {
        if (_isRead || IsClosed) return;
        if (_stream.IsReceiving)
            throw new InvalidOperationException("The events of this monitor go to a callback: OnEvent(null) frees them for ReadAllAsync.");
        _isRead = true;
        NullContext.RunDetached(() => _stream.OnRecv(message => Deliver(occurred => _events.Writer.TryWrite(occurred), message)));
    }

    private void Deliver(Action<SocketEvent> callback, Message message)
    {
        SocketEvent occurred = SocketEvent.Parse(message);
        _connections.Note(occurred);
        try
        {
            callback(occurred);
        }
        finally
        {
            if (occurred.Event == ZMQSocketEvents.MonitorStopped) Close();
        }
    }
}
