namespace ZmqLoop.Conformance;

// libzmq over epoll.

public sealed class EpollLevelTests() : LevelContract(new LibZmqSubject(PollerKind.Epoll));

public sealed class EpollWakeTests() : WakeContract(new LibZmqSubject(PollerKind.Epoll));

public sealed class EpollClosingTests() : ClosingContract(new LibZmqSubject(PollerKind.Epoll));

public sealed class EpollPlainSocketTests() : PlainSocketContract(new LibZmqSubject(PollerKind.Epoll));

public sealed class EpollSocketTests() : SocketContract(new LibZmqSubject(PollerKind.Epoll));

public sealed class EpollBorrowedTests() : BorrowedContract(new LibZmqSubject(PollerKind.Epoll));

public sealed class EpollDifferentialTests() : DifferentialContract(new LibZmqSubject(PollerKind.Epoll), new LibZmqSubject(PollerKind.ZmqPoll));

public sealed class EpollOptionTests() : OptionContract(new LibZmqSubject(PollerKind.Epoll));
