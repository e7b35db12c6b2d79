using System.Runtime.CompilerServices;

namespace ZmqLoop.Benchmarks;

/// <summary>The engine that a peer of ours runs on. In methods of their own, so that no start loads both.</summary>
internal static class Engines
{
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Func<ZMQEngine> Named(string name) => name switch
    {
        "libzmq" => LibZmq,
        "netmq" => NetMQ,
        _ => throw new ArgumentException($"There is no engine '{name}': libzmq or netmq."),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LibZmqEngine LibZmq() => new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NetMQEngine NetMQ() => new(new NetMQEngineOptions { MaxSockets = ushort.MaxValue });
}
