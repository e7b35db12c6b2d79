using ZmqLoop.Conformance;

namespace ZmqLoop.Interop.Peers;

// libzmq, with the poller that it usually has.

public sealed class PyzmqTests() : PyzmqContract(new LibZmqSubject(PollerKind.Automatic));

public sealed class ZeromqJsTests() : PeerContract(new LibZmqSubject(PollerKind.Automatic), PeerKind.ZeromqJs);
