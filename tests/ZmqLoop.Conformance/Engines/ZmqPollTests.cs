namespace ZmqLoop.Conformance;

// libzmq over zmq_poll (its sockets are those of LibZmqOverEpoll).

public sealed class ZmqPollLevelTests() : LevelContract(new LibZmqSubject(PollerKind.ZmqPoll));

public sealed class ZmqPollWakeTests() : WakeContract(new LibZmqSubject(PollerKind.ZmqPoll));

public sealed class ZmqPollClosingTests() : ClosingContract(new LibZmqSubject(PollerKind.ZmqPoll));

public sealed class ZmqPollPlainSocketTests() : PlainSocketContract(new LibZmqSubject(PollerKind.ZmqPoll));
