using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>Messages through <see cref="ZMQStream"/>, with one stack context in force unless told otherwise: what bench/peers/zmq_peer.c
/// does.</summary>
internal static class StreamWork
{
    private const int Queued = 1_000;

    public static void Receive(Func<ZMQEngine> create, double seconds, string endpoint, int highWaterMark, bool copy, bool inContext)
    {
        using ZMQEngine engine = create();
        using var loop = new ZMQIOLoop(engine);
        using ZMQStream stream = Open(engine, SocketType.Pull, highWaterMark);
        MessageWindow window = new(seconds);
        if (inContext) InOneContext(Receive);
        else Receive();
        BindAndTell(stream, endpoint);
        loop.Start();

        void Receive() => stream.OnRecv(
            _ =>
            {
                if (window.Count()) loop.Stop();
            },
            copy);
    }

    /// <summary>As <see cref="Receive"/>, by asking for each message.</summary>
    public static void ReceiveByAwait(Func<ZMQEngine> create, double seconds, string endpoint, int highWaterMark)
    {
        using ZMQEngine engine = create();
        using var loop = new ZMQIOLoop(engine);
        using ZMQStream stream = Open(engine, SocketType.Pull, highWaterMark);
        MessageWindow window = new(seconds);
        BindAndTell(stream, endpoint);
        InOneContext(() => loop.AddCallback(async () =>
        {
            await foreach (Message _ in stream.ReadAllAsync())
            {
                if (window.Count()) break;
            }

            loop.Stop();
        }));
        loop.Start();
    }

    /// <summary>Fills the stream's queue, and fills it again when there is room.</summary>
    public static void Send(Func<ZMQEngine> create, double seconds, string endpoint, int size, int frames, int highWaterMark)
    {
        using ZMQEngine engine = create();
        using var loop = new ZMQIOLoop(engine);
        using ZMQStream stream = Open(engine, SocketType.Push, highWaterMark, new ZMQStreamOptions { SendQueueLimit = Queued });
        MessageWindow window = new(seconds);
        Message message = Filled(size, frames);
        stream.Connect(endpoint);
        InOneContext(() => loop.AddCallback(async () =>
        {
            do
            {
                while (stream.TrySend(message))
                {
                    if (!window.Count()) continue;
                    loop.Stop();
                    return;
                }
            }
            while (await stream.WaitToSendAsync());
        }));
        loop.Start();
    }

    /// <summary>Messages that wait in the socket already: what the receiving thread alone takes for each.</summary>
    public static void Drain(Func<ZMQEngine> create, double seconds, int size, int frames, int count)
    {
        using ZMQEngine engine = create();
        using var loop = new ZMQIOLoop(engine);
        using ZMQSocket near = engine.CreateSocket(SocketType.Pair);
        near.SendHighWaterMark = 0;
        using ZMQStream far = Open(engine, SocketType.Pair, 0);
        far.Bind("inproc://drain");
        near.Connect("inproc://drain");
        Message message = Filled(size, frames);
        int left = 0;
        InOneContext(() => far.OnRecv(
            _ =>
            {
                if (--left == 0) loop.Stop();
            },
            copy: false));
        Rounds.PrintMedian(seconds, () =>
        {
            for (left = 0; left < count; left++)
            {
                if (!near.TrySend(message)) throw new InvalidOperationException("The socket is full.");
            }

            return Rounds.Cpu(count, loop.Start);
        });
    }

    public static void Echo(Func<ZMQEngine> create, string endpoint, TimeSpan spin)
    {
        using ZMQEngine engine = create();
        using var loop = new ZMQIOLoop(engine, new IOLoopOptions { SpinBeforeWait = spin });
        using ZMQStream stream = Open(engine, SocketType.Dealer, 1_000);
        InOneContext(() => stream.OnRecv(message => stream.Send(message), copy: false));
        BindAndTell(stream, endpoint);
        loop.Start();
    }

    public static ZMQStream Open(ZMQEngine engine, SocketType type, int highWaterMark, ZMQStreamOptions? options = null)
    {
        ZMQSocket socket = engine.CreateSocket(type);
        socket.Linger = TimeSpan.Zero;
        socket.SendHighWaterMark = highWaterMark;
        socket.ReceiveHighWaterMark = highWaterMark;
        return new ZMQStream(socket, options: options);
    }

    public static void InOneContext(Action action) => new StackContext(static () => new WrapBenchmarks.Instance()).Run(action);

    private static Message Filled(int size, int frames) => new([.. Enumerable.Repeat(Frame.Own(new byte[size]), frames)]);

    private static void BindAndTell(ZMQStream stream, string endpoint)
    {
        stream.Bind(endpoint);
        Console.WriteLine("bound " + stream.Socket.LastEndpoint);
    }
}
