using OpenTelemetry.Metrics;

namespace ZmqLoop.Telemetry;

/// <summary>A named loop with a named stream, which is connected, disconnected and connected again, each over real sockets.</summary>
internal sealed class MeteredWorld : IDisposable
{
    public const string Loop = "metered-loop";
    public const string Stream = "metered-stream";

    private readonly List<ZMQSocket> _sockets = [];
    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly ZMQIOLoop _loop;
    private readonly ZMQStream _server;
    private readonly SocketMonitor _monitor;

    public MeteredWorld()
    {
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { Name = Loop, MakeCurrent = false });
        _server = new ZMQStream(_engine.CreateSocket(SocketType.Pull), _loop, new ZMQStreamOptions { Name = Stream });
        _monitor = new SocketMonitor(_server.Socket, _loop).CountOnly();
    }

    public SocketMonitor Monitor => _monitor;

    /// <summary>What the meters of this library are called, all of them.</summary>
    public static MeterProviderBuilder AddMeters(MeterProviderBuilder builder) =>
        builder.AddMeter("ZmqLoop*");

    /// <summary>One peer comes, sends two messages and goes; another comes and stays.</summary>
    public void Run()
    {
        int received = 0;
        _server.OnRecv(_ => received++);
        _server.Bind("tcp://127.0.0.1:*");
        string endpoint = _server.Socket.LastEndpoint;
        ZMQSocket first = Connect(endpoint);
        Assert.True(first.TrySend(new Message("1")));
        Assert.True(first.TrySend(new Message("2")));
        RunUntil(() => received == 2 && _monitor.Statistics.Open == 1);
        first.Close();
        RunUntil(() => _monitor.Statistics is { Disconnects: 1, Open: 0 });
        ZMQSocket second = Connect(endpoint);
        Assert.True(second.TrySend(new Message("3")));
        RunUntil(() => received == 3 && _monitor.Statistics.Open == 1);
    }

    public void Dispose()
    {
        _server.Close(TimeSpan.Zero);
        _loop.Close();
        _sockets.ForEach(static socket => socket.Close(TimeSpan.Zero));
        _engine.Dispose();
    }

    private ZMQSocket Connect(string endpoint)
    {
        ZMQSocket socket = _engine.CreateSocket(SocketType.Push);
        _sockets.Add(socket);
        socket.Connect(endpoint);
        return socket;
    }

    private void RunUntil(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow + EngineUnderTest.Current.LongWait;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"{_loop}; {_server}; {_monitor.Statistics}");
            _loop.RunOnce(TimeSpan.FromMilliseconds(20));
        }
    }
}
