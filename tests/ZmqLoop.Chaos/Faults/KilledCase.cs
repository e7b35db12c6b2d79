using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>kill -9, of services in the middle of requests, and of their clients: who repeats requests loses none, and who lives on keeps
/// nothing of the dead.</summary>
internal static class KilledCase
{
    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService survivor = new(engine);
        ServiceProcess service = ServiceProcess.Start(arena.Engine, "requests");
        string port = service.Ports["requests"];
        using PersistentClient client = new(engine, $"tcp://127.0.0.1:{port}");
        Random random = arena.RandomFor(0);
        if (!arena.IsShort) Kill();
        arena.BeginMeasuring();
        long kills = 0;
        while (arena.GoesOn(kills))
        {
            kills += Kill();
            if (client.IsAnswered()) continue;
            arena.Result.Hung++;
            arena.Fail("The client got no answer from the service that was started anew.");
            break;
        }

        client.Stop();
        service.Dispose();
        arena.Result.Count = kills;
        client.Conclude(arena.Result);
        arena.EndMeasuring();
        return Task.CompletedTask;

        int Kill()
        {
            using ServiceProcess asker = ServiceProcess.Start(arena.Engine, "askers", [$"tcp://127.0.0.1:{survivor.Port}"]);
            long before = survivor.Served;
            if (!Pause.Until(() => survivor.Served > before, 20)) arena.Fail("A client process is not served.");
            Pause.For(random.NextDouble() / 20);
            asker.Kill();
            service.Kill();
            service.Dispose();
            service = ServiceProcess.Start(arena.Engine, "requests", [$"port={port}"]);
            return 2;
        }
    }
}
