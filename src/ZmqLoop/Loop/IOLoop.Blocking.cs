namespace ZmqLoop;

public partial class IOLoop
{
    private Watchdog? _watchdog;

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal CallbackOrigin? InnerCallback { get; set; }

    /// <summary>Reports callbacks that block the loop for longer than this: each once, while it is still running. tornado
    /// <c>set_blocking_signal_threshold(seconds, action)</c>.</summary>
    /// <param name="threshold">How long a callback, timer or handler may run; null to switch it off, which a report under way may
    /// outlive.</param>
    /// <param name="action">Called on a thread of its own, at the same time as the callback, so it must not touch the loop but by its
    /// thread-safe members. Null for <see cref="LogStack"/>.</param>
    /// <remarks>.NET cannot interrupt a callback as SIGALRM does, nor see another thread's stack: the report names the callback, a stream's
    /// where one runs, and, with <see cref="IOLoopOptions.Debug"/>, where it was scheduled. A handler counts as a whole, with all that a
    /// stream calls back in one turn. A report comes half a threshold late at most. Real time counts, whatever the loop's clock. Costs one
    /// store for each callback while on, and nothing while off. Loop's thread.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not positive.</exception>
    public void SetBlockingSignalThreshold(TimeSpan? threshold, Action<BlockedCallback>? action)
    {
        VerifyAccess();
        if (threshold is { } time) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(threshold));
        SetWatchdog(threshold is { } span ? new Watchdog(span, Describe, action ?? LogStack, _reports.BlockedReportFailed) : null);
    }

    /// <inheritdoc cref="SetBlockingSignalThreshold(TimeSpan?, Action{BlockedCallback}?)"/>
    public void SetBlockingSignalThreshold(double seconds, Action<BlockedCallback>? action) =>
        SetBlockingSignalThreshold(Seconds.ToSpan(seconds, nameof(seconds)), action);

    /// <summary>Logs callbacks that block the loop for longer than this; null to switch it off. tornado
    /// <c>set_blocking_log_threshold(seconds)</c>.</summary>
    /// <inheritdoc cref="SetBlockingSignalThreshold(TimeSpan?, Action{BlockedCallback}?)"/>
    public void SetBlockingLogThreshold(TimeSpan? threshold) => SetBlockingSignalThreshold(threshold, LogStack);

    /// <inheritdoc cref="SetBlockingLogThreshold(TimeSpan?)"/>
    public void SetBlockingLogThreshold(double seconds) => SetBlockingSignalThreshold(seconds, LogStack);

    /// <summary>Logs which callback blocks the loop, and for how long; to stderr where no logger is set. Any thread. tornado
    /// <c>log_stack</c>.</summary>
    public void LogStack(BlockedCallback blocked)
    {
        ArgumentNullException.ThrowIfNull(blocked);
        _reports.Blocked(blocked);
    }

    private void SetWatchdog(Watchdog? watchdog)
    {
        _watchdog?.Dispose();
        _watchdog = watchdog;
    }

    /// <summary>What the loop told the watchdog that it began. On the watchdog's thread.</summary>
    private CallbackOrigin Describe(object running) => InnerCallback ?? running switch
    {
        CallbackOrigin origin => origin, // in a debug loop, with its trail
        HandlerEntry handler => Origin(handler),
        _ => new CallbackOrigin(_kind, WorkItem.Shown(running)),
    };
}
