namespace ZmqLoop.Conformance;

// NetMQ over epoll.

public sealed class NetMQEpollLevelTests() : LevelContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQEpollWakeTests() : WakeContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQEpollClosingTests() : ClosingContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQEpollPlainSocketTests() : PlainSocketContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQSocketTests() : SocketContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQBorrowedTests() : BorrowedContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQDifferentialTests() : DifferentialContract(new NetMQUnderTest(NetMQPollerKind.Epoll),
    new NetMQUnderTest(NetMQPollerKind.Selector));

public sealed class NetMQOptionTests() : OptionContract(new NetMQUnderTest(NetMQPollerKind.Epoll));

public sealed class NetMQEpollActivityTests() : ActivityContract(new NetMQUnderTest(NetMQPollerKind.Epoll));
