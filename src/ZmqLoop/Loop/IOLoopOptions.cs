using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ZmqLoop;

/// <summary>How an <see cref="IOLoop"/> is made: tornado's arguments of <c>IOLoop.initialize</c>, as options.</summary>
public sealed record IOLoopOptions
{
    private const string BlockingVariable = "ZMQLOOP_BLOCKING_THRESHOLD";

    /// <summary>The loop's clock; only its monotonic side is used. tornado's <c>time_func</c>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What the loop is called in logs and measurements, where it tells the loops of a process apart: a few names that stay, such
    /// as <c>ingest</c>. Null for nothing.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public string? Name
    {
        get;
        init
        {
            if (value is not null) ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(Name));
            field = value;
        }
    }

    /// <summary>Where the loop logs, with the category <c>ZmqLoop.Loop</c>. Null: errors that nobody handles, and warnings of forgotten
    /// streams, go to stderr.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Whether the new loop becomes this thread's <see cref="IOLoop.Current"/>: null, if the thread has none; true, or throw;
    /// false, no. tornado's <c>make_current</c>.</summary>
    public bool? MakeCurrent { get; init; }

    /// <summary>
    /// Records where each callback was scheduled, each stream made, and each context entered on the running loop; see
    /// <see cref="CallbackTrail"/> and <see cref="StackContext.Describe"/>. Costs a stack trace each; nothing when off. By default on where
    /// the environment variable <c>ZMQLOOP_DEBUG</c> is 1.
    /// </summary>
    public bool Debug { get; init; } = Environment.GetEnvironmentVariable("ZMQLOOP_DEBUG") == "1";

    /// <summary>
    /// For how long a callback, timer or handler may run until the log says that it blocks the loop, and, once it is over, for how long it
    /// did; null for as long as it likes. One second, unless the environment variable <c>ZMQLOOP_BLOCKING_THRESHOLD</c> says otherwise:
    /// seconds, or <c>off</c>. While a debugger is attached nothing is reported. See
    /// <see cref="IOLoop.SetBlockingLogThreshold(TimeSpan?)"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public TimeSpan? BlockingThreshold
    {
        get;
        init
        {
            if (value is { } time)
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(BlockingThreshold));
            field = value;
        }
    } = BlockingThresholdOf(Environment.GetEnvironmentVariable(BlockingVariable));

    /// <summary>
    /// Whether timers are waited for exactly, where the system can: on Linux 5.11 and later. By default the loop sleeps whole milliseconds,
    /// rounded up, so that a timer may be up to one late (never early) and timers that lie close together are one waking. What is left with
    /// it is the kernel's own, some 60 µs.
    /// </summary>
    /// <remarks>Of no effect where <see cref="Poller"/> is not an engine's, or waits in <c>zmq_poll</c> or <c>poll</c>.</remarks>
    public bool ExactTimers { get; init; }

    /// <summary>
    /// For how long the loop looks again and again before it sleeps: a message or a callback from another thread that comes in this time
    /// is had without the kernel's waking of a thread, some 20 to 50 µs. Zero, by default, for not at all; up to a second. It takes a
    /// processor of its own while it looks, after each piece of work: not for loops that share processors with whom they wait for. With a
    /// clock of its own a loop does not look.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer than a second.</exception>
    public TimeSpan SpinBeforeWait
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(SpinBeforeWait));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(1), nameof(SpinBeforeWait));
            field = value;
        }
    }

    /// <summary>What the loop waits in; null for the loop's own choice. It is disposed with the loop. tornado's <c>impl</c>.</summary>
    public IPoller? Poller { get; init; }

    /// <summary>What the environment variable says.</summary>
    internal static TimeSpan? BlockingThresholdOf(string? variable) => variable switch
    {
        null or "" => TimeSpan.FromSeconds(1),
        "off" => null,
        _ => double.TryParse(variable, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 1e9
            ? Seconds.ToSpan(seconds, BlockingVariable)
            : throw new InvalidOperationException($"The environment variable {BlockingVariable} is '{variable}': "
                + "give seconds, such as 0.5, or off."),
    };
}
