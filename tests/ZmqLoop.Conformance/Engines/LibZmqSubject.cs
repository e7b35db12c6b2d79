namespace ZmqLoop.Conformance;

internal class LibZmqSubject(PollerKind kind) : EngineUnderTest
{
    public override Abilities Abilities => Abilities.All;

    public override ZMQEngine CreateEngine() => new LibZmqEngine(new LibZmqEngineOptions { Poller = kind });
}
