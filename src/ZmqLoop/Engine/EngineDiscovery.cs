using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ZmqLoop;

/// <summary>Finds the engine that the application references: the only place that knows the engines' names.</summary>
internal static class EngineDiscovery
{
    private static readonly Lazy<ZMQEngine> _default = new(Find, LazyThreadSafetyMode.PublicationOnly);

    public static ZMQEngine Default => _default.Value;

    [SuppressMessage("Trimming", "IL2026", Justification = "The type names are constants.")]
    private static ZMQEngine Find()
    {
        // A referenced assembly whose types nobody uses is never loaded by itself; the trimmer understands constant names.
        Type? libZmq = Type.GetType("ZmqLoop.LibZmqEngine, ZmqLoop.LibZmq", throwOnError: false);
        Type? netMQ = Type.GetType("ZmqLoop.NetMQEngine, ZmqLoop.NetMQ", throwOnError: false);
        return (libZmq, netMQ) switch
        {
            (not null, null) => Make(libZmq),
            (null, not null) => Make(netMQ),
            (null, null) => throw new InvalidOperationException(
                "No ZeroMQ engine is referenced: add a reference to ZmqLoop.LibZmq (native libzmq) or ZmqLoop.NetMQ (managed)."),
            _ => throw new InvalidOperationException(
                "Both ZmqLoop.LibZmq and ZmqLoop.NetMQ are referenced: choose one with ZMQIOLoop.Install(engine)."),
        };
    }

    // An engine that cannot start (a missing library) explains itself; wrapping the explanation would hide it.
    private static ZMQEngine Make(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors)] Type type) =>
        (ZMQEngine)Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions, null, null, null)!;
}
