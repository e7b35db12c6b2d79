namespace ZmqLoop.Testing.Hostile;

/// <summary>What strangers send: by name what is known to end a process, and by number anything.</summary>
public static class HostileInputs
{
    private const int Strategies = 10;
    private const int LongSubscription = 1 << 20;
    private const int Announced = 1_900_000_000;

    private static readonly string[] _types = ["DEALER", "REQ", "PUSH", "SUB", "XSUB", "ROUTER", "PUB", "PAIR", "", "PEER"];

    /// <summary>What ends a process on NetMQ 4.0.4.5, each in its own way.</summary>
    public static IReadOnlyList<string> Known { get; } = ["v1 length", "property length", "empty command", "empty command after messages"];

    /// <summary>One of <see cref="Known"/>, or <c>subscription</c>, to a publisher.</summary>
    /// <param name="kind">Its name.</param>
    /// <param name="peer">What the stranger says it is: DEALER to a ROUTER.</param>
    public static HostileInput OfKind(string kind, string peer = "DEALER") => kind switch
    {
        "v1 length" => new(kind, [0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0], Kills: false), // a limit prevents it
        "property length" => new(
            kind, [.. Zmtp.Greeting, .. Zmtp.CommandFrame("READY", Zmtp.Property("Socket-Type", peer, uint.MaxValue))], Kills: true),
        "empty command" => new(kind, [.. Zmtp.Handshake(peer), .. Zmtp.EmptyCommand], Kills: true),
        "empty command after messages" => new(
            kind,
            [
                .. Zmtp.Handshake(peer), .. Zmtp.Message("first"u8, more: true), .. Zmtp.Message("second"u8),
                .. Zmtp.EmptyCommand, .. Zmtp.Message("third"u8),
            ],
            Kills: true),
        "subscription" => new( // a limit prevents it
            kind, [.. Zmtp.Handshake(peer), .. Zmtp.Message([1, .. new byte[LongSubscription]])], Kills: false),
        _ => throw new ArgumentException($"There is no kind '{kind}'.", nameof(kind)),
    };

    /// <summary>Number <paramref name="index"/> of the run that begins with <paramref name="seed"/>: the same bytes every time.</summary>
    public static HostileInput Number(int seed, int index, string peer = "DEALER")
    {
        Random random = new(unchecked((seed * 1_000_003) + index));
        HostileInput input = Make(random, random.Next(Strategies), peer);
        input = input with { Kind = $"{input.Kind} (seed {seed}, number {index}, as {peer})" };
        if (random.Next(4) != 0 || input.Bytes.Length < 2) return input;
        int[] cuts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, input.Bytes.Length)).Distinct().Order()];
        return input with { Cuts = cuts };
    }

    private static HostileInput Make(Random random, int strategy, string peer) => strategy switch
    {
        0 => new("noise", Noise(random, 300), false),
        1 => new("a greeting and noise", [.. Zmtp.Greeting, .. Noise(random, 300)], false),
        2 => new("a greeting that was changed", Change(random, [.. Zmtp.Handshake(peer), .. Frames(random)]), false),
        3 => new("an older version", Older(random), false),
        4 => new("frames", [.. Zmtp.Handshake(peer, Identity(random)), .. Frames(random)], false),
        5 => new("frames that were changed", [.. Zmtp.Handshake(peer), .. Change(random, Frames(random))], false),
        6 => new("commands", [.. Zmtp.Handshake(peer), .. Commands(random)], false),
        7 => new("metadata", [.. Zmtp.Greeting, .. Metadata(random, peer)], false),
        8 => new("cut off", Cut(random, [.. Zmtp.Handshake(_types[random.Next(_types.Length)]), .. Frames(random)]), false),
        _ => OfKind(Known[random.Next(Known.Count)], peer),
    };

    private static byte[] Noise(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Change(Random random, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        for (int i = random.Next(1, 5); i > 0 && changed.Length > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
        return changed;
    }

    private static byte[] Cut(Random random, byte[] bytes) => bytes[..random.Next(bytes.Length)];

    private static string Identity(Random random) => random.Next(3) switch
    {
        0 => "",
        1 => $"peer-{random.Next(50)}", // sooner or later somebody else's
        _ => new string('i', random.Next(1, 300)),
    };

    private static byte[] Older(Random random)
    {
        byte[] begin = random.Next(3) switch
        {
            0 => [1, 0], // ZMTP 1.0, anonymous
            1 => [0xff, .. new byte[8], 0x7f, 0, (byte)random.Next(12)],
            _ => [0xff, .. new byte[8], 0x7f, 1, (byte)random.Next(12), 0, 0],
        };
        return random.Next(2) == 0 ? [.. begin, .. Noise(random, 200)] : [.. begin, .. Frames(random)];
    }

    private static byte[] Frames(Random random)
    {
        List<byte> bytes = [];
        for (int i = random.Next(6); i >= 0; i--)
        {
            byte[] body = Noise(random, random.Next(10) == 0 ? 70_000 : 40);
            bytes.AddRange(random.Next(8) switch
            {
                0 => Zmtp.Announce(random.NextInt64(long.MaxValue)),
                1 => Zmtp.Announce(random.Next(Announced)),
                2 => Zmtp.Frame((byte)random.Next(256), body),
                3 => Zmtp.Message([(byte)random.Next(3), .. body]), // a subscription, to a publisher
                _ => Zmtp.Message(body, more: random.Next(3) == 0),
            });
        }

        return [.. bytes];
    }

    private static byte[] Commands(Random random)
    {
        List<byte> bytes = [];
        for (int i = random.Next(5); i >= 0; i--)
        {
            bytes.AddRange(random.Next(8) switch
            {
                0 => Zmtp.CommandFrame("READY", Noise(random, 60)),
                1 => Zmtp.CommandFrame("ERROR", Noise(random, 20)),
                2 => Zmtp.CommandFrame("SUBSCRIBE", Noise(random, 20)),
                3 => Zmtp.Frame(4, Noise(random, 4)), // an empty one, one time in four
                _ => Zmtp.CommandFrame(random.Next(3) == 0 ? "PONG" : "PING", Noise(random, 40)),
            });
        }

        return [.. bytes];
    }

    private static byte[] Metadata(Random random, string peer)
    {
        List<byte> body = [.. random.Next(2) == 0 ? Zmtp.Property("Socket-Type", peer) : []];
        for (int i = random.Next(5); i >= 0; i--)
        {
            uint? length = random.Next(3) switch { 0 => null, 1 => (uint)random.Next(300), _ => (uint)random.NextInt64(uint.MaxValue) };
            string name = random.Next(2) == 0 ? "Identity" : $"X-{random.Next(9)}";
            body.AddRange(Zmtp.Property(name, new string('v', random.Next(30)), length));
        }

        return Zmtp.CommandFrame(random.Next(9) == 0 ? "ERROR" : "READY", random.Next(4) == 0 ? Change(random, [.. body]) : [.. body]);
    }
}
