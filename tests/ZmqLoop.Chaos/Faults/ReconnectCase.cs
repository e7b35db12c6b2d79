namespace ZmqLoop.Chaos.Faults;

/// <summary>A connection that is cut again and again, gently and not, in the middle of requests; who repeats them
/// loses none.</summary>
internal static class ReconnectCase
{
    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService service = new(engine);
        using Relay relay = new(service.Port);
        using RequestClient client = new(engine, relay.Endpoint);
        Random random = arena.RandomFor(0);
        Cut(10);
        arena.BeginMeasuring();
        long cuts = 0;
        while (arena.GoesOn(cuts))
        {
            cuts += Cut(1);
            if (!client.IsAnswered()) arena.Result.Hung++;
            if (arena.Result.Hung > 3) break;
        }

        client.Stop();
        arena.Result.Count = cuts;
        client.Conclude(arena.Result, service);
        arena.EndMeasuring();
        return Task.CompletedTask;

        int Cut(int count)
        {
            int cut = 0;
            for (int i = 0; i < count; i++)
            {
                long before = relay.Accepted;
                cut += relay.CutAll(reset: random.Next(2) == 0);
                if (!Pause.Until(() => relay.Accepted > before, 20)) arena.Fail("The client does not connect again.");
                if (random.Next(4) == 0) Pause.For(random.NextDouble() / 500);
            }

            return cut;
        }
    }
}
