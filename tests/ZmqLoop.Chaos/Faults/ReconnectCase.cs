namespace ZmqLoop.Chaos.Faults;

/// <summary>A connection that is cut again and again, gently and not, in the middle of requests; who repeats them
/// loses none.</summary>
internal static class ReconnectCase
{
    private const int Clients = 8;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService service = new(engine);
        using Relay relay = new(service.Port);
        PersistentClient[] clients =
            [.. Enumerable.Range(0, Clients).Select(_ => new PersistentClient(engine, relay.Endpoint, repeat: 0.03))];
        Random random = arena.RandomFor(0);
        Cut(arena.Or(10, 1));
        foreach (PersistentClient client in clients) client.IsAnswered(); // each is connected, as at the end
        arena.BeginMeasuring();
        long cuts = 0;
        while (arena.GoesOn(cuts))
        {
            cuts += Cut(1);
            foreach (PersistentClient client in clients)
            {
                if (!client.IsAnswered()) arena.Result.Hung++;
            }

            if (arena.Result.Hung > 3) break;
        }

        foreach (PersistentClient client in clients) client.Stop();
        arena.Result.Count = cuts;
        foreach (PersistentClient client in clients) client.Conclude(arena.Result, service);
        arena.EndMeasuring();
        foreach (PersistentClient client in clients) client.Dispose();
        arena.Result.Note = $"{service.Served} requests, {service.Repeated} repeated";
        return Task.CompletedTask;

        int Cut(int count)
        {
            int cut = 0;
            for (int i = 0; i < count; i++)
            {
                long before = relay.Accepted;
                cut += relay.CutAll(reset: random.Next(2) == 0);
                if (!Pause.Until(() => relay.Accepted >= before + Clients, 20)) arena.Fail("The client does not connect again.");
                if (random.Next(4) == 0) Pause.For(random.NextDouble() / 500);
            }

            return cut;
        }
    }
}
