using System.Runtime.InteropServices;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>SIGSTOP: a service stands still, its clients wait and lose nothing, and others are served meanwhile.</summary>
internal static partial class StoppedCase
{
    private const int Stop = 19;
    private const int Continue = 18;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using ServiceProcess service = ServiceProcess.Start(arena.Engine, "requests");
        using ServiceProcess other = ServiceProcess.Start(arena.Engine, "requests");
        using PersistentClient client = new(engine, $"tcp://127.0.0.1:{service.Ports["requests"]}");
        using PersistentClient others = new(engine, $"tcp://127.0.0.1:{other.Ports["requests"]}");
        Random random = arena.RandomFor(0);
        client.IsAnswered();
        others.IsAnswered();
        arena.BeginMeasuring();
        long stops = 0;
        while (arena.GoesOn(stops))
        {
            if (Kill(service.Id, Stop) != 0) arena.Fail("The service cannot be stopped.");
            Pause.For(0.05 + (random.NextDouble() / 2));
            if (!others.IsAnswered()) arena.Result.Hung++;
            _ = Kill(service.Id, Continue);
            if (!client.IsAnswered()) arena.Result.Hung++;
            stops++;
        }

        client.Stop();
        others.Stop();
        arena.Result.Count = stops;
        client.Conclude(arena.Result);
        others.Conclude(arena.Result);
        arena.EndMeasuring();
        return Task.CompletedTask;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
