using Microsoft.Extensions.Logging;

namespace ZmqLoop.Testing;

/// <summary>A real loop in a scripted world: manual time that jumps to whatever is due next, and a poller that obeys the test. When nothing
/// can happen any more, the loop stops.</summary>
/// <remarks>Streams, timers, <see cref="IOLoop.Delay(TimeSpan, CancellationToken)"/>, <see cref="IOLoop.RunSync(Func{Task}, TimeSpan?,
/// CancellationToken)"/> and scopes work as on any loop, and take no time. What waits for other threads, such as <c>Task.Run</c>, is not
/// waited for: the loop sees that it has nothing left to do.</remarks>
/// <example><code>
/// using ScriptedLoop loop = new();
/// loop.CallLater(3600, () => Console.WriteLine("an hour later"));
/// loop.RunUntilIdle(); // a millisecond
/// </code></example>
public class ScriptedLoop : IOLoop
{
    /// <summary>Makes a loop, at the time zero.</summary>
    /// <param name="makeCurrent">As <see cref="IOLoopOptions.MakeCurrent"/>; by default the thread's current loop stays what it is.</param>
    /// <param name="debug">As <see cref="IOLoopOptions.Debug"/>.</param>
    /// <param name="loggers">Where the loop logs; a <see cref="RecordingLoggers"/>, to see what.</param>
    public ScriptedLoop(bool? makeCurrent = false, bool debug = false, ILoggerFactory? loggers = null)
        : this(new ManualTimeProvider(), makeCurrent, debug, loggers)
    {
    }

    private ScriptedLoop(ManualTimeProvider time, bool? makeCurrent, bool debug, ILoggerFactory? loggers)
        : this(time, new ScriptedPoller(time), makeCurrent, debug, loggers)
    {
    }

    private ScriptedLoop(ManualTimeProvider time, ScriptedPoller poller, bool? makeCurrent, bool debug, ILoggerFactory? loggers)
        : base(new IOLoopOptions { TimeProvider = time, Poller = poller, MakeCurrent = makeCurrent, Debug = debug,
            LoggerFactory = loggers, BlockingThreshold = null }) // real time counts there, of which this world knows nothing
    {
        ManualTime = time;
        Poller = poller;
        poller.OnIdle = Stop;
    }

    /// <summary>The loop's time, which is its <see cref="IOLoop.TimeProvider"/>.</summary>
    public ManualTimeProvider ManualTime { get; }

    /// <summary>What the loop waits in.</summary>
    public ScriptedPoller Poller { get; }

    /// <summary>What no context consumed, in order, and which callback threw it.</summary>
    public List<(Exception Exception, CallbackOrigin Origin)> Errors { get; } = [];

    /// <summary>Called for each error after it was noted.</summary>
    public Action<Exception>? OnError { get; set; }

    /// <inheritdoc/>
    public override void HandleCallbackException(Exception exception, CallbackOrigin origin)
    {
        Errors.Add((exception, origin));
        OnError?.Invoke(exception);
    }

    /// <summary>Runs until nothing can happen any more: all timers have fired, and no source is ready. What repeats for ever
    /// (<see cref="PeriodicCallback"/>) never comes to that: take <see cref="RunFor"/>.</summary>
    public void RunUntilIdle() => Start();

    /// <summary>Runs all that happens within a time, which is over then.</summary>
    /// <param name="time">How long.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void RunFor(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        TimeoutHandle end = CallLater(time, Stop);
        Poller.HasEnd = true;
        try
        {
            Start();
        }
        finally
        {
            Poller.HasEnd = false;
            if (!IsClosed) RemoveTimeout(end); // where somebody else stopped it, or an error did
        }
    }
}
