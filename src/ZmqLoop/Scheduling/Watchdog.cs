namespace ZmqLoop;

/// <summary>Looks, from a thread of its own, at which callback the loop is running and whether that is still the one it was running before.</summary>
/// <remarks>The loop says what it begins, and takes no time stamp: the watchdog looks four times in each threshold, so a report is at most a quarter late.</remarks>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeSpan _threshold;
    private readonly Action<BlockedCallback> _action;
    private readonly Action<Exception> _failed;
    private readonly ManualResetEventSlim _ended = new();

    // Written by the loop: an odd number while a callback runs, another one for each. What it names is written before.
    private long _sequence;
    private CallbackKind _kind;
    private object? _callback;
    private PollSource? _owner;
    private CallbackTrail? _trail;

    public Watchdog(TimeSpan threshold, Action<BlockedCallback> action, Action<Exception> failed)
    {
        _threshold = threshold;
        _action = action;
        _failed = failed;
        new Thread(Watch) { IsBackground = true, Name = "ZmqLoop watchdog" }.UnsafeStart(); // carries no AsyncLocals of whoever switched it on
    }

    /// <summary>The loop begins a callback.</summary>
    public void Begin(CallbackKind kind, object callback, PollSource? owner, CallbackTrail? trail)
    {
        End();
        _kind = kind;
        _callback = callback;
        _owner = owner;
        _trail = trail;
        Volatile.Write(ref _sequence, _sequence + 1);
    }

    /// <summary>The loop runs no callback.</summary>
    public void End()
    {
        if ((_sequence & 1) == 0) return;
        Volatile.Write(ref _sequence, _sequence + 1);
        Interlocked.MemoryBarrier(); // what names the next one must not be seen with this number
        _callback = null;
        _owner = null;
        _trail = null;
    }

    public void Dispose() => _ended.Set();

    private void Watch()
    {
        TimeSpan period = TimeSpan.FromMilliseconds(Math.Clamp(_threshold.TotalMilliseconds / 4, 1, 60_000));
        TimeProvider time = TimeProvider.System;
        long seen = 0;
        long since = 0;
        long reported = 0;
        while (!_ended.Wait(period))
        {
            long sequence = Volatile.Read(ref _sequence);
            if (sequence != seen)
            {
                seen = sequence;
                since = time.GetTimestamp();
            }
            else if ((sequence & 1) != 0 && sequence != reported && time.GetElapsedTime(since) is var elapsed && elapsed >= _threshold)
            {
                CallbackOrigin origin = new(_kind, _callback, _owner) { Trail = _trail };
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref _sequence) != sequence) continue;
                reported = sequence;
                Report(new BlockedCallback(origin, elapsed));
            }
        }

        _ended.Dispose();
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
}
