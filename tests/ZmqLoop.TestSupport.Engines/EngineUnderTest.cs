namespace ZmqLoop.Testing;

/// <summary>An engine and a way to poll with it: what the tests with real sockets run against.</summary>
public abstract class EngineUnderTest
{
    private const string Variable = "ZMQLOOP_ENGINE";

    /// <summary>The engine of this run: <c>./build.sh test</c> runs the suites with real sockets once for each. NetMQ where ZMQLOOP_ENGINE
    /// names none.</summary>
    public static EngineUnderTest Current { get; } = System.Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" or "netmq" => new NetMQUnderTest(),
        "libzmq" => new LibZmqUnderTest(),
        string other => throw new InvalidOperationException($"{Variable} is netmq or libzmq, not '{other}'."),
    };

    /// <summary>As a test that is skipped calls it.</summary>
    public abstract string Name { get; }

    public abstract Abilities Abilities { get; }

    /// <summary>The same engine over the poller that it has where there is no epoll.</summary>
    public virtual EngineUnderTest OverItsOwnPoller => this;

    /// <summary>What other programs must be started with to run on it.</summary>
    public virtual Dictionary<string, string> Environment => new() { [Variable] = Name.ToLowerInvariant() };

    /// <summary>What a monitor tells of when a connection can be used.</summary>
    public ZMQSocketEvents Connected => Can(Abilities.Handshakes) ? ZMQSocketEvents.HandshakeSucceeded : ZMQSocketEvents.Accepted;

    /// <summary>A wait that only a failure lasts out.</summary>
    public virtual TimeSpan LongWait { get; } = TimeSpan.FromSeconds(20);

    public abstract ZMQEngine CreateEngine();

    public virtual IPoller CreatePoller(ZMQEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.CreatePoller();
    }

    /// <summary>The time that passes in a wait.</summary>
    public virtual TimeProvider ClockOf(ZMQEngine engine) => TimeProvider.System;

    /// <summary>Ends the context of an engine's sockets, while they are in use.</summary>
    public virtual void Terminate(ZMQEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Dispose();
    }

    /// <summary>From now on others may use the socket without our knowing.</summary>
    public virtual void HandOut(ZMQSocket socket)
    {
    }

    public bool Can(Abilities abilities) => (Abilities & abilities) == abilities;

    /// <summary>Skips the test where the engine cannot. The reason's words are counted by eng/closing.sh.</summary>
    public void Need(Abilities abilities) => Assert.SkipUnless(Can(abilities), $"{Name} has no {abilities & ~Abilities}.");
}
