namespace ZmqLoop.Streams.Tests;

/// <summary>The engine of the real world: native libzmq here, NetMQ where the same tests run over that.</summary>
internal static class RealEngine
{
    /// <summary>What a monitor tells when a connection can be used.</summary>
    public const SocketEvents Ready = SocketEvents.HandshakeSucceeded;

    public static ZMQEngine New() => new LibZmqEngine();

    /// <summary>Ends the context of its sockets.</summary>
    public static void Terminate(ZMQEngine engine) => engine.Dispose();

    /// <summary>Skips the test where the engine lacks the option.</summary>
    public static void Need(SocketOption option) => ArgumentNullException.ThrowIfNull(option);

    /// <summary>From now on others may use the socket without our knowing.</summary>
    public static void HandOut(ZMQSocket socket) => Assert.NotEqual(0, ((LibZmqSocket)socket).NativeHandle);
}
