using ZmqLoop.Polling;

namespace ZmqLoop.Conformance;

/// <summary>What systems without eventfd get.</summary>
internal sealed class LoopbackSubject() : LibZmqUnderTest(PollerKind.ZmqPoll)
{
    public override IPoller CreatePoller(ZMQEngine engine) => new ZmqPollPoller(new LoopbackWaker());
}
