using ZmqLoop.Chaos.Doors;
using ZmqLoop.Chaos.Faults;
using ZmqLoop.Chaos.Lifetime;
using ZmqLoop.Chaos.Order;
using ZmqLoop.Chaos.Wire;

namespace ZmqLoop.Chaos;

/// <summary>All that is done.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<string> Areas { get; } = ["wire", "faults", "order", "lifetime", "doors"];

    public static IReadOnlyList<ChaosCase> All { get; } =
    [
        new("wire", "servers", 22, 850_000, "inputs", ServersCase.Run),
        new("wire", "clients", 12, 200_000, "inputs", ClientsCase.Run),
        new("wire", "parsers", 5, 1_000_000, "inputs", ParsersCase.Run) { SeesBranches = true },
        // one engine is as good as another
        new("wire", "guidance", 0.2, 1_000_000, "inputs", GuidanceCase.Run) { SeesBranches = true, OnlyOn = "netmq" },
        new("wire", "giants", 1, 100, "giants", GiantsCase.Run),
        new("wire", "authenticator", 1, 200_000, "requests", InprocCase.Run) { OnlyOn = "libzmq" },
        new("faults", "reconnects", 3, 10_000, "reconnects", ReconnectCase.Run),
        new("faults", "killed", 3, 400, "processes killed", KilledCase.Run),
        new("faults", "stopped", 1, 100, "stops", StoppedCase.Run),
        new("faults", "half-open", 1, 100, "silences", HalfOpenCase.Run),
        new("faults", "partitions", 2, 60, "partitions", NetworkCases.Partitions),
        new("faults", "loss", 1, 100, "looks", NetworkCases.Loss),
        new("faults", "delay", 1, 5_000, "rounds", SlowCase.Run),
        new("faults", "slow-readers", 1, 300_000, "messages", SlowReaderCase.Run),
        new("faults", "full-disk", 1, 50_000, "rounds", FullDiskCase.Run),
        new("faults", "descriptors", 1, 100, "floods", DescriptorsCase.Run),
        new("faults", "memory", 1, 60, "floods", LittleMemoryCase.Run),
        new("faults", "clock", 1, 200, "times", ClockCase.Run),
        new("faults", "no-threads", 1, 100, "droughts", StarvedCases.Pool),
        new("faults", "collector", 1, 200_000, "requests", StarvedCases.Collector),
        new("order", "push-pull", 5, 40_000_000, "messages", PushPullCase.Run),
        new("order", "router-dealer", 5, 30_000_000, "messages", RouterDealerCase.Run),
        new("order", "proxies", 5, 15_000_000, "messages", ProxyCase.Run),
        new("order", "cancelled", 2, 5_000_000, "messages", CancelledCase.Run),
        new("order", "budgets", 3, 10_000_000, "messages", BudgetsCase.Run),
        new("lifetime", "streams", 4, 100_000, "streams", StreamsCase.Run),
        new("lifetime", "loops", 2, 10_000, "loops", LoopsCase.Run),
        new("lifetime", "throwing", 2, 50_000, "streams", ThrowingCase.Run),
        new("doors", "keys", 1, 2_000, "strangers", KeysCase.Run) { OnlyOn = "libzmq" },
        new("doors", "replay", 0.5, 500, "strangers", StrangersCases.Replay) { OnlyOn = "libzmq" },
        new("doors", "downgrade", 1, 20_000, "strangers", StrangersCases.Downgrade) { OnlyOn = "libzmq" },
        new("doors", "banned", 0.5, 500, "strangers", StrangersCases.Banned) { OnlyOn = "libzmq" },
        new("doors", "reload", 0.5, 500, "strangers", StrangersCases.Reload) { OnlyOn = "libzmq" },
        new("doors", "providers", 1, 4_000, "strangers", StrangersCases.Providers) { OnlyOn = "libzmq" },
        new("doors", "held-open", 1, 50_000, "handshakes", StrangersCases.HeldOpen) { OnlyOn = "libzmq" },
        new("doors", "curve-refused", 0.5, 20_000, "options", NetMQCases.Refused) { OnlyOn = "netmq" },
        new("doors", "limits", 1, 20_000, "strangers", NetMQCases.Limits),
        new("doors", "handshakes", 1, 50_000, "handshakes", NetMQCases.HeldOpen) { OnlyOn = "netmq" },
    ];

    /// <summary>Those of an engine that the words mean: all, areas, or AREA/CASE.</summary>
    public static IReadOnlyList<ChaosCase> Select(string engine, IReadOnlyList<string> words) =>
    [
        .. All.Where(one => one.OnlyOn is null || one.OnlyOn == engine)
            .Where(one => words.Count == 0 || words.Any(word => Means(word, one))),
    ];

    /// <exception cref="ArgumentException">A word means no case.</exception>
    public static void Verify(IReadOnlyList<string> words)
    {
        foreach (string word in words)
        {
            if (!All.Any(one => Means(word, one))) throw new ArgumentException(
                $"There is no area or case '{word}': {string.Join(", ", Areas)}, or AREA/CASE, which --list shows.");
        }
    }

    private static bool Means(string word, ChaosCase one) => word == one.Area || word == one.FullName;
}
