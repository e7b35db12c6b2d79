namespace ZmqLoop.Conformance;

// libzmq over zmq_poll, woken through the loopback interface.

public sealed class LoopbackLevelTests() : LevelContract(new LoopbackSubject());

public sealed class LoopbackWakeTests() : WakeContract(new LoopbackSubject());

public sealed class LoopbackClosingTests() : ClosingContract(new LoopbackSubject());
