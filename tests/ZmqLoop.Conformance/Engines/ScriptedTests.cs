namespace ZmqLoop.Conformance;

// The fake that the loop's and the streams' tests trust: no kernel, garbage, and the order of registration; else like the
// others.

internal sealed class ScriptedSubject : EngineUnderTest
{
    public override string Name => "The scripted engine";

    public override Abilities Abilities => Abilities.Termination | Abilities.Patterns | Abilities.EarlyInproc;

    // Its finite waits take no time: the clock jumps. Those without end wait for other threads, and give up by themselves.
    public override TimeSpan LongWait => Timeout.InfiniteTimeSpan;

    public override ZMQEngine CreateEngine() => new ScriptedEngine();

    public override IPoller CreatePoller(ZMQEngine engine)
    {
        ScriptedPoller poller = (ScriptedPoller)engine.CreatePoller();
        poller.WaitForWake = true;
        return poller;
    }

    public override TimeProvider ClockOf(ZMQEngine engine) => ((ScriptedEngine)engine).Time;
}

public sealed class ScriptedLevelTests() : LevelContract(new ScriptedSubject());

public sealed class ScriptedWakeTests() : WakeContract(new ScriptedSubject());

public sealed class ScriptedClosingTests() : ClosingContract(new ScriptedSubject());

public sealed class ScriptedPlainSocketTests() : PlainSocketContract(new ScriptedSubject());

public sealed class ScriptedSocketTests() : SocketContract(new ScriptedSubject());

public sealed class ScriptedBorrowedTests() : BorrowedContract(new ScriptedSubject());
