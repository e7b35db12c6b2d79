using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Wire;

/// <summary>What comes from inside: requests to the authenticator by hand, and frames that no monitor sends.</summary>
internal static class InprocCase
{
    private const double Patience = 10;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        using LoopHost strangers = new(engine, ownsEngine: false);
        Authenticator authenticator = host.Do(() =>
        {
            Authenticator made = new(host.Loop, engine);
            made.ConfigurePlain("plain", new Dictionary<string, string> { ["alice"] = "wonderland" });
            made.ConfigureCurve("curve", [SecretKeys.Client.PublicKey]);
            made.Allow("127.0.0.1");
            made.Start();
            return made;
        });
        long answers = 0;
        ZMQStream asker = strangers.Open(SocketType.Dealer, stream =>
        {
            stream.OnRecv(message =>
            {
                if (message[^1].ToText() == "again" || message.Count < 4) return;
                if (message[3].ToText() == "200" && message[2].ToText() != "right") arena.Result.LetIn++;
                answers++;
            });
            stream.Connect(Authenticator.Endpoint);
        });
        arena.BeginMeasuring();
        Random random = arena.RandomFor(0);
        long done = 0;
        while (arena.GoesOn(done))
        {
            strangers.Do(() =>
            {
                for (int i = 0; i < 50; i++) asker.Send(Request(random));
            });
            done += 50;
            long before = answers;
            strangers.Do(() => asker.Send(new Message("", "1.0", "right", "plain", "127.0.0.1", "", "PLAIN", "alice", "wonderland")));
            if (Pause.Until(() => answers > before, Patience)) continue;
            arena.Result.Hung++;
            arena.Fail("The authenticator does not answer a right request.");
            break;
        }

        arena.Result.Count = done;
        host.Do(authenticator.Stop);
        arena.EndMeasuring();
        arena.Result.Note = $"{answers} answers, {host.Reported} reports";
        return Task.CompletedTask;
    }

    /// <summary>Never one that is right.</summary>
    private static Message Request(Random random)
    {
        List<Frame> frames =
        [
            "", "1.0", $"{random.Next()}", random.Next(2) == 0 ? "plain" : "curve", "127.0.0.1", "",
            random.Next(2) == 0 ? "PLAIN" : "CURVE", "alice", "12345",
        ];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(frames.Count);
            byte[] noise = new byte[random.Next(40)];
            random.NextBytes(noise);
            switch (random.Next(4))
            {
                case 0 when frames.Count > 1: frames.RemoveAt(at); break;
                case 1: frames.Insert(at, Frame.Own(noise)); break;
                case 2: frames[at] = Frame.Own(new byte[random.Next(20) == 0 ? 100_000 : 32]); break;
                default: frames[at] = Frame.Own(noise); break;
            }
        }

        return new Message([.. frames]);
    }
}
