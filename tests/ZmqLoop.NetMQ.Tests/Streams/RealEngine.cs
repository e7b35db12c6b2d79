namespace ZmqLoop.Streams.Tests;

/// <summary>The streams' tests of the real world run over NetMQ here.</summary>
internal static class RealEngine
{
    public const SocketEvents Ready = SocketEvents.Accepted; // NetMQ's monitors tell of no handshakes

    public static ZMQEngine New() => new NetMQEngine();

    public static void Terminate(ZMQEngine engine) => NetMQ.NetMQConfig.Cleanup(block: false);

    public static void Need(SocketOption option) => Assert.SkipWhen(option == SocketOptions.XPubNoDrop, $"NetMQ has no {option}.");

    public static void HandOut(ZMQSocket socket) => Assert.False(((NetMQSocketAdapter)socket).NetMQSocket.IsDisposed);
}
