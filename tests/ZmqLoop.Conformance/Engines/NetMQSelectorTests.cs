namespace ZmqLoop.Conformance;

// NetMQ over its own selector.

public sealed class NetMQSelectorLevelTests() : LevelContract(new NetMQUnderTest(NetMQPollerKind.Selector));

public sealed class NetMQSelectorWakeTests() : WakeContract(new NetMQUnderTest(NetMQPollerKind.Selector));

public sealed class NetMQSelectorClosingTests() : ClosingContract(new NetMQUnderTest(NetMQPollerKind.Selector));

public sealed class NetMQSelectorPlainSocketTests() : PlainSocketContract(new NetMQUnderTest(NetMQPollerKind.Selector));

public sealed class NetMQSelectorActivityTests() : ActivityContract(new NetMQUnderTest(NetMQPollerKind.Selector));
