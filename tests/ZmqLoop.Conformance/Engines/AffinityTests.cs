#if DEBUG
namespace ZmqLoop.Conformance;

public sealed class EpollAffinityTests() : AffinityContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class ZmqPollAffinityTests() : AffinityContract(new LibZmqUnderTest(PollerKind.ZmqPoll));

public sealed class NetMQEpollAffinityTests() : AffinityContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQSelectorAffinityTests() : AffinityContract(new NetMQUnderTest(NetMQPollerKind.Selector));
#endif
