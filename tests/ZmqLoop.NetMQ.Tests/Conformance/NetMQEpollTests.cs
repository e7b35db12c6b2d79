namespace ZmqLoop.Conformance;

// NetMQ over epoll.

public sealed class NetMQEpollLevelTests() : LevelContract(new NetMQSubject(NetMQPollerKind.Epoll));

public sealed class NetMQEpollWakeTests() : WakeContract(new NetMQSubject(NetMQPollerKind.Epoll));

public sealed class NetMQEpollClosingTests() : ClosingContract(new NetMQSubject(NetMQPollerKind.Epoll));

public sealed class NetMQEpollPlainSocketTests() : PlainSocketContract(new NetMQSubject(NetMQPollerKind.Epoll));

public sealed class NetMQSocketTests() : SocketContract(new NetMQSubject(NetMQPollerKind.Epoll));

public sealed class NetMQBorrowedTests() : BorrowedContract(new NetMQSubject(NetMQPollerKind.Epoll));

public sealed class NetMQDifferentialTests() : DifferentialContract(new NetMQSubject(NetMQPollerKind.Epoll), new NetMQSubject(NetMQPollerKind.Selector));

public sealed class NetMQOptionTests() : OptionContract(new NetMQSubject(NetMQPollerKind.Epoll));
