namespace ZmqLoop.Testing;

/// <summary>Native libzmq, which can do all; <c>zmq_poll</c> tells of readiness alone.</summary>
public class LibZmqUnderTest(PollerKind kind = PollerKind.Automatic) : EngineUnderTest
{
    public override string Name => "libzmq";

    public override Abilities Abilities =>
        kind == PollerKind.ZmqPoll ? Abilities.All & ~Abilities.Signs : Abilities.All;

    public override EngineUnderTest OverItsOwnPoller => new LibZmqUnderTest(PollerKind.ZmqPoll);

    public override ZMQEngine CreateEngine() => new LibZmqEngine(new LibZmqEngineOptions { Poller = kind });

    public override void HandOut(ZMQSocket socket) => Assert.NotEqual(0, ((LibZmqSocket)socket).NativeHandle);
}
