namespace ZmqLoop.Polling;

/// <summary>What the pollers of all engines share: the table of sources, what happens to those closed elsewhere, and waking.</summary>
internal abstract class EnginePoller : IPoller
{
    private static int _made;

    private readonly int _number = Interlocked.Increment(ref _made);
    private readonly Dictionary<PollSource, Registration> _sources = [];
    private readonly Dictionary<int, Registration> _descriptors = [];
    private readonly List<Registration> _vanishing = []; // plain sockets: they may be disposed without our being told
    private readonly List<Registration> _lost = [];
    private readonly Type? _sockets;
    private bool _disposed;

    /// <param name="waker">Ends the wait.</param>
    /// <param name="sockets">The type of the engine's ZeroMQ sockets; null where there is no engine.</param>
    protected EnginePoller(Waker waker, Type? sockets)
    {
        Waker = waker;
        _sockets = sockets;
    }

    /// <summary>The loop that it belongs to, if any.</summary>
    internal ILoopThread? Loop { get; set; }

    /// <summary>Whether a wait is to end at its time and not, where that is cheaper, up to a millisecond later. Where the system cannot, it
    /// is not.</summary>
    internal bool IsExact { get; set; }

    protected Waker Waker { get; }

    /// <summary>True if a source was closed elsewhere and that is still to be reported.</summary>
    protected bool HasLost => _lost.Count > 0;

    /// <summary>All that is watched.</summary>
    protected IEnumerable<Registration> Registrations => _sources.Values;

    /// <inheritdoc/>
    public void Register(PollSource source, IOEvents events, object? state)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThreadAffinity.Check(Loop, this);
        if (_sources.TryGetValue(source, out Registration? same)) ThrowUnlessStale(same, source);
        int descriptor = DescriptorOf(source);
        if (descriptor >= 0 && _descriptors.TryGetValue(descriptor, out Registration? other)) ThrowUnlessStale(other, source);
        Registration registration = new(this, source, descriptor, events, state);
        Attach(registration);
        _sources.Add(source, registration);
        if (descriptor >= 0) _descriptors.Add(descriptor, registration);
        if (registration.MayVanish) _vanishing.Add(registration);
        registration.Socket?.Watch = registration;
    }

    /// <inheritdoc/>
    public void Modify(PollSource source, IOEvents events)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThreadAffinity.Check(Loop, this);
        if (!_sources.TryGetValue(source, out Registration? registration))
        {
            if (_lost.Exists(lost => lost.Source == source)) return; // its end is still to be reported
            throw new InvalidOperationException($"{source} is not registered with {this}.");
        }

        if (registration.IsDisposed) return; // the next poll reports it
        IOEvents before = registration.Interest;
        registration.Interest = events;
        try
        {
            Change(registration);
        }
        catch
        {
            registration.Interest = before;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Unregister(PollSource source)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThreadAffinity.Check(Loop, this);
        if (_sources.TryGetValue(source, out Registration? registration)) Forget(registration);
        else _lost.RemoveAll(lost => lost.Source == source);
    }

    /// <inheritdoc/>
    public void Poll(TimeSpan timeout, ReadyList ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ThreadAffinity.Check(Loop, this);
        FindDisposed();
        Wait(new Countdown(timeout), ready);
        ReportLost(ready);
    }

    /// <inheritdoc/>
    public void Wake() => Waker.Wake();

    /// <summary>Lets go of the sources, which stay open. Twice is fine.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        ThreadAffinity.Check(Loop, this);
        _disposed = true;
        foreach (Registration registration in _sources.Values)
        {
            registration.IsDetached = true;
            registration.Socket?.Watch = null;
        }

        _sources.Clear();
        _descriptors.Clear();
        _lost.Clear();
        Release();
        Waker.Dispose();
    }

    /// <summary>Such as <c>epoll poller 1</c>.</summary>
    public override string ToString() => $"{Name} poller {_number}";

    /// <summary>A socket that is watched is about to be closed: lets go of its descriptor, and remembers to report it.</summary>
    internal void ForgetClosed(Registration registration)
    {
        ThreadAffinity.Check(Loop, registration.Source);
        Forget(registration);
        _lost.Add(registration);
    }

    /// <summary>From now on a socket that is watched may be used, and closed, without our being told.</summary>
    internal void Expose(Registration registration)
    {
        ThreadAffinity.Check(Loop, registration.Source);
        if (!_vanishing.Contains(registration)) _vanishing.Add(registration);
        registration.MarkDirty();
    }

    protected abstract string Name { get; }

    /// <summary>Begins to watch.</summary>
    protected abstract void Attach(Registration registration);

    /// <summary>Watches for other events.</summary>
    protected abstract void Change(Registration registration);

    /// <summary>Ends watching; the descriptor of a disposed plain socket is not to be touched, since it may be somebody else's.</summary>
    protected abstract void Detach(Registration registration);

    /// <summary>Waits and reports.</summary>
    protected abstract void Wait(Countdown countdown, ReadyList ready);

    /// <summary>Frees what the poller holds.</summary>
    protected abstract void Release();

    /// <summary>True if the descriptor was closed since it was registered, where that can be found out.</summary>
    protected virtual bool IsStale(Registration registration) => registration.IsDisposed;

    private void Forget(Registration registration)
    {
        if (registration.IsDetached) return;
        registration.IsDetached = true;
        _sources.Remove(registration.Source);
        _descriptors.Remove(registration.Descriptor);
        if (registration.MayVanish) _vanishing.Remove(registration);
        registration.Socket?.Watch = null;
        Detach(registration);
    }

    // The kernel forgets a closed descriptor silently, so a disposed Socket is found by its handle: a field to read for each such
    // source and poll. (Holding a reference on the handle would tell us, but Socket.Dispose spins until it is let go.)
    protected void FindDisposed()
    {
        for (int i = _vanishing.Count - 1; i >= 0; i--)
        {
            if (_vanishing[i].IsDisposed) ForgetClosed(_vanishing[i]);
        }
    }

    private void ReportLost(ReadyList ready)
    {
        if (_lost.Count == 0) return;
        foreach (Registration lost in _lost)
            ready.Add(lost.State, IOEvents.Error,
                new ObjectDisposedException(lost.Source.ToString(), $"{lost.Source} was closed while it was watched."));
        _lost.Clear();
    }

    private void ThrowUnlessStale(Registration owner, PollSource source)
    {
        if (IsStale(owner))
        {
            ForgetClosed(owner);
            return;
        }

        throw new InvalidOperationException(owner.Source == source
            ? $"{source} is registered with {this} already."
            : $"{source} has the same descriptor ({owner.Descriptor}) as {owner.Source}, which is registered with {this} already.");
    }

    private int DescriptorOf(PollSource source)
    {
        if (source.ZMQSocket is { } foreign)
        {
            if (_sockets is null) throw new NotSupportedException("A loop without an engine cannot watch ZeroMQ sockets: use a ZMQIOLoop.");
            if (!_sockets.IsInstanceOfType(foreign) || foreign is not WatchedSocket socket)
                throw new NotSupportedException($"{foreign} belongs to {foreign.Engine.Name}: poll it with a poller of that engine.");
            ObjectDisposedException.ThrowIf(socket.IsClosed, socket);
            if (socket.Watch is { } watch)
            {
                throw new InvalidOperationException($"{socket} is registered with another poller already: {watch.Poller}. A socket has one "
                    + "owner: take it back there first, with RemoveHandler, Unregister or the poller's Remove.");
            }

            socket.VerifyFree();
            return socket.Descriptor;
        }

        if (source.IsEmpty) throw new ArgumentException("There is nothing to watch: the source is empty.", nameof(source));
        int descriptor = source.FileDescriptor;
        ObjectDisposedException.ThrowIf(descriptor < 0, source);
        return descriptor;
    }
}
