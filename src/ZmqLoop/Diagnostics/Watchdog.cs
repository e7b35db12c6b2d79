using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>One thread that looks at what all loops of the process are running, and tells of what has been running for too long.</summary>
/// <remarks>While no loop does anything, it sleeps until one goes on: an idle process makes no wake-ups.</remarks>
internal static class Watchdog
{
    private const int LooksUntilRest = 20;

    private static readonly object _gate = new(); // a Monitor: its Wait does not spin
    private static readonly List<WeakReference<RunningCallback>> _loops = [];
    private static readonly List<RunningCallback> _lookedAt = []; // the thread's own: nothing is allocated for a look
    private static bool _hasThread;
    private static bool _isWoken; // since it last looked: whoever calls while it looks may come too late for that look
    private static volatile bool _rests;

    /// <summary>The watchdog's thread sleeps, and has to be told when a loop goes on.</summary>
    public static bool Rests
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _rests;
    }

    /// <summary>Looks at a loop from now on, until it is closed or forgotten.</summary>
    public static void Add(RunningCallback loop)
    {
        lock (_gate)
        {
            _loops.Add(new WeakReference<RunningCallback>(loop));
            if (_hasThread)
            {
                Wake();
                return;
            }

            // carries no AsyncLocals of whoever is the first
            new Thread(Run) { IsBackground = true, Name = "ZmqLoop watchdog" }.UnsafeStart();
            _hasThread = true;
        }
    }

    /// <summary>Looks at once, and goes on looking.</summary>
    public static void Wake()
    {
        lock (_gate)
        {
            _rests = false;
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    private static void Run()
    {
        TimeSpan period = TimeSpan.Zero;
        int quiet = 0;
        while (true)
        {
            WaitFor(period);
            (bool hasMoved, period) = LookAtAll();
            quiet = hasMoved ? 0 : quiet + 1;
            if (quiet < LooksUntilRest) continue;
            _rests = true;
            Interlocked.MemoryBarrierProcessWide(); // a loop that goes on now either sees that, or is seen here: it needs no fence itself
            if (LookAtAll().HasMoved) _rests = false;
            else period = Timeout.InfiniteTimeSpan;
            quiet = 0;
        }
    }

    private static void WaitFor(TimeSpan period)
    {
        lock (_gate)
        {
            if (period == Timeout.InfiniteTimeSpan)
            {
                while (_rests) Monitor.Wait(_gate);
            }
            else if (!_isWoken)
            {
                Monitor.Wait(_gate, period);
            }

            _isWoken = false;
        }
    }

    // Not inlined: the frame of Run would keep a loop alive between two looks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (bool HasMoved, TimeSpan Period) LookAtAll()
    {
        TimeSpan period = TimeSpan.FromMinutes(1);
        bool hasMoved = false;
        TakeLoops();
        foreach (RunningCallback loop in _lookedAt)
        {
            if (loop.Look(TimeProvider.System)) hasMoved = true;
            if (loop.Watch is { } watch && watch.Period < period) period = watch.Period;
        }

        _lookedAt.Clear();
        return (hasMoved, period);
    }

    /// <summary>Those that are there; one that was closed is among them once more, so that its last report has an end.</summary>
    private static void TakeLoops()
    {
        lock (_gate)
        {
            _loops.RemoveAll(static reference =>
            {
                if (!reference.TryGetTarget(out RunningCallback? loop)) return true;
                _lookedAt.Add(loop);
                return loop.IsClosed;
            });
        }
    }
}
