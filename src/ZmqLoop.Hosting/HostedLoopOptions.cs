using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>How a loop behaves in a host.</summary>
public sealed class HostedLoopOptions
{
    /// <summary>How the loop is made. Where it says no <see cref="IOLoopOptions.LoggerFactory"/>, the host's is taken; where it has no
    /// <see cref="IOLoopOptions.Name"/>, what <c>AddZmqLoop</c> calls it, or the application's name.</summary>
    public IOLoopOptions Loop { get; set; } = new();

    /// <summary>For how long a callback may run until the log says that it blocks the loop: in the place of
    /// <see cref="IOLoopOptions.BlockingThreshold"/> of <see cref="Loop"/>, which counts where this is null; infinite for as long as it
    /// likes. A change counts while the loop runs: bind the options to a configuration that reloads
    /// (<c>services.Configure&lt;HostedLoopOptions&gt;(configuration.GetSection("ZmqLoop"))</c>). Positive.</summary>
    public TimeSpan? BlockingThreshold { get; set; }

    /// <summary>The engine, which stays the caller's; null for <see cref="ZMQEngine.Default"/>.</summary>
    public ZMQEngine? Engine { get; set; }

    /// <summary>What clients are told where a handler throws: the <see cref="ResponderOptions.ErrorReply"/> of each responder on this loop
    /// whose options have none. What another service answered a handler comes here, too.</summary>
    public Func<ReceivedRequest, Exception, RemoteException?>? ErrorReply { get; set; }

    /// <summary>For how long at most the streams with handlers may go on when the host stops: they serve what has come, for a quarter of
    /// it; wait for the handlers under way, for half; then the handlers' tokens fire. All streams do so at once, and the host's own time,
    /// <c>HostOptions.ShutdownTimeout</c>, by default 30 seconds, ends all of it; let that be longer. 15 seconds.</summary>
    public TimeSpan FinishTime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Within which time the loop has to take a callback, to be healthy; and for how long it is waited for when the host stops and
    /// its time is over. One second; 49 days at most.</summary>
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long a handler that has not ended counts as stuck, and is unhealthy. 30 seconds.</summary>
    public TimeSpan StuckTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What counts of the two.</summary>
    internal TimeSpan? Threshold => BlockingThreshold switch
    {
        null => Loop.BlockingThreshold,
        { } time when time == Timeout.InfiniteTimeSpan => null,
        { } time => time,
    };

    internal bool HasValidThreshold =>
        BlockingThreshold is not { } time || time == Timeout.InfiniteTimeSpan || time > TimeSpan.Zero;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Loop);
        if (!HasValidThreshold)
            throw new ArgumentOutOfRangeException(nameof(BlockingThreshold), BlockingThreshold, "A time is positive, or infinite.");
        ArgumentOutOfRangeException.ThrowIfLessThan(FinishTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AnswerTime, TimeSpan.FromDays(49)); // as tasks and tokens have it
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StuckTime, TimeSpan.Zero);
    }
}
