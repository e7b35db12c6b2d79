using System.Text;

namespace ZmqLoop.Chaos.Wire;

/// <summary>What the protocol says, said wrongly: ZMTP 1.0 to 3.1, to each kind of target.</summary>
internal static class Grammar
{
    private const int Mechanisms = 20;
    private const int GreetingLength = 64;

    /// <summary>An input for a target, by its name in <see cref="Services.Targets"/>.</summary>
    public static HostileInput Make(string target, Random random)
    {
        string peer = PeerOf(target);
        return target switch
        {
            "PLAIN" when random.Next(4) != 0 => new("PLAIN", Plain(random, peer), false),
            "CURVE" when random.Next(4) != 0 => new("CURVE", Curve(random), false),
            "HEARTBEAT" when random.Next(3) == 0 => new("heartbeats", Heartbeats(random, peer), false),
            _ => random.Next(4) switch
            {
                0 => new("3.1", Newest(random, peer), false),
                1 => new("2.0", Second(random), false),
                _ => HostileInputs.Number(random.Next(), random.Next(1 << 20), peer),
            },
        };
    }

    /// <summary>What a stranger says he is, to a socket of that type.</summary>
    public static string PeerOf(string target) => target switch
    {
        "REP" => "REQ",
        "PULL" or "PLAIN" or "CURVE" => "PUSH",
        "PUB" or "XPUB" => "SUB",
        "SUB" or "XSUB" => "PUB",
        "PUSH" => "PULL",
        "REQ" => "REP",
        "DEALER" => "ROUTER",
        "PAIR" => "PAIR",
        _ => "DEALER",
    };

    public static byte[] Greeting(string mechanism, byte minor = 1, bool asServer = false)
    {
        byte[] greeting = new byte[GreetingLength];
        greeting[0] = 0xff;
        greeting[8] = 1;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        greeting[11] = minor;
        Encoding.ASCII.GetBytes(mechanism).CopyTo(greeting, 12);
        greeting[12 + Mechanisms] = asServer ? (byte)1 : (byte)0;
        return greeting;
    }

    private static byte[] Noise(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Text(Random random, string right) => random.Next(4) switch
    {
        0 => [(byte)random.Next(256), .. Noise(random, 40)],
        1 => [0],
        2 => [255, .. Noise(random, 300)],
        _ => [(byte)right.Length, .. Encoding.ASCII.GetBytes(right)],
    };

    private static byte[] Plain(Random random, string peer)
    {
        byte[] ready = [.. Zmtp.Property("Socket-Type", peer), .. Zmtp.Property("Identity", "")];
        List<byte> bytes = [.. Greeting("PLAIN", (byte)random.Next(2), asServer: random.Next(8) == 0)];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            bytes.AddRange(random.Next(5) switch
            {
                0 => Zmtp.CommandFrame("HELLO", [.. Text(random, "alice"), .. Text(random, "12345")]),
                1 => Zmtp.CommandFrame("HELLO", Noise(random, 60)),
                2 => Zmtp.CommandFrame("INITIATE", ready), // without having been welcomed
                3 => Zmtp.CommandFrame("WELCOME", Noise(random, 20)),
                _ => Zmtp.Message(Noise(random, 40)),
            });
        }

        return [.. bytes];
    }

    private static byte[] Curve(Random random)
    {
        List<byte> bytes = [.. Greeting("CURVE", (byte)random.Next(2), asServer: random.Next(8) == 0)];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            byte[] body = new byte[random.Next(6) switch { 0 => 194, 1 => 251, 2 => 24, _ => random.Next(400) }];
            random.NextBytes(body);
            if (body.Length > 1 && random.Next(2) == 0) (body[0], body[1]) = (1, 0); // CURVE 1.0
            string command = random.Next(5) switch { 0 => "INITIATE", 1 => "MESSAGE", 2 => "READY", _ => "HELLO" };
            bytes.AddRange(Zmtp.CommandFrame(command, body));
        }

        return [.. bytes];
    }

    private static byte[] Heartbeats(Random random, string peer)
    {
        List<byte> bytes = [.. Greeting("NULL"), .. Zmtp.CommandFrame("READY", Zmtp.Property("Socket-Type", peer))];
        for (int i = random.Next(1, 40); i > 0; i--)
        {
            byte[] context = Noise(random, random.Next(5) == 0 ? 300 : 17);
            byte[] body = [(byte)random.Next(256), (byte)random.Next(2), .. context];
            bytes.AddRange(Zmtp.CommandFrame(random.Next(3) == 0 ? "PONG" : "PING", body));
        }

        return [.. bytes];
    }

    /// <summary>ZMTP 3.1, where subscriptions are commands.</summary>
    private static byte[] Newest(Random random, string peer)
    {
        List<byte> bytes = [.. Greeting("NULL"), .. Zmtp.CommandFrame("READY", Zmtp.Property("Socket-Type", peer))];
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            byte[] topic = Noise(random, random.Next(12) == 0 ? 6_000 : 12);
            bytes.AddRange(random.Next(7) switch
            {
                0 => Zmtp.CommandFrame("SUBSCRIBE", topic),
                1 => Zmtp.CommandFrame("CANCEL", topic),
                2 => Zmtp.CommandFrame(random.Next(2) == 0 ? "JOIN" : "LEAVE", topic),
                3 => Zmtp.Message([(byte)random.Next(3), .. topic]),
                4 => Zmtp.CommandFrame("PING", topic),
                5 => Zmtp.Message(topic, more: true),
                _ => Zmtp.Message(topic),
            });
        }

        return [.. bytes];
    }

    /// <summary>ZMTP 2.0: a short greeting with the socket's type, the identity as a frame, then frames without commands.</summary>
    private static byte[] Second(Random random)
    {
        List<byte> bytes = [0xff, .. new byte[7], 1, 0x7f, 1, (byte)random.Next(12), .. Zmtp.Message(Noise(random, 20))];
        for (int i = random.Next(1, 6); i > 0; i--) bytes.AddRange(Zmtp.Message(Noise(random, 60), more: random.Next(3) == 0));
        return [.. bytes];
    }
}
