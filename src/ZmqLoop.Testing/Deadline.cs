namespace ZmqLoop.Testing;

/// <summary>Tests with real sockets and threads wait for conditions, not for times. What does not come within the deadline fails the test
/// and says what was there instead.</summary>
public static class Deadline
{
    /// <summary>Long enough for a loaded machine: only a failure waits for it.</summary>
    public static TimeSpan Default { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Waits, without the loop, until a condition holds.</summary>
    /// <param name="condition">Looked at again and again, on this thread.</param>
    /// <param name="describe">What to say beside, where it fails.</param>
    /// <exception cref="TimeoutException">It did not within <see cref="Default"/>.</exception>
    public static void WaitUntil(Func<bool> condition, Func<string>? describe = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = TimeProvider.System.GetTimestamp();
        SpinWait spin = default;
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Default)
                throw new TimeoutException($"The condition did not come true within {Default}. {describe?.Invoke()}");
            spin.SpinOnce();
        }
    }

    /// <summary>Runs the loop, on this thread, until a condition holds; it is looked at every millisecond.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="condition">Looked at on the loop.</param>
    /// <param name="describe">What to say beside the loop's state, where it fails.</param>
    /// <exception cref="TimeoutException">It did not within <see cref="Default"/>.</exception>
    public static void RunUntil(IOLoop loop, Func<bool> condition, Func<string>? describe = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(condition);
        if (condition()) return;
        bool late = false;
        using PeriodicCallback check = new(() =>
        {
            if (condition()) loop.Stop();
        }, TimeSpan.FromMilliseconds(1), loop);
        TimeoutHandle limit = loop.CallLater(Default, () =>
        {
            late = true;
            loop.Stop();
        });
        check.Start();
        loop.Start();
        check.Stop();
        if (!loop.IsClosed) loop.RemoveTimeout(limit);
        if (late) throw new TimeoutException($"The condition did not come true within {Default}. {loop}. {describe?.Invoke()}");
    }

    /// <summary>Runs the loop, on this thread, until somebody stops it.</summary>
    /// <param name="loop">The loop.</param>
    /// <exception cref="TimeoutException">Nobody did within <see cref="Default"/>.</exception>
    public static void Run(IOLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        bool late = false;
        TimeoutHandle limit = loop.CallLater(Default, () =>
        {
            late = true;
            loop.Stop();
        });
        loop.Start();
        if (!loop.IsClosed) loop.RemoveTimeout(limit);
        if (late) throw new TimeoutException($"The loop was not stopped within {Default}. {loop}");
    }

    /// <summary>Runs something on another thread, waits for its end, and throws what it threw.</summary>
    /// <param name="body">What to run.</param>
    /// <exception cref="TimeoutException">It did not end within <see cref="Default"/>.</exception>
    public static void RunThread(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Task task = Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!task.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(Default))
            throw new TimeoutException($"The thread did not end within {Default}.");
        task.GetAwaiter().GetResult();
    }
}
