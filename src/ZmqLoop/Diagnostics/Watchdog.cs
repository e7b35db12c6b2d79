using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>Looks, from a thread of its own, at what the loop is running, and tells of what has been running for too long.</summary>
/// <remarks>
/// For each callback the loop stores one reference: no time, no number, no fence. At each look the watchdog puts a sample in the place of
/// that reference. Whatever the loop begins next overwrites it, also if it is the same callback again; so a sample that is still there says
/// what has been running since. There are four looks in each threshold: a report is half of one late at most.
/// </remarks>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeSpan _threshold;
    private readonly Func<object, CallbackOrigin> _describe;
    private readonly Action<BlockedCallback> _action;
    private readonly Action<Exception> _failed;
    private readonly ManualResetEventSlim _ended = new();
    private object? _running; // what the loop runs, or the sample in its place; null for nothing

    /// <param name="threshold">How long something may run.</param>
    /// <param name="describe">Says what it was that the loop began; called on the watchdog's thread.</param>
    /// <param name="action">The report.</param>
    /// <param name="failed">Told what the action threw.</param>
    public Watchdog(TimeSpan threshold, Func<object, CallbackOrigin> describe, Action<BlockedCallback> action, Action<Exception> failed)
    {
        _threshold = threshold;
        _describe = describe;
        _action = action;
        _failed = failed;
        // carries no AsyncLocals of whoever switched it on
        new Thread(Watch) { IsBackground = true, Name = "ZmqLoop watchdog" }.UnsafeStart();
    }

    /// <summary>The loop begins something; what it began before is over.</summary>
    public void Begin(object running) => _running = running;

    /// <summary>The loop runs nothing.</summary>
    public void End() => _running = null;

    public void Dispose() => _ended.Set();

    private void Watch()
    {
        TimeSpan period = TimeSpan.FromMilliseconds(Math.Clamp(_threshold.TotalMilliseconds / 4, 1, 60_000));
        while (!_ended.Wait(period)) Look();
        _ended.Dispose();
    }

    // Not inlined: the frame of Watch would keep what was seen alive between two looks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Look()
    {
        object? running = Volatile.Read(ref _running);
        if (running is null) return;
        if (running is not Sample sample)
        {
            sample = new Sample(running);
            if (ReferenceEquals(Interlocked.CompareExchange(ref _running, sample, running), running))
                sample.Since = TimeProvider.System.GetTimestamp();
            return;
        }

        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(sample.Since);
        if (sample.IsReported || elapsed < _threshold) return;
        CallbackOrigin origin = _describe(sample.Running);
        Interlocked.MemoryBarrier(); // what describes it was read before the sample is looked for once more
        if (!ReferenceEquals(Volatile.Read(ref _running), sample)) return; // over, and what describes it may be the next one's
        sample.IsReported = true;
        Report(new BlockedCallback(origin, elapsed));
    }

    private void Report(BlockedCallback blocked)
    {
        try
        {
            _action(blocked);
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
    }

    /// <summary>Stands where the loop left what it is running. The watchdog's thread alone reads and writes what is in it.</summary>
    private sealed class Sample(object running)
    {
        public object Running => running;

        public long Since { get; set; } // taken once the sample was in place, so that nothing earlier is counted

        public bool IsReported { get; set; }
    }
}
