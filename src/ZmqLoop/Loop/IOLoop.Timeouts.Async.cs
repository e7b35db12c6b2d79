namespace ZmqLoop;

// Async functions for each way to add a timer: without these an async lambda would become an async void one.
public partial class IOLoop
{
    /// <summary>A task that ends that long from now, on the loop's clock: <c>Task.Delay</c> for what is to run by
    /// <see cref="IOLoopOptions.TimeProvider"/>. Any thread. tornado <c>gen.sleep</c>.</summary>
    /// <param name="delay">Zero ends it in the next turn; <see cref="Timeout.InfiniteTimeSpan"/> never, but for the token.</param>
    /// <param name="cancellationToken">Ends it as cancelled, and frees its timer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="ObjectDisposedException">The loop is, or was meanwhile, closed; from the task.</exception>
    public Task Delay(TimeSpan delay, CancellationToken cancellationToken = default)
    {
        if (delay != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return LoopDelay.Begin(this, delay, cancellationToken);
    }

    /// <inheritdoc cref="Delay(TimeSpan, CancellationToken)" path="/*[not(@name='seconds' or @name='cancellationToken')]"/>
    /// <param name="seconds">As in tornado; infinity never ends.</param>
    /// <param name="cancellationToken">Ends it as cancelled, and frees its timer.</param>
    public Task Delay(double seconds, CancellationToken cancellationToken = default)
    {
        if (seconds < 0) throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A delay is not negative.");
        TimeSpan delay = Seconds.ToSpan(seconds, nameof(seconds));
        return Delay(double.IsPositiveInfinity(seconds) ? Timeout.InfiniteTimeSpan : delay, cancellationToken);
    }

    /// <summary>As <see cref="CallLater(double, Action)"/>, for an async function.</summary>
    public TimeoutHandle CallLater(double seconds, Func<Task> callback) => CallLater(Seconds.ToSpan(seconds, nameof(seconds)), callback);

    /// <summary>As <see cref="CallAt(double, Action)"/>, for an async function.</summary>
    public TimeoutHandle CallAt(double when, Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        long deadline = DeadlineAt(when, nameof(when));
        VerifyAccess();
        return AddTimer(deadline, WorkItem.Capture(callback, _async));
    }

    /// <summary>The same as <see cref="CallAt(double, Func{Task})"/>.</summary>
    public TimeoutHandle AddTimeout(double deadline, Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        long time = DeadlineAt(deadline, nameof(deadline));
        VerifyAccess();
        return AddTimer(time, WorkItem.Capture(callback, _async));
    }

    /// <summary>The same as <see cref="CallLater(TimeSpan, Func{Task})"/>.</summary>
    public TimeoutHandle AddTimeout(TimeSpan delay, Func<Task> callback) => CallLater(delay, callback);
}
