namespace ZmqLoop.Chaos.Faults;

/// <summary>Connections through which nothing comes any more, and of which nobody is told: with heartbeats a client makes another, without
/// it goes on when bytes come again.</summary>
internal static class HalfOpenCase
{
    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService service = new(engine);
        using Relay relay = new(service.Port);
        using PersistentClient beating = new(engine, relay.Endpoint, static socket =>
        {
            socket.HeartbeatInterval = TimeSpan.FromMilliseconds(100);
            socket.HeartbeatTimeout = TimeSpan.FromMilliseconds(400);
        });
        using Relay patient = new(service.Port);
        using PersistentClient silent = new(engine, patient.Endpoint);
        Random random = arena.RandomFor(0);
        beating.IsAnswered();
        silent.IsAnswered();
        arena.BeginMeasuring();
        long silences = 0;
        while (arena.GoesOn(silences))
        {
            int before = relay.Accepted;
            relay.SilenceAll();
            patient.IsSilent = true;
            if (!Pause.Until(() => relay.Accepted > before, 20) || !beating.IsAnswered())
            {
                arena.Result.Hung++;
                arena.Fail("A client with heartbeats did not notice that its connection is half open.");
            }

            Pause.For(random.NextDouble() / 5);
            patient.IsSilent = false;
            if (!silent.IsAnswered())
            {
                arena.Result.Hung++;
                arena.Fail("A client was not answered when bytes came again.");
            }

            relay.CutSilent();
            silences++;
            if (arena.Result.Hung > 3) break;
        }

        beating.Stop();
        silent.Stop();
        arena.Result.Count = silences;
        beating.Conclude(arena.Result, service);
        silent.Conclude(arena.Result, service);
        arena.EndMeasuring();
        return Task.CompletedTask;
    }
}
