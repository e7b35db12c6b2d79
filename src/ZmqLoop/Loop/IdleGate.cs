using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>Who may touch a loop that does not run: one thread at a time, which starts it, closes it, or does what others ask
/// for.</summary>
/// <remarks>Whoever only wants something done never waits: it is left to the thread that is inside, which does it before it leaves. So
/// nobody who is inside, and waits for another thread, is waited for by that one.</remarks>
internal sealed class IdleGate
{
    private readonly object _lock = new();
    private readonly Queue<Action> _left = [];
    private Thread? _inside;
    private int _depth;

    /// <summary>Goes inside, and waits until it can. A thread that is inside already may go further.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            while (!Take()) Monitor.Wait(_lock);
        }
    }

    /// <summary>Goes inside where nobody else is.</summary>
    /// <param name="otherwise">What the thread that is inside does before it leaves.</param>
    public bool TryEnter(Action otherwise)
    {
        lock (_lock)
        {
            if (Take()) return true;
            _left.Enqueue(otherwise);
            return false;
        }
    }

    /// <summary>Leaves something to be done before the thread that is inside leaves: that thread's own.</summary>
    public void Add(Action left)
    {
        lock (_lock) _left.Enqueue(left);
    }

    /// <summary>Has done what was left here, and leaves.</summary>
    /// <param name="run">Does one of them. What it throws is thrown at the end.</param>
    public void Leave(Action<Action> run)
    {
        Exception? escaping = null;
        while (TakeLeft() is { } action)
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
        if (_inside is not null && !ReferenceEquals(_inside, Thread.CurrentThread)) return false;
        _inside = Thread.CurrentThread;
        _depth++;
        return true;
    }

    private Action? TakeLeft()
    {
        lock (_lock)
        {
            if (_depth == 1 && _left.TryDequeue(out Action? action)) return action;
            if (--_depth > 0) return null;
            _inside = null;
            Monitor.PulseAll(_lock);
            return null;
        }
    }
}
