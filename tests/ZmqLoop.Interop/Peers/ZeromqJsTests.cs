namespace ZmqLoop.Interop.Peers;

/// <summary>The contract with zeromq.js in Node.</summary>
public sealed class ZeromqJsTests() : PeerContract(PeerKind.ZeromqJs);
