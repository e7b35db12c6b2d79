using ZmqLoop.Polling;

namespace ZmqLoop.Conformance;

internal class LibZmqSubject(PollerKind kind) : EngineUnderTest
{
    public override Abilities Abilities => Abilities.All;

    public override ZMQEngine CreateEngine() => new LibZmqEngine(new LibZmqEngineOptions { Poller = kind });
}

/// <summary>What systems without eventfd get.</summary>
internal sealed class LoopbackSubject() : LibZmqSubject(PollerKind.ZmqPoll)
{
    public override IPoller CreatePoller(ZMQEngine engine) => new ZmqPollPoller(new LoopbackWaker());
}
