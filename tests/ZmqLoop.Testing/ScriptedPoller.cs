namespace ZmqLoop.Testing;

/// <summary>
/// A poller without a world: sources are ready when the test says so, and ZeroMQ sockets when they say so themselves, in the order of their registration; a wait moves the
/// manual clock to its end. A wait that nothing could ever end calls <see cref="OnIdle"/>, which by default fails the test, unless other threads may wake it (<see cref="WaitForWake"/>).
/// </summary>
public sealed class ScriptedPoller(ManualTimeProvider time) : IPoller
{
    private const int TooManyPolls = 2_000_000; // a loop that spins would otherwise hang its test

    private readonly List<Entry> _entries = [];
    private readonly Queue<Exception> _errors = new();
    private readonly SemaphoreSlim _wakes = new(0);

    /// <summary>Called for a wait without end.</summary>
    public Action OnIdle { get; set; } = static () => throw new InvalidOperationException("The loop waits for ever, and nothing can ever happen.");

    /// <summary>If true, a wait without end waits for <see cref="Wake"/> for real: for tests with threads.</summary>
    public bool WaitForWake { get; set; }

    /// <summary>The timeouts of all polls so far.</summary>
    public List<TimeSpan> Polls { get; } = [];

    public bool IsDisposed { get; private set; }

    public int WakeCount { get; private set; }

    public IReadOnlyList<PollSource> Sources => [.. _entries.Select(entry => entry.Source)];

    /// <summary>Makes a source ready for these events, until <see cref="Drain"/>.</summary>
    public void Fire(PollSource source, IOEvents events) => Ready[source] = Ready.GetValueOrDefault(source) | events;

    /// <summary>Ends the readiness.</summary>
    public void Drain(PollSource source, IOEvents events) => Ready[source] = Ready.GetValueOrDefault(source) & ~events;

    /// <summary>What is ready, whether registered or not.</summary>
    public Dictionary<PollSource, IOEvents> Ready { get; } = [];

    /// <summary>Makes the next poll throw.</summary>
    public void FailNextPoll(Exception error) => _errors.Enqueue(error);

    /// <summary>As if the source had been closed behind the loop's back: the next poll reports and forgets it.</summary>
    public void CloseBehindTheBack(PollSource source) => Find(source)!.Closed = new ObjectDisposedException(source.ToString());

    public void Register(PollSource source, IOEvents events, object? state)
    {
        if (Find(source) is not null) throw new InvalidOperationException($"{source} is registered already.");
        _entries.Add(new Entry(source, state) { Events = events });
    }

    public void Modify(PollSource source, IOEvents events)
    {
        Entry entry = Find(source) ?? throw new InvalidOperationException($"{source} is not registered.");
        entry.Events = events;
    }

    public void Unregister(PollSource source) => _entries.RemoveAll(entry => entry.Source == source);

    public void Poll(TimeSpan timeout, ReadyList ready)
    {
        Polls.Add(timeout);
        if (Polls.Count > TooManyPolls) throw new InvalidOperationException("The loop spins.");
        if (_errors.TryDequeue(out Exception? error)) throw error;
        int before = ready.Count;
        foreach (Entry entry in _entries.ToArray()) Report(entry, ready);
        if (ready.Count > before || timeout == TimeSpan.Zero) return;
        if (timeout > TimeSpan.Zero)
        {
            if (_wakes.Wait(0)) return;
            time.Advance(timeout);
        }
        else if (!WaitForWake) OnIdle();
        else if (!_wakes.Wait(Deadline.Default)) throw new TimeoutException("Nobody woke the poller.");
    }

    public void Wake()
    {
        WakeCount++;
        _wakes.Release();
    }

    public void Dispose() => IsDisposed = true;

    private Entry? Find(PollSource source) => _entries.Find(entry => entry.Source == source);

    private void Report(Entry entry, ReadyList ready)
    {
        ZMQSocket? socket = entry.Source.ZMQSocket;
        if (socket is { IsClosed: true }) entry.Closed ??= new ObjectDisposedException(entry.Source.ToString());
        if (entry.Closed is { } closed)
        {
            _entries.Remove(entry);
            ready.Add(entry.State, IOEvents.Error, closed);
            return;
        }

        IOEvents events = (Ready.GetValueOrDefault(entry.Source) | (socket?.Events ?? IOEvents.None)) & (entry.Events | IOEvents.Error);
        if (events != IOEvents.None) ready.Add(entry.State, events);
    }

    private sealed class Entry(PollSource source, object? state)
    {
        public PollSource Source => source;

        public object? State => state;

        public IOEvents Events { get; set; }

        public Exception? Closed { get; set; }
    }
}
