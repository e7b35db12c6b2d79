namespace ZmqLoop.Testing;

/// <summary>
/// A poller without a world: sources are ready when the test says so, and ZeroMQ sockets when they say so themselves, in the order of their
/// registration; a wait moves the manual clock to its end, or to the next of its timers. Obeys the contract of <see cref="IPoller"/>, as
/// the conformance suite sees to. A wait that nothing could ever end calls <see cref="OnIdle"/>, which by default throws, unless other
/// threads may wake it (<see cref="WaitForWake"/>).
/// </summary>
/// <param name="time">The clock that waits move.</param>
public sealed class ScriptedPoller(ManualTimeProvider time) : IPoller
{
    private const int TooManyPolls = 2_000_000; // a loop that spins would otherwise hang its test

    private static int _made;

    private readonly List<Entry> _entries = [];
    private readonly Queue<Exception> _errors = new();
    private readonly ManualResetEventSlim _bell = new(); // not disposed: others may ring it afterwards
    private readonly int _number = Interlocked.Increment(ref _made);
    private bool _woken;
    private bool _terminated;
    private int _wakeCount;
    private int _polls;
    private TimeSpan _now;

    /// <summary>Called for a wait without end.</summary>
    public Action OnIdle { get; set; } =
        static () => throw new InvalidOperationException("The loop waits for ever, and nothing can ever happen.");

    /// <summary>Called when the poller is disposed of: in the midst of the closing of its loop.</summary>
    public Action OnDispose { get; set; } = static () => { };

    /// <summary>If true, a wait without end waits for real, for <see cref="Wake"/> or for what other threads do to a socket: for tests with
    /// threads.</summary>
    public bool WaitForWake { get; set; }

    /// <summary>How long each poll so far was to wait, for the loop or for the next timer of the clock.</summary>
    public List<TimeSpan> Polls { get; } = [];

    /// <summary>True once it was disposed of, with its loop.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>How often <see cref="Wake"/> was called.</summary>
    public int WakeCount => Volatile.Read(ref _wakeCount);

    /// <summary>What is registered, in that order.</summary>
    public IReadOnlyList<PollSource> Sources => [.. _entries.Select(entry => entry.Source)];

    /// <summary>Makes a source ready for these events, until <see cref="Drain"/>; activity is told once.</summary>
    /// <param name="source">A plain socket or a descriptor; scripted sockets say themselves what they are ready for.</param>
    /// <param name="events">What for.</param>
    public void Fire(PollSource source, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        Ready[source] = Ready.GetValueOrDefault(source) | events;
    }

    /// <summary>Ends the readiness.</summary>
    /// <param name="source">The source.</param>
    /// <param name="events">What it is ready for no more.</param>
    public void Drain(PollSource source, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        Ready[source] = Ready.GetValueOrDefault(source) & ~events;
    }

    /// <summary>What is ready, whether registered or not.</summary>
    public Dictionary<PollSource, IOEvents> Ready { get; } = [];

    /// <summary>Makes the next poll throw.</summary>
    public void FailNextPoll(Exception error) => _errors.Enqueue(error);

    /// <summary>As if the source had been closed behind the loop's back: the next poll reports and forgets it.</summary>
    public void CloseBehindTheBack(PollSource source) => Find(source)!.Closed = new ObjectDisposedException(source.ToString());

    /// <inheritdoc/>
    public void Register(PollSource source, IOEvents events, object? state)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (source.IsEmpty) throw new ArgumentException("There is nothing to watch: the source is empty.", nameof(source));
        if (Find(source) is not null) throw new InvalidOperationException($"{source} is registered with {this} already.");
        if (source.ZMQSocket is { } socket) ObjectDisposedException.ThrowIf(socket.IsClosed, socket);
        if (source.ZMQSocket is ScriptedSocket scripted)
        {
            if (scripted.Watcher is { } other)
                throw new InvalidOperationException($"{source} is registered with another poller already: {other}.");
            scripted.Watcher = this;
        }

        _entries.Add(new Entry(source, state) { Events = events });
    }

    /// <inheritdoc/>
    public void Modify(PollSource source, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        Entry entry = Find(source) ?? throw new InvalidOperationException($"{source} is not registered with {this}.");
        entry.Events = events;
    }

    /// <inheritdoc/>
    public void Unregister(PollSource source)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Find(source) is { } entry) Forget(entry);
    }

    /// <inheritdoc/>
    public void Poll(TimeSpan timeout, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        TimeSpan wait = timeout < TimeSpan.Zero ? time.UntilNextTimer : timeout;
        Polls.Add(wait);
        if (HasEnd && time.Now != _now) (_now, _polls) = (time.Now, 0);
        if (++_polls > TooManyPolls) throw new InvalidOperationException($"The loop has polled {TooManyPolls:N0} times: it spins"
            + (HasEnd ? "." : ", or something repeats for ever, for which RunFor is there."));
        if (_errors.TryDequeue(out Exception? error)) throw error;
        if (Look(ready) || timeout == TimeSpan.Zero) return;
        if (wait >= TimeSpan.Zero) Wait(wait);
        else if (WaitForWake) Doze(ready);
        else OnIdle();
    }

    /// <inheritdoc/>
    public void Wake()
    {
        Interlocked.Increment(ref _wakeCount);
        Volatile.Write(ref _woken, true);
        _bell.Set();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        OnDispose();
        foreach (Entry entry in _entries.ToArray()) Unwatch(entry);
    }

    /// <summary>Such as <c>scripted poller 1</c>.</summary>
    public override string ToString() => $"scripted poller {_number}";

    /// <summary>Whether the loop runs for a time, so that it spins only where that stands still.</summary>
    internal bool HasEnd { get; set; }

    /// <summary>Something happened to a socket that is watched; any thread.</summary>
    internal void Ring() => _bell.Set();

    /// <summary>The context was terminated; any thread.</summary>
    internal void Terminate()
    {
        Volatile.Write(ref _terminated, true);
        _bell.Set();
    }

    // Reports what is ready; true if the wait is over.
    private bool Look(ReadyList ready)
    {
        if (Volatile.Read(ref _terminated)) throw new ContextTerminatedException();
        bool woken = Interlocked.Exchange(ref _woken, false);
        int before = ready.Count;
        foreach (Entry entry in _entries.ToArray()) Report(entry, ready);
        return woken || ready.Count > before;
    }

    // Up to the next timer, which may have the loop do something. What wakes it on the way is no news afterwards.
    private void Wait(TimeSpan wait)
    {
        TimeSpan next = time.UntilNextTimer;
        time.Advance(next >= TimeSpan.Zero && next < wait ? next : wait);
        Volatile.Write(ref _woken, false);
    }

    private void Doze(ReadyList ready)
    {
        while (true)
        {
            _bell.Reset();
            if (Look(ready)) return;
            if (!_bell.Wait(Deadline.Default)) throw new TimeoutException("Nobody woke the poller.");
        }
    }

    private void Forget(Entry entry)
    {
        _entries.Remove(entry);
        Unwatch(entry);
    }

    private static void Unwatch(Entry entry)
    {
        if (entry.Source.ZMQSocket is ScriptedSocket socket) socket.Watcher = null;
    }

    private Entry? Find(PollSource source) => _entries.Find(entry => entry.Source == source);

    private void Report(Entry entry, ReadyList ready)
    {
        ZMQSocket? socket = entry.Source.ZMQSocket;
        if (socket is { IsClosed: true }) entry.Closed ??= new ObjectDisposedException(entry.Source.ToString());
        if (entry.Closed is { } closed)
        {
            Forget(entry);
            ready.Add(entry.State, IOEvents.Error, closed);
            return;
        }

        IOEvents events = (Ready.GetValueOrDefault(entry.Source) | (socket?.Events ?? IOEvents.None)) & (entry.Events | IOEvents.Error);
        if (events != IOEvents.None) ready.Add(entry.State, events);
        if ((events & IOEvents.Activity) != 0) Drain(entry.Source, IOEvents.Activity); // it is told once
    }

    private sealed class Entry(PollSource source, object? state)
    {
        public PollSource Source => source;

        public object? State => state;

        public IOEvents Events { get; set; }

        public Exception? Closed { get; set; }
    }
}
