namespace ZmqLoop.Conformance;

/// <summary>NetMQ: one context for all, so none that ends with its engine; one monitor a socket, which tells of no handshakes; no authenticators; an inproc name must be bound first; two
/// descriptors a socket, so that which one is inherited is chance.</summary>
internal sealed class NetMQSubject(NetMQPollerKind kind) : EngineUnderTest
{
    private const Abilities Everywhere = Abilities.PlainSockets | Abilities.Rotation | Abilities.Patterns | Abilities.Tcp | Abilities.Monitor | Abilities.Curve;
    private const Abilities Epoll = Abilities.RawDescriptors | Abilities.SystemCalls | Abilities.NoGarbage;

    public override Abilities Abilities => kind == NetMQPollerKind.Epoll ? Everywhere | Epoll : Everywhere;

    // The contract is that of CURVE between those who play along.
    public override ZMQEngine CreateEngine() => new NetMQEngine(new NetMQEngineOptions { Poller = kind, AllowUnenforcedCurve = true });
}
