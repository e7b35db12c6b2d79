namespace ZmqLoop;

/// <summary>Callbacks to be run, first in first out. The loop's thread adds to a ring without a lock; others post to a second one, which is
/// taken over once a turn.</summary>
/// <param name="loop">Whose it is; null for nobody's.</param>
internal sealed class CallbackQueue(ILoopThread? loop = null)
{
    private readonly PostQueue _posted = new();
    private CallbackRing _own = new();
    private CallbackRing _empty = new(); // for those who post next

    /// <summary>How many callbacks the loop has taken over, or added itself. Loop's thread.</summary>
    public int Count => _own.Count;

    /// <summary>How many other threads have posted that are not taken over yet.</summary>
    public int PostedCount => _posted.Count;

    /// <summary>True if other threads have posted something that is not taken over yet.</summary>
    public bool HasPosted => _posted.Count != 0;

    /// <summary>As <see cref="HasPosted"/>, and sure: see <see cref="PostQueue.Any"/>.</summary>
    public bool IsPostedTo() => _posted.Any();

    /// <summary>Adds at the end. Loop's thread.</summary>
    public void Add(in WorkItem item)
    {
        ThreadAffinity.Check(loop);
        if (HasPosted) TakePosted(); // posted before this, so they run before it
        _own.Add(item);
    }

    /// <summary>Adds an action that captured nothing. Loop's thread.</summary>
    public void AddPlain(Action action)
    {
        ThreadAffinity.Check(loop);
        if (HasPosted) TakePosted();
        _own.AddPlain(action);
    }

    /// <summary>Adds from any thread. False once closed.</summary>
    public bool Post(in WorkItem item) => _posted.Add(item);

    /// <summary>Adds an action that captured nothing, from any thread. False once closed.</summary>
    public bool PostPlain(Action action) => _posted.AddPlain(action);

    /// <summary>Takes over what other threads posted. Loop's thread.</summary>
    public void TakePosted()
    {
        ThreadAffinity.Check(loop);
        if (!HasPosted) return;
        CallbackRing taken = _posted.ExchangeFor(_empty);
        if (_own.Count > 0)
        {
            _own.TakeAll(taken);
            _empty = taken;
            return;
        }

        taken.LastTaken = _own.LastTaken; // it runs on
        _own.LastTaken = null;
        (_own, _empty) = (taken, _own);
    }

    /// <summary>Removes the first. Loop's thread.</summary>
    public WorkItem Take()
    {
        ThreadAffinity.Check(loop);
        return _own.Take();
    }

    /// <summary>Removes the first if it is an action that captured nothing; else null. The queue is not empty. Loop's thread.</summary>
    public Action? TakePlain()
    {
        ThreadAffinity.Check(loop);
        return _own.TakePlain();
    }

    /// <summary>The action that <see cref="TakePlain"/> gave last, until <see cref="ForgetTaken"/>. Any thread, as
    /// <see cref="CallbackRing.LastTaken"/>.</summary>
    public Action? LastTaken => _own.LastTaken;

    /// <summary>Nothing may keep a callback's objects alive while the loop sleeps. Loop's thread.</summary>
    public void ForgetTaken() => _own.LastTaken = null;

    /// <summary>Drops all callbacks; posting returns false from now on. Loop's thread.</summary>
    public void Close()
    {
        ThreadAffinity.Check(loop);
        _posted.Close();
        TakePosted();
        while (Count > 0) Take().Drop();
        _own = new CallbackRing();
        _empty = new CallbackRing();
    }
}
