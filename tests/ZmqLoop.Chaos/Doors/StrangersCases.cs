using System.Net;
using System.Net.Sockets;
using ZmqLoop.Chaos.Faults;
using ZmqLoop.Chaos.Services;
using ZmqLoop.Chaos.Wire;

namespace ZmqLoop.Chaos.Doors;

/// <summary>Strangers at doors with keys and passwords, who do not play along: none comes in, and a friend is served all the
/// time.</summary>
internal static class StrangersCases
{
    private const int Held = 1_000;

    /// <summary>What a friend said is sent again, byte by byte.</summary>
    public static Task Replay(Arena arena) => Run(arena, static (arena, fortress, _) =>
    {
        using ZMQEngine engine = arena.CreateEngine();
        List<byte> record = [];
        using (Relay relay = new(Port(fortress.CurveEndpoint)) { Record = bytes => record.AddRange(bytes) })
        {
            using LoopHost friend = new(engine, ownsEngine: false);
            ZMQStream stream = friend.Open(SocketType.Push, stream => Fortress.ConnectFriend(stream, relay.Endpoint));
            long before = fortress.FromFriend;
            friend.Do(() => stream.Send(Fortress.FriendSays));
            if (!Pause.Until(() => fortress.FromFriend > before, 20)) arena.Fail("The friend who is recorded is not served.");
        }

        long heard = fortress.FromFriend;
        for (int i = 0; i < 5; i++) Exchange.With(Port(fortress.CurveEndpoint), new HostileInput("replay", [.. record], false));
        if (fortress.FromFriend > heard) arena.Result.LetIn += fortress.FromFriend - heard;
        return 5;
    });

    /// <summary>Older versions, and other mechanisms than the door's.</summary>
    public static Task Downgrade(Arena arena) => Run(arena, static (_, fortress, random) =>
    {
        byte[] says = Zmtp.Message("let me in"u8);
        byte[][] inputs =
        [
            [.. Zmtp.Handshake("PUSH"), .. says],
            [1, 0, .. says], // ZMTP 1.0
            [0xff, .. new byte[7], 1, 0x7f, 1, 8, 0, 0, .. says], // ZMTP 2.0, a PUSH without a name
            [.. Grammar.Greeting("PLAIN"), .. Zmtp.CommandFrame("INITIATE", Zmtp.Property("Socket-Type", "PUSH")), .. says],
            [.. Grammar.Greeting("CURVE"), .. Zmtp.CommandFrame("INITIATE", new byte[257]), .. says],
            [.. Grammar.Greeting("CURVE"), .. Zmtp.CommandFrame("READY", Zmtp.Property("Socket-Type", "PUSH")), .. says],
            [.. Grammar.Greeting("PLAIN"), .. Zmtp.CommandFrame("HELLO", [5, .. "alice"u8, 0]), .. says],
            [.. Grammar.Greeting("GSSAPI"), .. says],
        ];
        foreach (byte[] input in inputs)
        {
            int port = Port(random.Next(2) == 0 ? fortress.CurveEndpoint : fortress.PlainEndpoint);
            Exchange.With(port, new HostileInput("downgrade", input, false));
        }

        return inputs.Length;
    });

    /// <summary>From an address that is banned, with the right key.</summary>
    public static Task Banned(Arena arena) => Run(arena, static (arena, fortress, _) =>
    {
        fortress.Authenticator.Deny("127.9.0.0/16");
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        for (int i = 0; i < 10; i++)
        {
            host.Open(SocketType.Push, stream =>
            {
                Fortress.ConnectFriend(stream, fortress.CurveEndpoint.Replace("//", $"//127.9.0.{i + 1}:0;", StringComparison.Ordinal));
                stream.Send("a banned one");
            });
        }

        long refused = fortress.Refused;
        Pause.Until(() => fortress.Refused >= refused + 10, arena.Or(5, 1));
        return 10;
    });

    /// <summary>Keys that are taken away while their owners come and go.</summary>
    public static Task Reload(Arena arena) => Run(arena, static (arena, fortress, _) =>
    {
        using ZMQEngine engine = arena.CreateEngine();
        CurveKeyPair guest = engine.CreateCurveKeyPair();
        fortress.Authenticator.ConfigureCurve("curve", [SecretKeys.Client.PublicKey, guest.PublicKey]);
        long before = fortress.FromStrangers;
        Knock(1);
        if (!Pause.Until(() => fortress.FromStrangers > before, 20)) arena.Fail("A guest is not served.");
        fortress.Authenticator.ConfigureCurve("curve", [SecretKeys.Client.PublicKey]);
        fortress.Forgive(); // the guest was one, then
        Knock(10);
        return 11;

        void Knock(int count)
        {
            using LoopHost host = new(engine, ownsEngine: false);
            long refused = fortress.Refused;
            long heard = fortress.FromStrangers;
            for (int i = 0; i < count; i++)
            {
                host.Open(SocketType.Push, stream =>
                {
                    stream.Socket.CurvePublicKey = guest.PublicKey;
                    stream.Socket.CurveSecretKey = guest.SecretKey;
                    stream.Socket.CurveServerKey = SecretKeys.Server.PublicKey;
                    stream.Connect(fortress.CurveEndpoint);
                    stream.Send("a guest");
                });
            }

            Pause.Until(() => fortress.Refused >= refused + count || fortress.FromStrangers > heard, 10);
        }
    });

    /// <summary>Providers that take their time, throw, or say nothing: those who wait for them stay out, the others are served.</summary>
    public static Task Providers(Arena arena) => Run(arena, static (arena, fortress, random) =>
    {
        fortress.Authenticator.ConfigurePlainCallback(
            "plain",
            async _ =>
            {
                int kind = Random.Shared.Next(3);
                if (kind == 0) throw new InvalidTimeZoneException("a provider that throws");
                await Task.Delay(TimeSpan.FromMilliseconds(kind == 1 ? 30_000 : 20), TimeProvider.System);
                return false;
            },
            TimeSpan.FromMilliseconds(200));
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        for (int i = 0; i < 40; i++)
        {
            host.Open(SocketType.Push, stream =>
            {
                stream.Socket.PlainUsername = "alice";
                stream.Socket.PlainPassword = "wonderland";
                stream.Connect(fortress.PlainEndpoint);
                stream.Send("let me in");
            });
        }

        if (!fortress.IsFriendServed()) arena.Result.Hung++;
        Pause.For(0.3);
        return 40;
    });

    /// <summary>A thousand who begin to shake hands, and do no more.</summary>
    public static Task HeldOpen(Arena arena) => Run(arena, static (arena, fortress, random) =>
    {
        List<Socket> held = [];
        byte[] begin = [.. Grammar.Greeting("CURVE"), .. Zmtp.CommandFrame("HELLO", new byte[200])];
        for (int i = 0; i < arena.Or(Held, 100); i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            held.Add(socket);
            socket.Bind(new IPEndPoint(new IPAddress([127, 77, (byte)(i / 250), (byte)(1 + (i % 250))]), 0));
            socket.Connect(new IPEndPoint(IPAddress.Loopback, Port(fortress.CurveEndpoint)));
            socket.Send(begin.AsSpan(0, random.Next(begin.Length)));
        }

        if (!fortress.IsFriendServed() || !fortress.IsNewFriendServed())
        {
            arena.Result.Hung++;
            arena.Fail("With a thousand handshakes held open, a friend is not served.");
        }

        held.ForEach(static socket => socket.Dispose());
        return held.Count;
    });

    private static int Port(string endpoint) =>
        int.Parse(endpoint.AsSpan(endpoint.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static Task Run(Arena arena, Func<Arena, Fortress, Random, int> strangers)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using Fortress fortress = new(engine);
        Random random = arena.RandomFor(0);
        if (!fortress.IsFriendServed()) arena.Fail("The friend is not served to begin with.");
        if (!arena.IsShort) strangers(arena, fortress, random);
        arena.BeginMeasuring();
        long tried = 0;
        while (arena.GoesOn(tried))
        {
            tried += strangers(arena, fortress, random);
            if (fortress.IsFriendServed()) continue;
            arena.Result.Hung++;
            arena.Fail("The friend was not served.");
            break;
        }

        arena.Result.Count = tried;
        arena.Result.LetIn += fortress.FromStrangers;
        arena.EndMeasuring();
        arena.Result.Note = $"{fortress.FromFriend} of the friend's messages, {fortress.Refused} handshakes refused";
        return Task.CompletedTask;
    }
}
