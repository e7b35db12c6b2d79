using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>Readiness of ZeroMQ sockets and plain sockets, level-triggered, with a timeout in seconds: an engine's poller in pyzmq's
/// shape.</summary>
/// <remarks>
/// Stands alone, or is given to a loop (<see cref="IOLoopOptions.Poller"/>), which alone uses it then. One thread at a time, except
/// <see cref="Wake"/>, which any thread may call. After <see cref="Close"/> the members throw <see cref="ObjectDisposedException"/>;
/// <see cref="Close"/> twice and <see cref="Wake"/> are fine. Corresponds to <c>zmq.eventloop.ioloop.ZMQPoller</c> (pyzmq 16).
/// </remarks>
/// <example><code>
/// using ZMQSocket pull = ZMQSocket.Create(SocketType.Pull);
/// pull.Bind("tcp://127.0.0.1:5555");
/// using ZMQPoller poller = new();
/// poller.Register(pull, IOEvents.Read);
/// foreach ((PollSource source, IOEvents events) in poller.Poll(1.5)) Console.WriteLine($"{source}: {events}"); // seconds
/// </code></example>
public sealed class ZMQPoller : IPoller
{
    private readonly IPoller _poller;
    private readonly ReadyList _ready = new();

    // For Register twice to modify; a loop, which registers through IPoller, has a table of its own.
    private readonly HashSet<PollSource> _sources = [];
    private IOLoop? _loop;
    private bool _closed;

    /// <summary>A poller of the process's engine, <see cref="ZMQEngine.Default"/>.</summary>
    /// <exception cref="InvalidOperationException">No engine is referenced.</exception>
    public ZMQPoller() : this(ZMQEngine.Default)
    {
    }

    /// <summary>A poller of this engine.</summary>
    public ZMQPoller(ZMQEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _poller = engine.CreatePoller();
    }

    /// <summary>Watches a source; for one that is registered already, changes what is watched, as in pyzmq.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such events; nothing has changed.</exception>
    public void Register(PollSource source, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        ThrowUnlessOurs();
        if (!_sources.Add(source))
        {
            _poller.Modify(source, events);
            return;
        }

        try
        {
            _poller.Register(source, events, source);
        }
        catch
        {
            _sources.Remove(source);
            throw;
        }
    }

    /// <summary>Changes what is watched.</summary>
    /// <exception cref="InvalidOperationException">The source is not registered.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such events; nothing has changed.</exception>
    public void Modify(PollSource source, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        ThrowUnlessOurs();
        _poller.Modify(source, events);
    }

    /// <summary>Stops watching; an unknown source is ignored.</summary>
    public void Unregister(PollSource source)
    {
        ThrowUnlessOurs();
        _sources.Remove(source);
        _poller.Unregister(source);
    }

    /// <summary>Waits until something is ready, <see cref="Wake"/> was called, or the time is over.</summary>
    /// <param name="seconds">How long: 0 not at all, negative or infinite for ever. Rounded up, never down: a wait does not end early, nor
    /// spin.</param>
    /// <returns>The sources that are ready, each once.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is not a number.</exception>
    public IReadOnlyList<(PollSource Source, IOEvents Events)> Poll(double seconds)
    {
        ThrowUnlessOurs();
        TimeSpan timeout = Seconds.ToTimeout(seconds, nameof(seconds));
        _ready.Clear();
        _poller.Poll(timeout, _ready);
        var result = new (PollSource, IOEvents)[_ready.Count];
        for (int i = 0; i < result.Length; i++)
        {
            ReadySource ready = _ready.Items[i];
            PollSource source = (PollSource)ready.State!;
            if (ready.Closed is not null) _sources.Remove(source);
            result[i] = (source, ready.Events);
        }

        return result;
    }

    /// <summary>Ends the wait in progress, or the next one. Any thread.</summary>
    public void Wake() => _poller.Wake();

    /// <summary>Releases the engine's poller. The sources stay open. Twice is fine.</summary>
    public void Close()
    {
        if (_closed) return;
        _closed = true;
        _sources.Clear();
        _poller.Dispose();
    }

    /// <summary>From now on it is a loop's.</summary>
    /// <exception cref="InvalidOperationException">It has sources of its own, or another loop.</exception>
    internal void GiveTo(IOLoop loop)
    {
        ThrowUnlessOurs();
        if (_sources.Count > 0)
            throw new InvalidOperationException(
                "A poller with sources of its own cannot be a loop's: unregister them, and add them to the loop with AddHandler.");
        _loop = loop;
        if (_poller is EnginePoller poller) poller.Loop = loop;
    }

    void IPoller.Modify(PollSource source, IOEvents events) => _poller.Modify(source, events);

    void IPoller.Unregister(PollSource source) => _poller.Unregister(source);

    void IPoller.Register(PollSource source, IOEvents events, object? state) => _poller.Register(source, events, state);

    void IPoller.Poll(TimeSpan timeout, ReadyList ready) => _poller.Poll(timeout, ready);

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    private void ThrowUnlessOurs()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_loop is not null) throw new InvalidOperationException(
            $"This poller is that of {_loop}: use the loop's AddHandler, UpdateHandler and RemoveHandler.");
    }
}
