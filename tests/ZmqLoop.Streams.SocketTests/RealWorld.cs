namespace ZmqLoop.Streams.SocketTests;

/// <summary>A loop over a real engine, with sockets and streams that are closed with it.</summary>
internal sealed class RealWorld : IDisposable
{
    private static int _names;

    private readonly List<ZMQSocket> _sockets = [];

    private readonly List<ZMQStream> _streams = []; // a stream that nobody holds is closed as soon as it has nothing to do

    private readonly CountingPoller _poller;

    /// <param name="ownPoller">Over the poller that the engine has where there is no epoll.</param>
    public RealWorld(bool ownPoller = false)
    {
        Engine = (ownPoller ? EngineUnderTest.Current.OverItsOwnPoller : EngineUnderTest.Current).CreateEngine();
        _poller = new CountingPoller(Engine.CreatePoller());
        Loop = new ErrorLoop(Engine, _poller, Loggers);
    }

    public ZMQEngine Engine { get; }

    public ErrorLoop Loop { get; }

    public RecordingLoggers Loggers { get; } = new();

    /// <summary>What happened, in order.</summary>
    public List<string> Log { get; } = [];

    /// <summary>How often the loop has polled.</summary>
    public int Polls => _poller.Count;

    public static string Inproc() => $"inproc://streams-{Interlocked.Increment(ref _names)}";

    public ZMQSocket Socket(SocketType type)
    {
        ZMQSocket socket = Engine.CreateSocket(type);
        socket.Linger = TimeSpan.Zero;
        _sockets.Add(socket);
        return socket;
    }

    public ZMQStream Stream(SocketType type, ZMQStreamOptions? options = null)
    {
        ZMQStream stream = new(Socket(type), Loop, options);
        _streams.Add(stream);
        return stream;
    }

    /// <summary>A stream that is bound and a plain socket that is connected to it.</summary>
    public (ZMQStream Stream, ZMQSocket Peer) Pair(SocketType type, SocketType peerType, bool tcp = false, ZMQStreamOptions? options = null)
    {
        ZMQStream stream = Stream(type, options);
        ZMQSocket peer = Socket(peerType);
        if (peerType == SocketType.Sub) peer.Subscribe("");
        if (tcp)
        {
            peer.Connect($"tcp://127.0.0.1:{stream.BindToRandomPort("tcp://127.0.0.1")}");
        }
        else
        {
            string name = Inproc();
            stream.Bind(name);
            peer.Connect(name);
        }

        return (stream, peer);
    }

    public void LogReceived(ZMQStream stream) => stream.OnRecv(message => Log.Add(message.Text()));

    public void RunUntil(Func<bool> condition) => Deadline.RunUntil(Loop, condition, () => string.Join(", ", Log));

    /// <summary>Receives on a plain socket, from a peer that the loop does not have to run for.</summary>
    public static string Receive(ZMQSocket socket)
    {
        Message? message = null;
        Deadline.WaitUntil(() => socket.TryReceive(out message));
        return message!.Text();
    }

    public static void Send(ZMQSocket socket, params ReadOnlySpan<Frame> frames)
    {
        Message message = new(frames);
        Deadline.WaitUntil(() => socket.TrySend(message));
    }

    public void Dispose()
    {
        Loop.Close(allFds: true);
        foreach (ZMQSocket socket in _sockets) socket.Close(TimeSpan.Zero);
        Engine.Dispose();
        GC.KeepAlive(_streams);
    }
}

internal sealed class ErrorLoop(ZMQEngine engine, IPoller? poller = null, Microsoft.Extensions.Logging.ILoggerFactory? loggers = null)
    : ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false, Poller = poller, LoggerFactory = loggers })
{
    public List<(Exception Exception, CallbackOrigin Origin)> Errors { get; } = [];

    public override void HandleCallbackException(Exception exception, CallbackOrigin origin) => Errors.Add((exception, origin));
}

internal sealed class CountingPoller(IPoller inner) : IPoller
{
    public int Count { get; private set; }

    public void Register(PollSource source, IOEvents events, object? state) => inner.Register(source, events, state);

    public void Modify(PollSource source, IOEvents events) => inner.Modify(source, events);

    public void Unregister(PollSource source) => inner.Unregister(source);

    public void Poll(TimeSpan timeout, ReadyList ready)
    {
        Count++;
        inner.Poll(timeout, ready);
    }

    public void Wake() => inner.Wake();

    public void Dispose() => inner.Dispose();
}
