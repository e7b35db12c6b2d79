namespace ZmqLoop.Interop.Peers;

// The sockets of the engine under test and those of native libzmq, in other processes, over tcp.

public sealed class PyzmqTests() : PyzmqContract(EngineUnderTest.Current);

public sealed class ZeromqJsTests() : PeerContract(EngineUnderTest.Current, PeerKind.ZeromqJs);

/// <summary>As on systems without epoll.</summary>
public sealed class OwnPollerPyzmqTests() : PyzmqContract(EngineUnderTest.Current.OverItsOwnPoller);
