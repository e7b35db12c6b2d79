using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ZmqLoop;

/// <summary>Finds the engine that the application references: the only place that knows the engines' names.</summary>
internal static class EngineDiscovery
{
    private const string Variable = "ZMQLOOP_ENGINE";
    private const string LibZmq = "libzmq";
    private const string NetMQ = "netmq";

    private static readonly Lock _gate = new();
    private static ZMQEngine? _default;

    /// <summary>The one that was found, once; a failure is not kept.</summary>
    public static ZMQEngine Default
    {
        get
        {
            lock (_gate) return _default ??= Find(Environment.GetEnvironmentVariable(Variable));
        }
    }

    /// <summary>Makes the engine that is referenced; where both are, NetMQ's, unless the variable names the other.</summary>
    /// <param name="wanted">What the environment variable says.</param>
    /// <exception cref="InvalidOperationException">None is referenced, or not the one that the variable names.</exception>
    [SuppressMessage("Trimming", "IL2026", Justification = "The type names are constants.")]
    internal static ZMQEngine Find(string? wanted)
    {
        // A referenced assembly whose types nobody uses is never loaded by itself; the trimmer understands constant names.
        Type? libZmq = Type.GetType("ZmqLoop.LibZmqEngine, ZmqLoop.LibZmq", throwOnError: false);
        Type? netMQ = Type.GetType("ZmqLoop.NetMQEngine, ZmqLoop.NetMQ", throwOnError: false);
        return Choose(wanted, libZmq is not null, netMQ is not null) == NetMQ ? Make(netMQ!) : Make(libZmq!);
    }

    /// <summary>Which of those that are referenced it is to be.</summary>
    internal static string Choose(string? wanted, bool hasLibZmq, bool hasNetMQ)
    {
        if (wanted is not (null or "" or LibZmq or NetMQ))
            throw new InvalidOperationException($"{Variable} is '{wanted}': set it to {NetMQ} or {LibZmq}, or not at all.");
        if (!hasLibZmq && !hasNetMQ)
            throw new InvalidOperationException(
                "No ZeroMQ engine is referenced: add a reference to ZmqLoop.NetMQ (managed) or ZmqLoop.LibZmq (native libzmq).");
        string chosen = string.IsNullOrEmpty(wanted) ? hasNetMQ ? NetMQ : LibZmq : wanted;
        if (chosen == NetMQ ? hasNetMQ : hasLibZmq) return chosen;
        string package = chosen == NetMQ ? "ZmqLoop.NetMQ" : "ZmqLoop.LibZmq";
        throw new InvalidOperationException(
            $"{Variable} is {wanted}, but this application does not reference {package}: add the reference, or do not set the variable.");
    }

    // An engine that cannot start (a missing library) explains itself; wrapping the explanation would hide it.
    private static ZMQEngine Make(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors
            | DynamicallyAccessedMemberTypes.NonPublicConstructors)] Type type) =>
        (ZMQEngine)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions, null,
            null, null)!;
}
