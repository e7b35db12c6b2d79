namespace ZmqLoop.Conformance;

/// <summary>What an engine may be unable to do; the contracts skip what it cannot, and nothing else.</summary>
[Flags]
public enum Abilities
{
    None = 0,
    PlainSockets = 1,
    RawDescriptors = 2,
    Monitor = 4,
    Curve = 8,
    Termination = 16,
    OneDescriptorASocket = 32,
    All = PlainSockets | RawDescriptors | Monitor | Curve | Termination | OneDescriptorASocket,
}

/// <summary>An engine and a way to poll with it: what the contracts run against.</summary>
public abstract class EngineUnderTest
{
    public abstract Abilities Abilities { get; }

    public abstract ZMQEngine CreateEngine();

    public virtual IPoller CreatePoller(ZMQEngine engine) => engine.CreatePoller();
}
