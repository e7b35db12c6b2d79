using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

/// <summary>Forwards whole messages between two sockets, both ways, on the loop: pyzmq's <c>zmq.proxy</c>, <c>proxy_steerable</c>,
/// <c>monitored_queue</c> and <c>zmq.devices</c>.</summary>
/// <remarks>
/// <para>For ROUTER and DEALER, XSUB and XPUB (subscriptions flow upstream), PULL and PUSH, PAIRs, any two that fit, and one socket alone,
/// which then gets back what it gave. Two ROUTERs name each other's peers: the first frame of a message is the peer that it is for.</para>
/// <para>A message is taken only when the other side has room, so a slow receiver is felt by the senders and nothing piles up here. Frames
/// are not copied, but between two ROUTERs. Messages that a socket refuses are reported to <see cref="IOLoop.HandleCallbackException"/>,
/// each once, and the next ones go on; what a mandatory ROUTER cannot route is counted (<see cref="UnroutableMessages"/>), and logged once
/// a minute for each peer.</para>
/// <para>A ROUTER is here as you made it, not mandatory unless you said so. A mandatory one with a peer without room holds up what comes
/// the same way behind that message.</para>
/// <para>The proxy begins at once, and owns its sockets: they are closed with it, and it with its loop. They must not have handlers or
/// streams. It is made on the loop's thread, and used on any (docs/loop.md has the list); what is asked for elsewhere than on the loop's
/// happens soon.</para>
/// </remarks>
/// <example><code>
/// ZMQIOLoop loop = ZMQIOLoop.Install();
/// ZMQSocket clients = ZMQSocket.Create(SocketType.Router), workers = ZMQSocket.Create(SocketType.Dealer);
/// clients.Bind("tcp://127.0.0.1:5555");
/// workers.Bind("tcp://127.0.0.1:5556");
/// using ZMQProxy proxy = new(clients, workers, loop: loop); // owns both
/// loop.Start();
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ZMQProxy : IDisposable
{
    private static readonly ConditionalWeakTable<ZMQProxy, object?> _open = [];

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProxyOptions _options;
    private readonly ZMQSocket? _capture;
    private readonly ProxyRoute _in;
    private readonly ProxyRoute? _out; // null for a socket alone
    private readonly Message _copy = new();
    private readonly StreamCallbacks _callbacks;
    private readonly RouteErrors _routeErrors;
    private readonly SendRetry _retry;
    private readonly CancellationTokenRegistration _loopEnd;
    private IOEvents _frontInterest = IOEvents.None;
    private IOEvents _backInterest = IOEvents.None;
    private long _captureDropped;
    private volatile bool _paused;
    private volatile bool _closed;

    /// <summary>A proxy between two sockets, which works from now on.</summary>
    /// <param name="frontend">One side: ROUTER, XSUB, PULL …</param>
    /// <param name="backend">The other: DEALER, XPUB, PUSH …; the same as <paramref name="frontend"/> to give messages back to where they
    /// came from.</param>
    /// <param name="capture">Gets every message that was forwarded as well, where it has room: usually a PUB; or null.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="options">Budgets and the prefixes of what is captured; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">No loop; another thread's loop; or a socket has a handler or stream already. Nothing has
    /// changed.</exception>
    /// <exception cref="ObjectDisposedException">A socket is closed.</exception>
    public ZMQProxy(ZMQSocket frontend, ZMQSocket backend, ZMQSocket? capture = null, IOLoop? loop = null, ProxyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        ArgumentNullException.ThrowIfNull(backend);
        ObjectDisposedException.ThrowIf(frontend.IsClosed, frontend);
        ObjectDisposedException.ThrowIf(backend.IsClosed, backend);
        if (capture is not null) ObjectDisposedException.ThrowIf(capture.IsClosed, capture);
        if (capture == frontend || capture == backend) throw new ArgumentException("The capture socket is a third one.", nameof(capture));
        _options = options ?? new ProxyOptions();
        _options.Validate();
        IOLoop = CurrentLoop.Or(loop, "proxy");
        StreamRegistry.VerifyNotElsewhere(frontend, IOLoop);
        StreamRegistry.VerifyNotElsewhere(backend, IOLoop);
        if (capture is not null) StreamRegistry.VerifyNotElsewhere(capture, IOLoop);
        _callbacks = new StreamCallbacks(IOLoop, this);
        _routeErrors = new RouteErrors(IOLoop, this);
        _retry = new SendRetry(IOLoop, Retry);
        _capture = capture;
        _in = Route(frontend, backend, _options.InPrefix, "in");
        if (frontend != backend) _out = Route(backend, frontend, _options.OutPrefix, "out");
        NullContext.RunDetached(Register);
        frontend.LimitMessages(_options.MaxFramesPerMessage, _options.MaxBytesPerMessage);
        backend.LimitMessages(_options.MaxFramesPerMessage, _options.MaxBytesPerMessage);
        UpdateInterest();
        _loopEnd = IOLoop.Closed.UnsafeRegister(static proxy => ((ZMQProxy)proxy!).CloseNow(null), this);
        lock (_open) _open.Add(this, null);
    }

    static ZMQProxy() => ProcessExit.Ending += static callbacks =>
    {
        foreach (ZMQProxy proxy in All()) callbacks.RunOnLoop(proxy.IOLoop, proxy, () => proxy.CloseNow(null));
    };

    /// <summary>The proxies that are open at this moment: for diagnostics. Any thread.</summary>
    /// <param name="loop">Only those on this loop; null for all of the process.</param>
    /// <remarks>Who keeps the list keeps the proxies.</remarks>
    public static IReadOnlyList<ZMQProxy> GetOpenProxies(IOLoop? loop = null)
    {
        return All().FindAll(proxy => !proxy.IsClosed && (loop is null || ReferenceEquals(proxy.IOLoop, loop)));
    }

    private static List<ZMQProxy> All()
    {
        lock (_open) return [.. _open.Select(static entry => entry.Key)];
    }

    /// <summary>What it is called in measurements (<see cref="ProxyOptions.Name"/>); null for nothing. Any thread.</summary>
    public string? Name => _options.Name;

    /// <summary>True while it takes nothing from a side, since the other has no room for it. Any thread.</summary>
    public bool IsHeldUp => _in.Obstacle != SendObstacle.None || _out is { Obstacle: not SendObstacle.None };

    /// <summary>The side that messages come in by.</summary>
    public ZMQSocket Frontend => _in.Source;

    /// <summary>The side that they go out by.</summary>
    public ZMQSocket Backend => _in.Target;

    /// <summary>The loop that the proxy runs on.</summary>
    public IOLoop IOLoop { get; }

    /// <summary>True between <see cref="Pause"/> and <see cref="Resume"/>.</summary>
    public bool IsPaused => _paused;

    /// <summary>True once the proxy was closed.</summary>
    public bool IsClosed => _closed;

    /// <summary>Ends when the proxy, or its loop, was closed. <c>join</c>.</summary>
    public Task Completion => _done.Task;

    /// <summary>How many messages could not be routed so far: their peer was unknown to a mandatory ROUTER, or had gone. Any
    /// thread.</summary>
    public long UnroutableMessages => _routeErrors.Count;

    /// <summary>How many messages were dropped so far, since they were larger than <see cref="ProxyOptions.MaxFramesPerMessage"/> and
    /// <see cref="ProxyOptions.MaxBytesPerMessage"/> allow, or subscriptions of more than 8,192 bytes, which no XSUB passes on. Any
    /// thread.</summary>
    public long OversizedMessages => _in.DroppedMessages + (_out?.DroppedMessages ?? 0);

    /// <summary>What was forwarded so far.</summary>
    public ProxyStatistics Statistics =>
        new(_in.Messages, _in.Bytes, _out?.Messages ?? 0, _out?.Bytes ?? 0, Interlocked.Read(ref _captureDropped));

    /// <summary>A proxy whose capture socket is told which way each message went: its first frame is the prefix of that way. pyzmq's
    /// <c>monitored_queue</c>.</summary>
    /// <param name="frontend">One side.</param>
    /// <param name="backend">The other side.</param>
    /// <param name="monitor">Gets a copy of every message: usually a PUB.</param>
    /// <param name="inPrefix">For messages from the frontend.</param>
    /// <param name="outPrefix">For messages from the backend.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <inheritdoc cref="ZMQProxy(ZMQSocket, ZMQSocket, ZMQSocket?, IOLoop?, ProxyOptions?)" path="/exception"/>
    public static ZMQProxy MonitoredQueue(
        ZMQSocket frontend, ZMQSocket backend, ZMQSocket monitor, string inPrefix = "in", string outPrefix = "out", IOLoop? loop = null)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        ArgumentNullException.ThrowIfNull(inPrefix);
        ArgumentNullException.ThrowIfNull(outPrefix);
        return new ZMQProxy(frontend, backend, monitor, loop, new ProxyOptions { InPrefix = inPrefix, OutPrefix = outPrefix });
    }

    /// <summary>Takes no more messages until <see cref="Resume"/>: they wait in the sockets, and the senders feel it.
    /// <c>PAUSE</c>.</summary>
    public void Pause() => SetPaused(true);

    /// <summary>Goes on after <see cref="Pause"/>. <c>RESUME</c>.</summary>
    public void Resume() => SetPaused(false);

    /// <summary>Ends the proxy and closes its sockets. A message that was taken and could not be given yet is tried once more, then
    /// reported. Twice is fine. <c>TERMINATE</c>.</summary>
    /// <param name="linger">How long what the sockets have taken may still be sent in the background; null for each socket's
    /// <see cref="ZMQSocket.Linger"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No socket can linger for so long; nothing has changed.</exception>
    public void Close(TimeSpan? linger = null)
    {
        Lingering.Verify(linger);
        IOLoop.RunOnLoop(() => CloseNow(linger));
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    /// <summary>For logs and debuggers.</summary>
    public override string ToString() => $"Proxy between {Frontend} and {Backend}{(_closed ? ", closed" : _paused ? ", paused" : "")}";

    private ProxyRoute Route(ZMQSocket source, ZMQSocket target, Frame? prefix, string direction)
    {
        ProxyMeter meter = new(_options.Name, IOLoop, direction);
        return new ProxyRoute(source, target, prefix, new DroppedMessages(source, this, IOLoop, meter.AddOversized), meter);
    }

    private void Register()
    {
        IOLoop.AddHandler(Frontend, HandleEvents, IOEvents.None, _options.Priority);
        try
        {
            if (_out is not null) IOLoop.AddHandler(Backend, HandleEvents, IOEvents.None, _options.Priority);
        }
        catch
        {
            IOLoop.RemoveHandler(Frontend);
            throw;
        }
    }

    private void SetPaused(bool paused)
    {
        _paused = paused;
        IOLoop.RunOnLoop(UpdateInterest);
    }

    private void HandleEvents(PollSource source, IOEvents events)
    {
        if (Frontend.IsClosed || Backend.IsClosed)
        {
            CloseNow(null);
            return;
        }

        bool isFront = source.ZMQSocket == Frontend;
        try
        {
            // What this socket gives, and what waited for it to have room.
            if ((events & IOEvents.Read) != 0 && (isFront ? _in : _out) is { } given) Forward(given);
            if ((events & (IOEvents.Write | IOEvents.Activity)) != 0 && (isFront ? _out ?? _in : _in) is { } awaited) Forward(awaited);
        }
        finally
        {
            UpdateInterest();
        }
    }

    private void Forward(ProxyRoute route)
    {
        long bytes = route.Bytes;
        long messages = route.Messages;
        bool wasHeldUp = route.Obstacle != SendObstacle.None;
        try
        {
            for (int count = 0; count < _options.MessagesPerTurn && route.Bytes - bytes < _options.BytesPerTurn && !_paused
                && !_closed; count++)
            {
                if (!TryForward(route)) break;
            }
        }
        finally
        {
            if (!route.HasMessage) route.Message.Clear(); // no memory is held from one turn to the next
            route.Meter.Add(route.Messages - messages, route.Bytes - bytes);
            if (!wasHeldUp && route.Obstacle != SendObstacle.None) route.Meter.AddHoldUp();
        }
    }

    /// <returns>False where there is nothing to take, or no room.</returns>
    private bool TryForward(ProxyRoute route)
    {
        try
        {
            if (!route.HasMessage && !route.TryTake()) return false;
            if (!route.TryGive()) return false;
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            Message? lost = route.HasMessage ? route.Remove() : null;
            ReportLost(route, exception, lost);
            return lost is not null;
        }

        if (_capture is not null) Capture(_capture, route);
        return true;
    }

    /// <summary>A watcher gets what it can take, and holds nobody up.</summary>
    private void Capture(ZMQSocket capture, ProxyRoute route)
    {
        bool sent = false;
        try
        {
            _copy.CopyFrom(route.Message);
            if (route.Prefix is { } prefix) _copy.Prepend(prefix);
            sent = !capture.IsClosed && capture.TrySend(_copy);
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            _callbacks.Report(exception, _copy);
        }
        finally
        {
            if (!sent) Interlocked.Increment(ref _captureDropped);
            _copy.Clear();
        }
    }

    /// <summary>What to be woken for: messages, where there is room for them, and room, where there is none.</summary>
    private void UpdateInterest()
    {
        if (_closed || IOLoop.IsClosed || Frontend.IsClosed || Backend.IsClosed) return;
        IOEvents front = _paused ? IOEvents.None : ReadInterest(_in) | WriteInterest(_out ?? _in);
        if (front != _frontInterest) IOLoop.UpdateHandler(Frontend, front);
        _frontInterest = front;
        if (_out is not null)
        {
            IOEvents back = _paused ? IOEvents.None : ReadInterest(_out) | WriteInterest(_in);
            if (back != _backInterest) IOLoop.UpdateHandler(Backend, back);
            _backInterest = back;
        }

        if (!_paused && (NeedsRetry(_in) || NeedsRetry(_out))) _retry.Schedule();
    }

    private static IOEvents ReadInterest(ProxyRoute route) => route.Obstacle == SendObstacle.None ? IOEvents.Read : IOEvents.None;

    private static IOEvents WriteInterest(ProxyRoute route) =>
        (route.Obstacle == SendObstacle.NoRoom ? IOEvents.Write : IOEvents.None)
        | (NeedsRetry(route) ? IOEvents.Activity : IOEvents.None);

    /// <summary>No readiness may tell of what a message in hand waits for: room for one peer of many, or that the peer is gone.</summary>
    private static bool NeedsRetry(ProxyRoute? route) => route is { HasMessage: true };

    private void Retry()
    {
        if (_paused || _closed || Frontend.IsClosed || Backend.IsClosed) return;
        try
        {
            if (NeedsRetry(_in)) Forward(_in);
            if (NeedsRetry(_out)) Forward(_out!);
            UpdateInterest();
        }
        catch (ContextTerminatedException)
        {
            // The loop's next poll ends the loop, quietly.
        }
    }

    private void CloseNow(TimeSpan? linger)
    {
        if (_closed) return;
        _closed = true;
        _loopEnd.Unregister();
        FirstError errors = new(); // whatever one of them throws, the proxy ends closed, and its sockets with it
        errors.Catch(LeaveLoop);
        errors.Catch(() => GiveOrReport(_in));
        errors.Catch(() => GiveOrReport(_out));
        errors.Catch(() => Lingering.Close(Frontend, linger));
        errors.Catch(() => Lingering.Close(Backend, linger));
        if (_capture is not null) errors.Catch(() => Lingering.Close(_capture, linger));
        errors.Catch(_routeErrors.Close);
        _in.Dispose();
        _out?.Dispose();
        _copy.Dispose();
        lock (_open) _open.Remove(this); // last: the end of the process waits for its sockets' closing
        _done.TrySetResult();
        errors.Throw();
    }

    private void LeaveLoop()
    {
        _retry.Cancel();
        if (IOLoop.IsClosed) return;
        IOLoop.RemoveHandler(Frontend);
        IOLoop.RemoveHandler(Backend);
    }

    private void ReportLost(ProxyRoute route, Exception reason, Message? lost)
    {
        using MessageLoan loan = lost is null ? default : new(lost);
        if (lost is null || !RouteErrors.Is(reason))
        {
            _callbacks.Report(reason, lost);
            return;
        }

        route.Meter.AddUnroutable();
        _routeErrors.Add();
        _routeErrors.Tell(lost[0]);
    }

    private void GiveOrReport(ProxyRoute? route)
    {
        if (route is not { HasMessage: true }) return;
        Exception reason = new ObjectDisposedException(nameof(ZMQProxy),
            "The proxy was closed with a message that it had taken, and that the other side has no room for.");
        try
        {
            if (!route.Target.IsClosed && route.TryGive()) return;
        }
        catch (Exception exception)
        {
            reason = exception;
        }

        ReportLost(route, reason, route.Remove());
    }
}
