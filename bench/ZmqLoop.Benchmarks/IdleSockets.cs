namespace ZmqLoop.Benchmarks;

/// <summary>A loop that watches one busy socket among idle ones; the handler receives a message and sends the next.</summary>
internal sealed class IdleSockets : IDisposable
{
    private readonly LibZmqEngine _engine;
    private readonly ZMQIOLoop _loop;
    private readonly List<ZMQSocket> _sockets = [];
    private readonly ZMQSocket _nearEnd;
    private readonly Message _one = new("x");
    private readonly Message _received = new();
    private int _left;

    public IdleSockets(int idle, PollerKind poller)
    {
        _engine = new LibZmqEngine(new LibZmqEngineOptions { Poller = poller });
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
        for (int i = 0; i <= idle; i++)
        {
            ZMQSocket socket = _engine.CreateSocket(SocketType.Pair);
            socket.Bind($"inproc://{i}");
            _sockets.Add(socket);
            _loop.AddHandler(socket, OnReady, IOEvents.Read);
        }

        _nearEnd = _engine.CreateSocket(SocketType.Pair);
        _nearEnd.Connect($"inproc://{idle}");
    }

    public void Run(int wakes)
    {
        _left = wakes;
        Send();
        _loop.Start();
    }

    /// <summary>The same messages without the loop: what is left is the loop's share, and the poller's.</summary>
    public void RunBare(int wakes)
    {
        for (int i = 0; i < wakes; i++)
        {
            Send();
            if (!_sockets[^1].TryReceive(_received)) throw new InvalidOperationException("There is no message.");
        }
    }

    public void Dispose()
    {
        _loop.Dispose();
        _nearEnd.Dispose();
        foreach (ZMQSocket socket in _sockets) socket.Dispose();
        _engine.Dispose();
    }

    private void OnReady(PollSource source, IOEvents events)
    {
        while (source.ZMQSocket!.TryReceive(_received)) _left--;
        if (_left > 0) Send(); // after the drain, which would take this one too
        else _loop.Stop();
    }

    private void Send()
    {
        if (!_nearEnd.TrySend(_one)) throw new InvalidOperationException("The socket is full.");
    }
}
