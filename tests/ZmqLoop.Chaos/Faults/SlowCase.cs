namespace ZmqLoop.Chaos.Faults;

/// <summary>A network that is slow and gives bytes in crumbs: nothing is lost, and nothing comes twice but what is asked twice.</summary>
internal static class SlowCase
{
    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService service = new(engine);
        using Relay relay = new(service.Port);
        using PersistentClient client = new(engine, relay.Endpoint, repeat: 2);
        Random random = arena.RandomFor(0);
        client.IsAnswered();
        arena.BeginMeasuring();
        long rounds = 0;
        while (arena.GoesOn(rounds))
        {
            relay.Delay = TimeSpan.FromMilliseconds(random.Next(5));
            relay.Piece = random.Next(3) == 0 ? 1 : random.Next(1, 60);
            if (!client.IsAnswered()) arena.Result.Hung++;
            rounds++;
            if (arena.Result.Hung > 3) break;
        }

        relay.Delay = TimeSpan.Zero;
        relay.Piece = int.MaxValue;
        client.Stop();
        arena.Result.Count = rounds;
        client.Conclude(arena.Result, service);
        arena.EndMeasuring();
        return Task.CompletedTask;
    }
}
