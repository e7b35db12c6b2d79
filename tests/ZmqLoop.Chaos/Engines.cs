namespace ZmqLoop.Chaos;

/// <summary>The two.</summary>
internal static class Engines
{
    public static IReadOnlyList<string> All { get; } = ["netmq", "libzmq"];

    public static ZMQEngine Create(string name) => name switch
    {
        "netmq" => new NetMQEngine(new NetMQEngineOptions { IOThreads = 2 }),
        "libzmq" => new LibZmqEngine(new LibZmqEngineOptions { IOThreads = 2 }),
        _ => throw new ArgumentException($"There is no engine '{name}': netmq or libzmq.", nameof(name)),
    };
}
