using System.Net;
using System.Net.Sockets;
using ZmqLoop.Chaos.Services;
using ZmqLoop.Chaos.Wire;

namespace ZmqLoop.Chaos.Doors;

/// <summary>What NetMQ has of doors: CURVE is refused rather than pretended, messages have a limit, and handshakes may be held
/// open.</summary>
internal static class NetMQCases
{
    private const int Held = 1_000;
    private const int Most = 10_000;

    /// <summary>Options that NetMQ would not enforce throw.</summary>
    public static Task Refused(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        Action<ZMQSocket>[] attempts =
        [
            static socket => socket.CurveServer = true,
            static socket => socket.CurveSecretKey = SecretKeys.Server.SecretKey,
            static socket => socket.CurvePublicKey = SecretKeys.Server.PublicKey,
            static socket => socket.CurveServerKey = SecretKeys.Server.PublicKey,
            static socket => socket.PlainServer = true,
            static socket => socket.PlainUsername = "alice",
            static socket => socket.ZapDomain = "domain",
        ];
        long tried = 0;
        Try();
        arena.BeginMeasuring();
        while (arena.GoesOn(tried)) Try();
        arena.Result.Count = tried;
        arena.EndMeasuring();
        return Task.CompletedTask;

        void Try()
        {
            foreach (Action<ZMQSocket> attempt in attempts)
            {
                using ZMQSocket socket = engine.CreateSocket(SocketType.Dealer);
                tried++;
                try
                {
                    attempt(socket);
                    arena.Result.LetIn++;
                    arena.Fail("An option that is not enforced was taken.");
                }
                catch (Exception exception) when (exception is NotSupportedException or ZMQException or InvalidOperationException)
                {
                    // So it is said.
                }
            }
        }
    }

    /// <summary>Frames that are longer than <c>MaxMessageSize</c> end their connection; others go on.</summary>
    public static Task Limits(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        long longOnes = 0;
        ZMQStream server = host.Open(SocketType.Router, stream =>
        {
            stream.Socket.MaxMessageSize = Most;
            stream.OnRecv(message =>
            {
                if (message[^1].Length > Most) Interlocked.Increment(ref longOnes);
                stream.Send(message);
            });
        });
        int port = host.Do(() => server.BindToRandomPort("tcp://127.0.0.1"));
        using HealthyClient healthy = new(engine, $"tcp://127.0.0.1:{port}");
        Random random = arena.RandomFor(0);
        Send();
        arena.BeginMeasuring();
        long sent = 0;
        while (arena.GoesOn(sent))
        {
            Send();
            sent++;
        }

        if (!healthy.IsAnswered()) arena.Result.Hung++;
        arena.Result.Count = sent;
        arena.Result.LetIn = longOnes;
        arena.EndMeasuring();
        return Task.CompletedTask;

        void Send()
        {
            byte[] frame = random.Next(2) == 0
                ? Zmtp.Announce(random.NextInt64(Most + 1, long.MaxValue)) : Zmtp.Message(new byte[random.Next(Most + 1, Most * 20)]);
            Exchange.With(port, new HostileInput("too long", [.. Zmtp.Handshake("DEALER"), .. frame], false));
        }
    }

    /// <summary>A thousand who begin to shake hands, and do no more.</summary>
    public static Task HeldOpen(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        ZMQStream server = host.Open(SocketType.Router, static stream => stream.OnRecv(message => stream.Send(message)));
        int port = host.Do(() => server.BindToRandomPort("tcp://127.0.0.1"));
        string endpoint = $"tcp://127.0.0.1:{port}";
        using HealthyClient healthy = new(engine, endpoint);
        Random random = arena.RandomFor(0);
        if (!arena.IsShort) Hold();
        arena.BeginMeasuring();
        long held = 0;
        while (arena.GoesOn(held)) held += Hold();
        arena.Result.Count = held;
        arena.EndMeasuring();
        return Task.CompletedTask;

        int Hold()
        {
            List<Socket> sockets = [];
            byte[] begin = Zmtp.Handshake("DEALER");
            for (int i = 0; i < arena.Or(Held, 100); i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                sockets.Add(socket);
                socket.Bind(new IPEndPoint(new IPAddress([127, 77, (byte)(i / 250), (byte)(1 + (i % 250))]), 0));
                socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
                socket.Send(begin.AsSpan(0, random.Next(begin.Length)));
            }

            using HealthyClient late = new(engine, endpoint);
            if (!healthy.IsAnswered() || !late.IsAnswered())
            {
                arena.Result.Hung++;
                arena.Fail("With a thousand handshakes held open, a client is not served.");
            }

            sockets.ForEach(static socket => socket.Dispose());
            return sockets.Count;
        }
    }
}
