namespace ZmqLoop.Tests.Messaging;

public sealed class SocketEventTests
{
    [Theory]
    [InlineData(ZMQSocketEvents.Listening, 7u, "tcp://127.0.0.1:5555", "Listening tcp://127.0.0.1:5555")]
    [InlineData(ZMQSocketEvents.HandshakeFailedAuth, 400u, "tcp://x:1", "HandshakeFailedAuth tcp://x:1: refused with status 400")]
    [InlineData(ZMQSocketEvents.HandshakeFailedProtocol, 0x1100_0002u, "tcp://x:1", "HandshakeFailedProtocol tcp://x:1: MechanismMismatch")]
    [InlineData(ZMQSocketEvents.BindFailed, 98u, "tcp://x:1", "BindFailed tcp://x:1: errno 98")]
    [InlineData(ZMQSocketEvents.MonitorStopped, 0u, "", "MonitorStopped")]
    public void An_event_says_what_happened_where_and_why(ZMQSocketEvents what, uint value, string endpoint, string expected) =>
        Assert.Equal(expected, new SocketEvent(what, value, endpoint).ToString());

    [Fact]
    public void Only_a_broken_protocol_has_an_error()
    {
        Assert.Equal(HandshakeError.Cryptographic, new SocketEvent(ZMQSocketEvents.HandshakeFailedProtocol, 0x1100_0001, "").Error);
        Assert.Equal(HandshakeError.None, new SocketEvent(ZMQSocketEvents.Connected, 0x1100_0001, "").Error);
        Assert.Equal("Connected", (default(SocketEvent) with { Event = ZMQSocketEvents.Connected }).ToString());
    }
}
