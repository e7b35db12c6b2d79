namespace ZmqLoop.Polling;

/// <summary>Ends a wait from another thread: something with a descriptor that becomes readable.</summary>
internal abstract class Waker : IDisposable
{
    private int _pending;

    /// <summary>What the poller watches for reading.</summary>
    public abstract int Descriptor { get; }

    public static Waker Create() => OperatingSystem.IsLinux() ? new EventFdWaker() : new LoopbackWaker();

    /// <summary>Any thread, also after disposal. Only the first wake since the last wait goes to the kernel.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0) Signal();
    }

    /// <summary>The wait is over, for whatever reason; wakes from here on are for the next one.</summary>
    /// <remarks>A full fence: what another thread queued before a wake that was swallowed here is visible from here on.</remarks>
    /// <returns>True if somebody woke us.</returns>
    public bool Acknowledge() => Volatile.Read(ref _pending) != 0 && Interlocked.Exchange(ref _pending, 0) != 0;

    /// <summary>Empties the descriptor, for a poller that watches its level.</summary>
    public abstract void Drain();

    public void Dispose()
    {
        // From now on every wake finds one pending.
        Interlocked.Exchange(ref _pending, 1);
        Close();
    }

    protected abstract void Signal();

    protected abstract void Close();
}
