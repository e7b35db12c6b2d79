using Microsoft.Extensions.Logging;

namespace ZmqLoop;

/// <summary>How an <see cref="IOLoop"/> is made: tornado's arguments of <c>IOLoop.initialize</c>, as options.</summary>
public sealed record IOLoopOptions
{
    /// <summary>The loop's clock; only its monotonic side is used. tornado's <c>time_func</c>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

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

    /// <summary>What the loop waits in; null for the loop's own choice. It is disposed with the loop. tornado's <c>impl</c>.</summary>
    public IPoller? Poller { get; init; }
}
