using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>Messages for which a service has no memory (a limit of the collector's): it lives, and serves those who ask for
/// little.</summary>
internal static class LittleMemoryCase
{
    private const int Large = 40 << 20; // two of which are more than there is
    private const string Limit = "0x4000000"; // 64 MiB

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using ServiceProcess service = ServiceProcess.Start(
            arena.Engine, "targets", environment: new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = Limit });
        using PersistentClient client = new(engine, $"tcp://127.0.0.1:{service.Ports["healthy"]}", repeat: 1);
        using LoopHost host = new(engine, ownsEngine: false);
        client.IsAnswered();
        byte[] large = new byte[Large];
        arena.BeginMeasuring(service.Footprint);
        long rounds = 0;
        while (arena.GoesOn(rounds))
        {
            List<ZMQStream> streams = [.. Enumerable.Range(0, 4).Select(_ => host.Open(SocketType.Dealer, stream =>
            {
                stream.Connect($"tcp://127.0.0.1:{service.Ports["ROUTER"]}");
                stream.Send(new Message(large, large, Targets.End));
            }))];
            Pause.Until(() => streams.TrueForAll(static stream => stream.SendQueueLength == 0), 5);
            Pause.For(0.2);
            streams.ForEach(stream => host.Close(stream));
            rounds++;
            if (client.IsAnswered()) continue;
            if (service.HasExited) arena.Result.Crashed++;
            else arena.Result.Hung++;
            arena.Fail($"Out of memory, it does not serve. {service.Errors}");
            break;
        }

        client.Stop();
        arena.Result.Count = rounds;
        client.Conclude(arena.Result);
        if (arena.Result.Crashed + arena.Result.Hung == 0)
        {
            arena.EndMeasuring(service.Footprint);
            ServiceState state = service.Ask();
            arena.Result.LetIn = state.Received.GetValueOrDefault(Targets.Torn);
            if (arena.Result.LetIn > 0) arena.Fail("The rest of a message for which there was no memory came as a message.");
            arena.Result.Note += $"{state.Reported} reports, the last {state.LastReport.Split('\n')[0]}";
        }

        return Task.CompletedTask;
    }
}
