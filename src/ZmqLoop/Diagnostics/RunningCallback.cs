namespace ZmqLoop;

/// <summary>What a loop is running, as its thread notes it for the watchdog, and for how long, as the watchdog sees it.</summary>
/// <remarks>
/// For each callback the loop counts on: no time, no fence, and a reference only for what does not stand in the queue. A number that has
/// stood still from one look of the watchdog to a later one says that the same callback was running all the time; what it is, is read only
/// then.
/// </remarks>
/// <param name="plain">The action that the loop took out of its queue and runs, where nothing else is noted; or null.</param>
/// <param name="describe">Says what it was that the loop noted; called on any thread.</param>
/// <param name="contexts">The contexts that the loop's thread is in; called on any thread.</param>
/// <param name="failed">Told what a report threw.</param>
internal sealed class RunningCallback(
    Func<object?> plain, Func<object, CallbackOrigin> describe, Func<IReadOnlyList<CallbackContext>> contexts, Action<Exception> failed)
{
    private const int MostTries = 3;

    private static readonly TimeSpan _standstill = TimeSpan.FromSeconds(1);

    // The loop's thread writes these, the watchdog's reads them.
    private object? _running;
    private uint _number;
    private volatile BlockingWatch? _watch;
    private volatile bool _closed;

    private readonly BlockHistory _blocks = new();

    // The watchdog's.
    private BlockingWatch? _seenBy;
    private Sample _seen; // at the last look
    private TimeSpan _lastLook;
    private BlockedCallback? _reported;

    private readonly Lock _gate = new(); // over _seen, where another than the watchdog reads it, and _asked
    private Sample _asked; // when somebody last asked

    /// <summary>What is watched for; null for nothing.</summary>
    public BlockingWatch? Watch
    {
        get => _watch;
        set => _watch = value;
    }

    /// <summary>The loop was closed: nobody looks any more.</summary>
    public bool IsClosed => _closed;

    /// <summary>The last that were reported, the latest first. Any thread.</summary>
    public IReadOnlyList<LoopBlock> Blocks => _blocks.All;

    /// <summary>The loop runs actions out of its queue from now on; <see cref="Next"/> tells of each.</summary>
    public void BeginPlain() => _running = null;

    /// <summary>What the loop ran is over; it is about to take the next action out of its queue, if it runs those.</summary>
    public void Next() => _number++;

    /// <summary>The loop begins something; what it began before is over.</summary>
    public void Begin(object running)
    {
        _number++; // first: whoever sees what is running now sees that number, or a later one, when he looks again
        Volatile.Write(ref _running, running);
    }

    /// <summary>The loop runs nothing: what comes next is another thing.</summary>
    public void End()
    {
        _number++;
        Volatile.Write(ref _running, null);
    }

    /// <summary>The loop goes on to do something; the watchdog may sleep.</summary>
    public void GoOn()
    {
        End();
        if (Watchdog.Rests && _watch is not null) Watchdog.Wake();
    }

    public void Close()
    {
        End();
        _watch = null;
        _closed = true;
    }

    /// <summary>One look, on the watchdog's thread.</summary>
    /// <param name="clock">Goes on while the loop is blocked.</param>
    /// <returns>True where there is something to watch for, and the loop has done something since the last look, or is doing it.</returns>
    public bool Look(TimeProvider clock)
    {
        uint number = Volatile.Read(ref _number);
        TimeSpan now = clock.GetElapsedTime(0); // after the number was read: nothing earlier is counted
        BlockingWatch? watch = _watch;
        object? running = Volatile.Read(ref _running) ?? plain();
        bool isSame = running is not null && _seen.Is(number) && ReferenceEquals(watch, _seenBy);
        bool hasMoved = watch is not null && (number != _seen.Number || running is not null);
        if (!isSame) TellEnd(now);

        // Where nobody has looked for so long, the process or the machine stood still, and not the callback.
        bool stoodStill = watch is not null && now - _lastLook - _standstill > watch.Threshold;
        _lastLook = now;
        if (!isSame || (stoodStill && _reported is null)) Begin(watch, number, running is not null, now);
        else if (_reported is null && watch is { IsOn: true } && now - _seen.Since >= watch.Threshold)
            Report(watch, running!, now - _seen.Since, clock.GetUtcNow());
        return hasMoved;
    }

    /// <summary>What runs now, and for how long it has, as far as somebody has looked; null where nothing does, or it changes all the time.
    /// Any thread.</summary>
    /// <param name="clock">That of the looks.</param>
    public CurrentCallback? Ask(TimeProvider clock)
    {
        for (int i = 0; i < MostTries; i++)
        {
            uint number = Volatile.Read(ref _number);
            TimeSpan now = clock.GetElapsedTime(0); // as in Look
            if ((Volatile.Read(ref _running) ?? plain()) is not { } running) return null;
            CallbackOrigin origin = describe(running);
            IReadOnlyList<CallbackContext> inForce = contexts();
            Interlocked.MemoryBarrier(); // as in Report
            if (Volatile.Read(ref _number) == number) return new CurrentCallback(origin, ElapsedOf(number, now), inForce);
        }

        return null;
    }

    private TimeSpan ElapsedOf(uint number, TimeSpan now)
    {
        lock (_gate)
        {
            if (!_asked.Is(number)) _asked = new Sample(number, IsRunning: true, now);
            TimeSpan since = _seen.Is(number) && _seen.Since < _asked.Since ? _seen.Since : _asked.Since;
            return now > since ? now - since : TimeSpan.Zero; // another may have asked first, and a moment later
        }
    }

    private void Begin(BlockingWatch? watch, uint number, bool isSeen, TimeSpan now)
    {
        _seenBy = watch;
        lock (_gate) _seen = new Sample(number, isSeen, now);
    }

    private void Report(BlockingWatch watch, object running, TimeSpan elapsed, DateTimeOffset now)
    {
        CallbackOrigin origin = describe(running);
        Interlocked.MemoryBarrier(); // what describes it was read before the number is looked at once more
        if (Volatile.Read(ref _number) != _seen.Number) return; // over, and what describes it may be the next one's
        _reported = new BlockedCallback(origin, elapsed);
        Tell(blocked => _blocks.Begin(blocked, now), _reported);
        Tell(watch.Blocked, _reported);
    }

    private void TellEnd(TimeSpan now)
    {
        if (_reported is not { } reported) return;
        _reported = null;
        _blocks.End(now - _seen.Since);
        if (_seenBy!.Over is { } over) Tell(over, reported with { Elapsed = now - _seen.Since });
    }

    private void Tell(Action<BlockedCallback> action, BlockedCallback blocked)
    {
        try
        {
            action(blocked);
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }

    /// <summary>What the loop ran when somebody looked.</summary>
    private readonly record struct Sample(uint Number, bool IsRunning, TimeSpan Since)
    {
        public bool Is(uint number) => IsRunning && Number == number;
    }
}
