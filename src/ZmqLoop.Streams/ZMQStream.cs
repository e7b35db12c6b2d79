using System.Diagnostics;
using System.Globalization;

namespace ZmqLoop.Streams;

/// <summary>A ZeroMQ socket on a loop: received messages come to a callback, and what is sent waits in a queue until the socket takes it.
/// pyzmq's <c>ZMQStream</c>.</summary>
/// <remarks>
/// <para>Any thread may send, await messages, close, and read the properties: docs/loop.md has the list. Everything else belongs to the
/// loop's thread while the loop runs; another thread gets an <see cref="InvalidOperationException"/>.</para>
/// <para>Callbacks keep the stack contexts in force when they were given; making the stream captures none. A callback that throws is
/// reported to <see cref="IOLoop.HandleCallbackException"/> with the stream and the message, once, and delivery goes on
/// (<see cref="StreamErrorPolicy"/>).</para>
/// <para>A ROUTER is mandatory in a stream (<see cref="ZMQSocket.RouterMandatory"/>), unless it was told otherwise: a message for a peer
/// that is not there is refused, and its sender told; where nobody asked, it is counted (<see cref="UnroutableMessages"/>), and the loop's
/// log has a line a minute for each such peer. One for a peer without room waits, and holds up no other peer's.
/// <c>socket.RouterMandatory = false</c>, before or after, is ZeroMQ's way, and pyzmq's: both are dropped without a word.</para>
/// <para>The stream owns its socket and closes it. The socket may still be used directly on the loop's thread: no message is missed.</para>
/// <para>The loop holds a stream while there is a receive callback, while somebody waits for a message or polls, and while messages wait to
/// be sent; else whoever uses it does. One that nobody holds is closed when the garbage collector finds it, with a warning in the loop's
/// log. Holding the <see cref="Socket"/> is not holding the stream.</para>
/// <para>After closing, sending throws <see cref="ObjectDisposedException"/>; stopping, closing and disposing do nothing.</para>
/// </remarks>
/// <example><code>
/// ZMQIOLoop loop = ZMQIOLoop.Install();
/// await using ZMQStream server = new(ZMQSocket.Create(SocketType.Router), loop);
/// server.Bind("tcp://127.0.0.1:5555");
/// server.OnRecv(async (request, closing) =>
/// {
///     await loop.Delay(0.1, closing); // others are served meanwhile, where MaxConcurrency allows it
///     server.Send(request.Reply("done"));
/// });
/// loop.Start();
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class ZMQStream : IStreamOwner, IDisposable, IAsyncDisposable
{
    private static readonly ZMQStreamOptions _defaults = new();

    private readonly ZMQStreamOptions _options;
    private readonly StreamMeter _meter;
    private readonly StreamTurn _turn;
    private readonly StreamLife _life; // null, for the finalizer, where the constructor threw
    private readonly Delivery _delivery;
    private int _unread = -1; // not known yet

    /// <summary>A stream over a socket.</summary>
    /// <param name="socket">The socket, which belongs to the stream from now on.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="options">Budgets, priority and policies; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The thread has no current loop and none was given; or another stream or handler has the
    /// socket (the message names it).</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    /// <exception cref="ArgumentException">An option is out of its range, or not for this type of socket.</exception>
    public ZMQStream(ZMQSocket socket, IOLoop? loop = null, ZMQStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ObjectDisposedException.ThrowIf(socket.IsClosed, socket);
        _options = options ?? _defaults;
        _options.Validate(socket.Type);
        IOLoop = CurrentLoop.Or(loop, "stream");
        Socket = socket;
        _meter = StreamMeter.Of(_options.Name, IOLoop);
        _turn = new StreamTurn(this, socket, IOLoop, _options, _meter);
        _life = _turn.Life;
        _delivery = _turn.Delivery;
        _life.VerifyThread();
        StreamGauges.Begin();
        _life.Begin();
        if (socket.Type == SocketType.Router) RefuseUnroutable();
        _turn.Activities.LimitMessages(socket);
    }

    /// <summary>The socket. Closed with the stream.</summary>
    public ZMQSocket Socket { get; }

    /// <summary>The loop that the stream runs on.</summary>
    public IOLoop IOLoop { get; }

    /// <summary>True while there is a receive callback, or somebody waits for a message. <c>receiving()</c>.</summary>
    public bool IsReceiving => (_delivery.HasReceiver || _turn.Wanted > 0) && _life.State == StreamState.Open;

    /// <summary>True while messages wait to be sent. <c>sending()</c>.</summary>
    public bool IsSending => SendQueueLength > 0;

    /// <summary>True once closing was asked for, or the socket was closed elsewhere. No side effects. <c>closed()</c>.</summary>
    public bool IsClosed => _life.IsClosed;

    /// <summary>How many messages wait to be sent.</summary>
    public int SendQueueLength => _turn.SendingOrNull?.Queue.Count ?? 0;

    /// <summary>How many bytes wait to be sent.</summary>
    public long SendQueueBytes => _turn.SendingOrNull?.Queue.Bytes ?? 0;

    /// <summary>How many messages were dropped so far: the queue was full or cleared, or their time was over.</summary>
    public long DroppedMessages => _turn.SendingOrNull?.Queue.Counts.Dropped ?? 0;

    /// <summary>How many messages could not be routed so far, whoever was told: their peer was unknown to the ROUTER or STREAM socket, or
    /// had gone. Any thread.</summary>
    public long UnroutableMessages => _turn.SendingOrNull?.RouteErrors.Count ?? 0;

    /// <summary>How many received messages were dropped so far, since they were larger than
    /// <see cref="ZMQStreamOptions.MaxFramesPerMessage"/> and <see cref="ZMQStreamOptions.MaxBytesPerMessage"/> allow. Any
    /// thread.</summary>
    public long OversizedMessages => _turn.Dropped.Count;

    /// <summary>How many async receive callbacks are under way. Any thread.</summary>
    public int HandlersRunning => _turn.Handlers.Count;

    /// <summary>For how long the oldest of those has been, by the loop's clock; null where none has to wait for anything. Any
    /// thread.</summary>
    public TimeSpan? OldestHandlerAge => _turn.Handlers.OldestAge;

    /// <summary>Which of them it is; null as <see cref="OldestHandlerAge"/>. Any thread.</summary>
    public CallbackOrigin? OldestHandler => _turn.Handlers.Oldest;

    /// <summary>What went through it so far, and what did not. Any thread.</summary>
    public StreamStatistics Statistics => _turn.Statistics;

    /// <summary>How it was told to behave. Any thread.</summary>
    public ZMQStreamOptions Options => _options;

    /// <summary>Listens on an endpoint. See <see cref="ZMQSocket.Bind"/>.</summary>
    public void Bind(string endpoint)
    {
        _life.VerifyOpen();
        Socket.Bind(endpoint);
        _turn.Activities.Add(endpoint);
    }

    /// <summary>Listens on a free port. See <see cref="ZMQSocket.BindToRandomPort(string)"/>.</summary>
    public int BindToRandomPort(string address)
    {
        _life.VerifyOpen();
        return Bound(address, Socket.BindToRandomPort(address));
    }

    /// <summary>Listens on a free port within bounds. See <see cref="ZMQSocket.BindToRandomPort(string, int, int, int)"/>.</summary>
    public int BindToRandomPort(string address, int minPort, int maxPort, int maxTries = 100)
    {
        _life.VerifyOpen();
        return Bound(address, Socket.BindToRandomPort(address, minPort, maxPort, maxTries));
    }

    /// <summary>Connects. See <see cref="ZMQSocket.Connect"/>.</summary>
    public void Connect(string endpoint)
    {
        _life.VerifyOpen();
        Socket.Connect(endpoint);
        _turn.Activities.Add(endpoint);
    }

    /// <summary>Stops listening on an endpoint, whose connections are dropped. See <see cref="ZMQSocket.Unbind"/>.</summary>
    public void Unbind(string endpoint)
    {
        _life.VerifyOpen();
        Socket.Unbind(endpoint);
        _turn.Activities.Remove(endpoint);
    }

    /// <summary>Drops a connection.</summary>
    public void Disconnect(string endpoint)
    {
        _life.VerifyOpen();
        Socket.Disconnect(endpoint);
        _turn.Activities.Remove(endpoint);
    }

    /// <summary>SUB: receives messages whose first frame begins with this.</summary>
    public void Subscribe(string prefix)
    {
        _life.VerifyOpen();
        Socket.Subscribe(prefix);
    }

    /// <summary>SUB: takes one subscription back. See <see cref="ZMQSocket.Unsubscribe(string)"/>.</summary>
    public void Unsubscribe(string prefix)
    {
        _life.VerifyOpen();
        Socket.Unsubscribe(prefix);
    }

    /// <summary>Reads an option of the socket. <c>getsockopt</c>.</summary>
    public T Get<T>(SocketOption<T> option)
    {
        _life.VerifyOpen();
        return Socket.Get(option);
    }

    /// <summary>Sets an option of the socket. <c>setsockopt</c>.</summary>
    public void Set<T>(SocketOption<T> option, T value)
    {
        _life.VerifyOpen();
        Socket.Set(option, value);
    }

    /// <summary>For logs and debuggers.</summary>
    public override string ToString()
    {
        if (IsClosed) return Title + ", closed";
        string handlers = HandlersRunning == 0 ? "" : $", {HandlersRunning} handlers running";
        string oldest = OldestHandlerAge is { } age ? Formatted($", the oldest for {age.TotalSeconds:0.#} s") : "";
        string unroutable = UnroutableMessages == 0 ? "" : $", {UnroutableMessages} were unroutable";
        return $"{Title}, {SendQueueLength} to send{unroutable}{handlers}{oldest}";

        static string Formatted(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What it is called in logs and measurements (<see cref="ZMQStreamOptions.Name"/>); null for nothing. Any thread.</summary>
    public string? Name => _options.Name;

    string IStreamOwner.Title => Title;

    private string Title => $"ZMQStream {(_options.Name is { } given ? $"'{given}' " : "")}of {Socket}";

    /// <summary>The same for streams whose measurements are one series.</summary>
    internal string Series => _meter.Series;

    /// <summary>What measurements know of a socket: its stream's tags, where it has one, else its loop's.</summary>
    internal static ReadOnlySpan<KeyValuePair<string, object?>> TagsOf(ZMQSocket socket, IOLoop loop) =>
        StreamRegistry.Find(socket)?.Owner is ZMQStream stream ? stream.Tags : loop.MeterTags;

    /// <summary>What measurements know of it.</summary>
    internal ReadOnlySpan<KeyValuePair<string, object?>> Tags => _meter.Tags;

    private int Bound(string address, int port)
    {
        _turn.Activities.Add($"{address}:{port}");
        return port;
    }

    private void RefuseUnroutable()
    {
        try
        {
            Socket.RefuseUnroutable();
        }
        catch (ContextTerminatedException)
        {
            // The loop's next poll ends the loop, and closes the stream.
        }
    }
}
