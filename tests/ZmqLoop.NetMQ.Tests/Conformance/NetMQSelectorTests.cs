namespace ZmqLoop.Conformance;

// NetMQ over its own selector.

public sealed class NetMQSelectorLevelTests() : LevelContract(new NetMQSubject(NetMQPollerKind.Selector));

public sealed class NetMQSelectorWakeTests() : WakeContract(new NetMQSubject(NetMQPollerKind.Selector));

public sealed class NetMQSelectorClosingTests() : ClosingContract(new NetMQSubject(NetMQPollerKind.Selector));

public sealed class NetMQSelectorPlainSocketTests() : PlainSocketContract(new NetMQSubject(NetMQPollerKind.Selector));
