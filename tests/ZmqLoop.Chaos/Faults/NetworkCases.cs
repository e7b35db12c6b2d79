using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>A cable that is pulled and plugged in again, or that loses packets, between a service and clients in namespaces of their
/// own.</summary>
internal static class NetworkCases
{
    private const double Lost = 0.15;
    private const double Patience = 60; // TCP's own timers, after a while of silence

    public static Task Partitions(Arena arena)
    {
        Random random = arena.RandomFor(0);
        return Run(arena, networks =>
        {
            networks.SetConnected(false);
            Pause.For(0.1 + (random.NextDouble() * 1.5));
            networks.SetConnected(true);
        });
    }

    public static Task Loss(Arena arena)
    {
        bool loses = false;
        return Run(arena, networks =>
        {
            if (loses) Pause.For(0.3);
            else if (networks.TryLose(Lost, out string why)) loses = true;
            else arena.Result.Skipped = $"no packets can be dropped: {why}";
        });
    }

    private static Task Run(Arena arena, Action<Networks> disturb)
    {
        using Networks? networks = Networks.TryCreate(out string why);
        if (networks is null)
        {
            arena.Result.Skipped = why;
            return Task.CompletedTask;
        }

        string[] beats = ["heartbeats"];
        using ServiceProcess service = ServiceProcess.Start(
            arena.Engine, "requests", [$"at={Networks.HereFor(0)}", .. beats], networks.InHere);
        string endpoint = $"tcp://{Networks.HereFor(0)}:{service.Ports["requests"]}";
        using ServiceProcess beating = ServiceProcess.Start(arena.Engine, "askers", [endpoint, .. beats], networks.InThere);
        using ServiceProcess silent = ServiceProcess.Start(arena.Engine, "askers", [endpoint], networks.InThere);
        Verify(beating, "with heartbeats");
        Verify(silent, "without heartbeats");
        arena.BeginMeasuring(service.Footprint);
        long times = 0;
        while (arena.GoesOn(times) && arena.Result.Hung == 0)
        {
            disturb(networks);
            if (arena.Result.IsSkipped) return Task.CompletedTask;
            Verify(beating, "with heartbeats");
            Verify(silent, "without heartbeats");
            times++;
        }

        arena.Result.Count = times;
        arena.EndMeasuring(service.Footprint);
        arena.Result.Note = $"{Answers(beating) + Answers(silent)} answers";
        return Task.CompletedTask;

        void Verify(ServiceProcess client, string which)
        {
            long before = Answers(client);
            if (Pause.Until(() => Answers(client) > before, Patience)) return;
            arena.Result.Hung++;
            arena.Fail($"The client {which} was not answered any more.");
        }
    }

    private static long Answers(ServiceProcess client) => client.Ask().Received["answers"];
}
