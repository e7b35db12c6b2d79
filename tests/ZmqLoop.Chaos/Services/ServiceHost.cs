using System.Text.Json;

namespace ZmqLoop.Chaos.Services;

/// <summary>A process that is attacked. Prints READY with its ports; on stdin, <c>stat</c> asks how it is; at the end of
/// stdin it ends.</summary>
internal static class ServiceHost
{
    public static int Run(string kind, string engine, string[] arguments)
    {
        using LoopHost host = new(Engines.Create(engine));
        IService service = kind switch
        {
            "targets" => new Targets(host),
            "requests" => new Requests(host, arguments),
            "askers" => new Askers(host, arguments),
            "clients" => new TargetClients(host, arguments),
            _ => throw new ArgumentException($"There is no service '{kind}'.", nameof(kind)),
        };
        Console.WriteLine("READY " + JsonSerializer.Serialize(service.Ports));
        while (Console.ReadLine() is { } line)
        {
            if (line.StartsWith("again ", StringComparison.Ordinal)) host.Do(() => service.Again(line["again ".Length..]));
            if (line != "stat") continue;
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            ServiceState state = new(
                GC.GetTotalMemory(forceFullCollection: true), host.Do(() => service.Received.ToDictionary()), host.Reported,
                host.LastReport?.ToString() ?? "");
            Console.WriteLine("STAT " + JsonSerializer.Serialize(state));
        }

        Environment.Exit(0);
        return 0;
    }
}
