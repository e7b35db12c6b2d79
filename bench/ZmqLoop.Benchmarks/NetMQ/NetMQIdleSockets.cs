using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Benchmarks;

/// <summary>Processor time of one turn: a busy socket's message, from its sending through the wake to its handler, beside many sockets on which nothing happens.</summary>
internal sealed class NetMQIdleSockets : IDisposable
{
    private const int Turns = 2_000;

    private readonly List<PairSocket> _sockets = [];
    private readonly List<ZMQSocket> _made = [];
    private readonly PairSocket _nearEnd = new();
    private readonly ZMQSocket _nearEndOfMade;

    public NetMQIdleSockets(int idle)
    {
        for (int i = 0; i <= idle; i++)
        {
            PairSocket socket = new();
            socket.Bind($"inproc://idle-{i}");
            _sockets.Add(socket);
            ZMQSocket made = NetMQEngine.Shared.CreateSocket(SocketType.Pair);
            made.Bind($"inproc://idle-made-{i}");
            _made.Add(made);
        }

        _nearEnd.Connect($"inproc://idle-{idle}");
        _nearEndOfMade = NetMQEngine.Shared.CreateSocket(SocketType.Pair);
        _nearEndOfMade.Connect($"inproc://idle-made-{idle}");
    }

    public (string Name, Func<double> Run)[] Ways =>
    [
        ("NetMQPoller", OwnPoller),
        ("loop over the selector, NetMQ's sockets", () => OnLoop(NetMQPollerKind.Selector)),
        ("loop over epoll, NetMQ's sockets", () => OnLoop(NetMQPollerKind.Epoll)),
        ("loop over epoll, sockets that the engine made", OnLoopWithMade),
    ];

    public void Dispose()
    {
        foreach (PairSocket socket in _sockets) socket.Dispose();
        foreach (ZMQSocket socket in _made) socket.Dispose();
        _nearEnd.Dispose();
        _nearEndOfMade.Dispose();
    }

    private double OwnPoller()
    {
        using NetMQPoller poller = [];
        int left = Turns;
        void Receive(object? sender, NetMQSocketEventArgs args)
        {
            args.Socket.SkipFrame();
            if (--left > 0) _nearEnd.SendFrameEmpty();
            else poller.StopAsync();
        }

        foreach (PairSocket socket in _sockets)
        {
            socket.ReceiveReady += Receive;
            poller.Add(socket);
        }

        _nearEnd.SendFrameEmpty();
        double nanoseconds = Measure(poller.Run);
        foreach (PairSocket socket in _sockets) socket.ReceiveReady -= Receive;
        return nanoseconds;
    }

    private double OnLoop(NetMQPollerKind kind)
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { Poller = kind });
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        int left = Turns;
        foreach (PairSocket socket in _sockets)
        {
            loop.AddHandler(
                socket,
                (_, _) =>
                {
                    socket.SkipFrame();
                    if (--left > 0) _nearEnd.SendFrameEmpty();
                    else loop.Stop();
                },
                IOEvents.Read);
        }

        _nearEnd.SendFrameEmpty();
        return Measure(loop.Start);
    }

    private double OnLoopWithMade()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { Poller = NetMQPollerKind.Epoll });
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        int left = Turns;
        Message one = new("");
        Message received = new();
        foreach (ZMQSocket socket in _made)
        {
            loop.AddHandler(
                socket,
                (_, _) =>
                {
                    socket.TryReceive(received);
                    if (--left > 0) _nearEndOfMade.TrySend(one);
                    else loop.Stop();
                },
                IOEvents.Read);
        }

        _nearEndOfMade.TrySend(one);
        return Measure(loop.Start);
    }

    private static double Measure(Action run)
    {
        double start = ThreadClock.Nanoseconds;
        run();
        return (ThreadClock.Nanoseconds - start) / Turns;
    }
}
