namespace ZmqLoop.Conformance;

// libzmq over epoll.

public sealed class EpollLevelTests() : LevelContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollWakeTests() : WakeContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollClosingTests() : ClosingContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollPlainSocketTests() : PlainSocketContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollSocketTests() : SocketContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollBorrowedTests() : BorrowedContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollDifferentialTests() : DifferentialContract(new LibZmqUnderTest(PollerKind.Epoll),
    new LibZmqUnderTest(PollerKind.ZmqPoll));

public sealed class EpollOptionTests() : OptionContract(new LibZmqUnderTest(PollerKind.Epoll));

public sealed class EpollActivityTests() : ActivityContract(new LibZmqUnderTest(PollerKind.Epoll));
