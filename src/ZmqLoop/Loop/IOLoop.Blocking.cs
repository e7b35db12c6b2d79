namespace ZmqLoop;

public partial class IOLoop
{
    private readonly RunningCallback _running;
    private bool _isLookedAt;

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal CallbackOrigin? InnerCallback { get; set; }

    /// <summary>Reports callbacks that block the loop for longer than this: each once, while it is still running. tornado
    /// <c>set_blocking_signal_threshold(seconds, action)</c>.</summary>
    /// <param name="threshold">How long a callback, timer or handler may run; null to switch it off, which a report under way may
    /// outlive.</param>
    /// <param name="action">Called on a thread of its own, at the same time as the callback, so it must not touch the loop but by its
    /// thread-safe members. Null for <see cref="LogStack"/>, and a second line that says how long it took in all, once it is over.</param>
    /// <remarks>In the place of <see cref="IOLoopOptions.BlockingThreshold"/>. .NET cannot interrupt a callback as SIGALRM does, nor see
    /// another thread's stack: the report names the callback, a stream's where one runs, and, with <see cref="IOLoopOptions.Debug"/>, where
    /// it was scheduled. A handler counts as a whole, with all that a stream calls back in one turn. A report comes a tenth of a threshold
    /// late at most. Real time counts, whatever the loop's clock. Loop's thread.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not positive.</exception>
    public void SetBlockingSignalThreshold(TimeSpan? threshold, Action<BlockedCallback>? action)
    {
        VerifyAccess();
        if (threshold is { } time) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(threshold));
        _running.Watch = threshold is not { } span ? null
            : new BlockingWatch(span, action ?? LogStack, action is null ? _reports.NoMoreBlocked : null, InDebugger: true);
        if (_isLookedAt) Watchdog.Wake();
        else if (IsRunning) LookAt();
    }

    /// <inheritdoc cref="SetBlockingSignalThreshold(TimeSpan?, Action{BlockedCallback}?)"/>
    public void SetBlockingSignalThreshold(double seconds, Action<BlockedCallback>? action) =>
        SetBlockingSignalThreshold(Seconds.ToPositiveSpan(seconds, nameof(seconds)), action);

    /// <summary>Logs callbacks that block the loop for longer than this, and how long each took in all; null to switch it off. tornado
    /// <c>set_blocking_log_threshold(seconds)</c>.</summary>
    /// <inheritdoc cref="SetBlockingSignalThreshold(TimeSpan?, Action{BlockedCallback}?)"/>
    public void SetBlockingLogThreshold(TimeSpan? threshold) => SetBlockingSignalThreshold(threshold, null);

    /// <inheritdoc cref="SetBlockingLogThreshold(TimeSpan?)"/>
    public void SetBlockingLogThreshold(double seconds) => SetBlockingSignalThreshold(seconds, null);

    /// <summary>Logs which callback blocks the loop, and for how long; to stderr where no logger is set. Any thread. tornado
    /// <c>log_stack</c>.</summary>
    public void LogStack(BlockedCallback blocked)
    {
        ArgumentNullException.ThrowIfNull(blocked);
        _reports.Blocked(blocked);
    }

    /// <summary>The watchdog looks at this loop from its first turn on, if there is something to watch for.</summary>
    private void LookAt()
    {
        if (_isLookedAt || _running.Watch is null) return;
        _isLookedAt = true;
        Watchdog.Add(_running);
    }

    /// <summary>What the loop noted that it runs. On the watchdog's thread.</summary>
    private CallbackOrigin Describe(object running) => InnerCallback ?? running switch
    {
        CallbackOrigin origin => origin, // in a debug loop, with its trail
        HandlerEntry handler => Origin(handler),
        _ => new CallbackOrigin(_kind, WorkItem.Shown(running)),
    };
}
