namespace ZmqLoop.Testing;

/// <summary>
/// NetMQ: one context for all, so none that ends with its engine; one monitor a socket, which tells of no handshakes; no authenticators; an
/// inproc name must be bound first; two descriptors a socket, so that which one is inherited is chance.
/// </summary>
public sealed class NetMQUnderTest(NetMQPollerKind kind = NetMQPollerKind.Automatic) : EngineUnderTest
{
    private const Abilities Everywhere =
        Abilities.PlainSockets | Abilities.Rotation | Abilities.Patterns | Abilities.Tcp | Abilities.Monitor | Abilities.Curve;
    private const Abilities Epoll = Abilities.RawDescriptors | Abilities.SystemCalls | Abilities.NoGarbage | Abilities.Signs;

    public override string Name => "NetMQ";

    public override Abilities Abilities => kind == NetMQPollerKind.Selector ? Everywhere : Everywhere | Epoll;

    public override EngineUnderTest OverItsOwnPoller => new NetMQUnderTest(NetMQPollerKind.Selector);

    public override Dictionary<string, string> Environment => kind == NetMQPollerKind.Automatic
        ? base.Environment
        : new(base.Environment) { ["ZMQLOOP_NETMQ_POLLER"] = $"{kind}".ToLowerInvariant() };

    // The contract is that of CURVE between those who play along.
    public override ZMQEngine CreateEngine() => new NetMQEngine(new NetMQEngineOptions { Poller = kind, AllowUnenforcedCurve = true });

    public override void Terminate(ZMQEngine engine) => global::NetMQ.NetMQConfig.Cleanup(block: false);

    public override void HandOut(ZMQSocket socket) => Assert.False(((NetMQSocketAdapter)socket).NetMQSocket.IsDisposed);
}
