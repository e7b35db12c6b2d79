namespace ZmqLoop.Conformance;

// libzmq over zmq_poll (its sockets are those of LibZmqOverEpoll).

public sealed class ZmqPollLevelTests() : LevelContract(new LibZmqUnderTest(PollerKind.ZmqPoll));

public sealed class ZmqPollWakeTests() : WakeContract(new LibZmqUnderTest(PollerKind.ZmqPoll));

public sealed class ZmqPollClosingTests() : ClosingContract(new LibZmqUnderTest(PollerKind.ZmqPoll));

public sealed class ZmqPollPlainSocketTests() : PlainSocketContract(new LibZmqUnderTest(PollerKind.ZmqPoll));

public sealed class ZmqPollActivityTests() : ActivityContract(new LibZmqUnderTest(PollerKind.ZmqPoll));
