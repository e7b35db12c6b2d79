using Microsoft.Extensions.Logging;

namespace ZmqLoop.Testing;

/// <summary>A real loop in a scripted world: manual time that jumps to the next deadline, and a poller that obeys the test. When nothing
/// can happen any more, the loop stops.</summary>
public class ScriptedLoop : IOLoop
{
    private ScriptedLoop(ManualTimeProvider time, ScriptedPoller poller, bool? makeCurrent, bool debug, ILoggerFactory? loggers)
        : base(new IOLoopOptions { TimeProvider = time, Poller = poller, MakeCurrent = makeCurrent, Debug = debug,
            LoggerFactory = loggers, BlockingThreshold = null }) // real time counts there, of which this world knows nothing
    {
        ManualTime = time;
        Poller = poller;
        poller.OnIdle = Stop;
    }

    public ScriptedLoop(bool? makeCurrent = false, bool debug = false, ILoggerFactory? loggers = null)
        : this(new ManualTimeProvider(), makeCurrent, debug, loggers)
    {
    }

    private ScriptedLoop(ManualTimeProvider time, bool? makeCurrent, bool debug, ILoggerFactory? loggers)
        : this(time, new ScriptedPoller(time), makeCurrent, debug, loggers)
    {
    }

    public ManualTimeProvider ManualTime { get; }

    public ScriptedPoller Poller { get; }

    /// <summary>What no context consumed, in order.</summary>
    public List<(Exception Exception, CallbackOrigin Origin)> Errors { get; } = [];

    /// <summary>Called for each error after it was noted.</summary>
    public Action<Exception>? OnError { get; set; }

    public override void HandleCallbackException(Exception exception, CallbackOrigin origin)
    {
        Errors.Add((exception, origin));
        OnError?.Invoke(exception);
    }

    /// <summary>Runs until nothing can happen any more.</summary>
    public void RunUntilIdle() => Start();
}
