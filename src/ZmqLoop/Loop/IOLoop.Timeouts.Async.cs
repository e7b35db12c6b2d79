namespace ZmqLoop;

// Async functions for each way to add a timer: without these an async lambda would become an async void one.
public partial class IOLoop
{
    /// <summary>As <see cref="CallLater(double, Action)"/>, for an async function.</summary>
    public TimeoutHandle CallLater(double seconds, Func<Task> callback) => CallLater(Seconds.ToSpan(seconds, nameof(seconds)), callback);

    /// <summary>As <see cref="CallAt(double, Action)"/>, for an async function.</summary>
    public TimeoutHandle CallAt(double when, Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        long deadline = Seconds.ToSpan(when, nameof(when)).Ticks;
        VerifyAccess();
        return AddTimer(deadline, WorkItem.Capture(callback, _async));
    }

    /// <summary>The same as <see cref="CallAt(double, Func{Task})"/>.</summary>
    public TimeoutHandle AddTimeout(double deadline, Func<Task> callback) => CallAt(deadline, callback);

    /// <summary>The same as <see cref="CallLater(TimeSpan, Func{Task})"/>.</summary>
    public TimeoutHandle AddTimeout(TimeSpan delay, Func<Task> callback) => CallLater(delay, callback);
}
