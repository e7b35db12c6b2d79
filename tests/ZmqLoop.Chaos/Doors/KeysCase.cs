using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Doors;

/// <summary>Strangers with a wrong key, no key, another mechanism or a wrong password; a friend is served all the time.</summary>
internal static class KeysCase
{
    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using Fortress fortress = new(engine);
        using LoopHost strangers = new(engine, ownsEngine: false);
        Random random = arena.RandomFor(0);
        if (!fortress.IsFriendServed()) arena.Fail("The friend is not served to begin with.");
        arena.BeginMeasuring();
        long tried = 0;
        while (arena.GoesOn(tried))
        {
            List<ZMQStream> row = [];
            for (int i = 0; i < 40; i++) row.Add(strangers.Open(SocketType.Push, stream => Disguise(stream, fortress, engine, random)));
            tried += row.Count;
            if (!fortress.IsFriendServed())
            {
                arena.Result.Hung++;
                arena.Fail("The friend was not served.");
                break;
            }

            Pause.Until(() => fortress.Refused >= tried, 3); // those who do not speak the mechanism are not told of
            row.ForEach(stream => strangers.Close(stream));
        }

        arena.Result.Count = tried;
        arena.Result.LetIn = fortress.FromStrangers;
        arena.EndMeasuring();
        arena.Result.Note = $"{fortress.FromFriend} of the friend's messages";
        return Task.CompletedTask;
    }

    private static void Disguise(ZMQStream stream, Fortress fortress, ZMQEngine engine, Random random)
    {
        ZMQSocket socket = stream.Socket;
        int kind = random.Next(5);
        CurveKeyPair own = engine.CreateCurveKeyPair();
        if (kind < 3) // a key that nobody knows; or a server's key that is another's
        {
            socket.CurvePublicKey = own.PublicKey;
            socket.CurveSecretKey = own.SecretKey;
            socket.CurveServerKey = kind == 2 ? own.PublicKey : SecretKeys.Server.PublicKey;
        }
        else if (kind == 3)
        {
            socket.PlainUsername = "alice";
            socket.PlainPassword = "12345";
        }

        stream.Connect(random.Next(3) == 0 ? fortress.PlainEndpoint : fortress.CurveEndpoint);
        stream.Send("let me in");
    }
}
