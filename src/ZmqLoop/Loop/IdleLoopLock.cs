using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>The lock of a loop that does not run: one thread at a time starts it, closes it, or runs what others ask for. Reentrant, and
/// with a queue of deferred actions, which the thread that holds it runs before it lets go.</summary>
/// <remarks>Whoever only wants an action run defers it to the holder and goes on, so the holder may wait for any other thread without a
/// deadlock.</remarks>
internal sealed class IdleLoopLock
{
    private readonly object _lock = new();
    private readonly Queue<Action> _deferred = [];
    private Thread? _holder;
    private int _depth;

    /// <summary>Takes the lock, and waits until it can; the holder may take it again.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            while (!Take()) Monitor.Wait(_lock);
        }
    }

    /// <summary>Takes the lock where it is free within this time.</summary>
    public bool TryEnter(TimeSpan limit)
    {
        long start = TimeProvider.System.GetTimestamp();
        lock (_lock)
        {
            while (!Take())
            {
                TimeSpan left = limit - TimeProvider.System.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_lock, left)) return false;
            }

            return true;
        }
    }

    /// <summary>Takes the lock where no other thread holds it.</summary>
    /// <param name="otherwise">What the holder runs before it lets go.</param>
    public bool TryEnter(Action otherwise)
    {
        lock (_lock)
        {
            if (Take()) return true;
            _deferred.Enqueue(otherwise);
            return false;
        }
    }

    /// <summary>On the thread that holds the lock: an action for it to run before it lets go.</summary>
    public void Defer(Action action)
    {
        lock (_lock) _deferred.Enqueue(action);
    }

    /// <summary>Lets go, where this is the outermost hold after all deferred actions.</summary>
    /// <param name="run">Runs one of them. What it throws is thrown at the end.</param>
    public void Exit(Action<Action> run)
    {
        Exception? escaping = null;
        while (TakeDeferredOrRelease() is { } action)
        {
            try
            {
                run(action);
            }
            catch (Exception exception)
            {
                escaping = exception;
            }
        }

        if (escaping is not null) ExceptionDispatchInfo.Throw(escaping);
    }

    private bool Take()
    {
        if (_holder is not null && !ReferenceEquals(_holder, Thread.CurrentThread)) return false;
        _holder = Thread.CurrentThread;
        _depth++;
        return true;
    }

    private Action? TakeDeferredOrRelease()
    {
        lock (_lock)
        {
            if (_depth == 1 && _deferred.TryDequeue(out Action? action)) return action;
            if (--_depth > 0) return null;
            _holder = null;
            Monitor.PulseAll(_lock);
            return null;
        }
    }
}
