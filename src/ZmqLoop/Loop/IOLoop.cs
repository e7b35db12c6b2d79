using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>An event loop: runs posted callbacks, timers, and handlers of sockets, one at a time, on the thread that called
/// <see cref="Start()"/>.</summary>
/// <remarks>
/// <para>What adds a callback, stops the loop or looks at its state may be called from any thread: docs/loop.md has the list. Everything
/// else belongs to the loop's thread while it runs, and to one thread at a time while it does not; another thread gets an
/// <see cref="InvalidOperationException"/>.</para>
/// <para>Everything that stores a callback stores the stack contexts and the flow of AsyncLocals with it; see <see cref="StackContext"/>.
/// While it runs, the thread's <see cref="System.Threading.SynchronizationContext"/> is the loop's: what is awaited in a callback resumes
/// on the loop.</para>
/// <para>A closed loop ignores posted callbacks, as in tornado; its other members throw <see cref="ObjectDisposedException"/>.</para>
/// <para>Without an engine a loop polls plain sockets and, on Linux, raw descriptors; <see cref="ZMQIOLoop"/> polls ZeroMQ's sockets, too.
/// Corresponds to tornado 4.5's <c>IOLoop</c>.</para>
/// </remarks>
/// <example><code>
/// using ZMQIOLoop loop = new();
/// loop.AddCallback(() => Console.WriteLine("in the next turn"));
/// loop.CallLater(0.5, () => Console.WriteLine("half a second later"));
/// loop.CallLater(1, loop.Stop);
/// Task other = Task.Run(() => loop.AddCallback(() => Console.WriteLine("posted by another thread")));
/// loop.Start(); // runs all of it on this thread, until Stop
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public partial class IOLoop : IEngineOwner, IMeteredLoop, ILoopThread, IDisposable, IAsyncDisposable
{
    private readonly ZMQEngine? _engine;
    private readonly IPoller _poller;
    private readonly LoopClock _clock;
    private readonly ClockTimer? _clockTimer; // where the time is not the system's
    private readonly CallbackQueue _queue;
    private readonly TimerQueue _timers;
    private readonly AsyncCallbacks _async;
    private readonly LoopHost _host;
    private readonly HandlerTable _handlers;
    private readonly LoopReports _reports;
    private readonly bool _debug;
    private readonly TimeSpan _spin; // before it sleeps
    private readonly IdleLoopLock _idle = new();
    private volatile Thread? _thread;
    private ContextThread? _contexts; // of that thread: cheaper than to ask the thread for it
    private volatile bool _stopped;
    private volatile bool _closed;
    private readonly CancellationTokenSource _closing = new();
    private int _sleeping;
    private TaskCompletionSource? _whenStopped;

    /// <summary>A loop for callbacks, timers and plain sockets.</summary>
    /// <exception cref="InvalidOperationException"><see cref="IOLoopOptions.MakeCurrent"/> is true and the thread has a current
    /// loop.</exception>
    public IOLoop(IOLoopOptions? options = null) : this(options, null)
    {
    }

    /// <summary>With an engine, or without.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The loop disposes of its poller.")]
    private protected IOLoop(IOLoopOptions? options, ZMQEngine? engine)
    {
        options ??= new IOLoopOptions();
        _engine = engine;
        LoopRegistry.ClaimCurrent(this, options.MakeCurrent);
        try
        {
            TimeProvider = options.TimeProvider;
            _madeAt = TimeProvider.GetTimestamp();
            _clock = new LoopClock(options.TimeProvider);
            _clockTimer = ClockTimer.Of(options.TimeProvider, WakeIfSleeping); // may be of a user's
            (options.Poller as ZMQPoller)?.GiveTo(this);
            _poller = options.Poller ?? engine?.CreatePoller()
                ?? (OperatingSystem.IsLinux() ? new EpollPoller(sockets: null) : new SelectPoller());
        }
        catch
        {
            _clockTimer?.Dispose();
            LoopRegistry.Forget(this);
            throw;
        }

        if (_poller is EnginePoller poller) (poller.Loop, poller.IsExact) = (this, options.ExactTimers);
        _spin = _clockTimer is null ? options.SpinBeforeWait : TimeSpan.Zero;
        _queue = new CallbackQueue(this);
        _timers = new TimerQueue(this);
        _handlers = new HandlerTable(_poller, this);
        _reports = new LoopReports(this, options.LoggerFactory?.CreateLogger("ZmqLoop.Loop"));
        _debug = options.Debug;
        _running = new RunningCallback(
            () => _queue.LastTaken, Describe, () => ContextNode.All(_contexts?.Node), _reports.BlockedReportFailed);
        if (options.BlockingThreshold is { } threshold)
            _running.Watch = new BlockingWatch(threshold, LogStack, _reports.NoMoreBlocked, InDebugger: false);
        _async = new AsyncCallbacks((task, work) => WhenFailed(task, work), EndElsewhere);
        _host = new LoopHost(this);
        Name = options.Name;
        _meter = new LoopMeter(Name, engine?.Name.Split(' ')[0].ToLowerInvariant());
        LoopMeter.Add(this);
    }

    /// <summary>The clock that timers run by.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>True while <see cref="Start()"/> is on some stack. Any thread.</summary>
    public bool IsRunning => _thread is not null;

    /// <summary>True once the loop was closed. Any thread.</summary>
    public bool IsClosed => _closed;

    /// <summary>Cancelled when the loop is closed: for whatever waits for something that only the loop could bring. Any thread.</summary>
    public CancellationToken Closed => _closing.Token;

    /// <summary>Posts to the loop, outside of all contexts. It is in force on the loop's thread while the loop runs.</summary>
    public SynchronizationContext SynchronizationContext => _host.SynchronizationContext;

    /// <summary>Runs a callback in the next turn, in the contexts in force now; callbacks run in the order in which they were added. Any
    /// thread.</summary>
    /// <returns>False if the loop is closed, and the callback was ignored.</returns>
    /// <remarks>tornado <c>add_callback</c>.</remarks>
    public bool AddCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        bool here = IsRunningHere;
        if (!IsPlain(here ? _contexts! : ContextThread.Current, callback)) return EnqueueCaptured(callback);
        if (!here) return PostPlain(callback);
        _queue.AddPlain(callback);
        return true;
    }

    /// <summary>As <see cref="AddCallback(Action)"/>, for an async function: an exception that it ends with goes to the contexts in force
    /// now, then to <see cref="HandleCallbackException"/>.</summary>
    public bool AddCallback(Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Enqueue(WorkItem.Capture(callback, _async));
    }

    /// <summary>As <see cref="AddCallback(Action)"/>, with an argument instead of a closure.</summary>
    public bool AddCallback<TState>(Action<TState> callback, TState state)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Enqueue(WorkItem.Capture(callback, state));
    }

    /// <summary>As <see cref="AddCallback(Action)"/>, but outside of all contexts and without AsyncLocals: for work that belongs to nobody
    /// in particular. Any thread.</summary>
    /// <remarks>tornado <c>spawn_callback</c>. A callback that was wrapped keeps what it was wrapped in.</remarks>
    public bool SpawnCallback(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Enqueue(new WorkItem(callback, default));
    }

    /// <inheritdoc cref="SpawnCallback(Action)"/>
    public bool SpawnCallback(Func<Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Enqueue(new WorkItem(callback, default, _async));
    }

    /// <summary>The same as <see cref="SpawnCallback(Action)"/>: .NET delivers signals on ordinary threads. tornado
    /// <c>add_callback_from_signal</c>.</summary>
    public bool AddCallbackFromSignal(Action callback) => SpawnCallback(callback);

    /// <summary>The loop's time in seconds: monotonic, on a scale of its own. tornado <c>time()</c>.</summary>
    public double Time() => (double)_clock.Now / TimeSpan.TicksPerSecond;

    /// <summary>Closes the loop: handlers are forgotten, and callbacks and timers dropped. Twice is fine.</summary>
    /// <param name="allFds">Whether to close the registered sockets, too. tornado <c>close(all_fds)</c>.</param>
    /// <exception cref="InvalidOperationException">The loop is running: stop it first.</exception>
    /// <remarks>Tasks of <see cref="InvokeAsync(Action)"/> that have not begun fail with <see cref="ObjectDisposedException"/>.</remarks>
    public void Close(bool allFds = false)
    {
        if (_closed) return;
        _idle.Enter();
        try
        {
            CloseInside(allFds);
        }
        finally
        {
            _idle.Exit(FinishDeferred);
        }
    }

    private void CloseInside(bool allFds)
    {
        if (_closed) return;
        if (IsRunning)
            throw new InvalidOperationException(
                $"{this} cannot be closed while it runs: call Stop, and Close after Start has returned.");
        _closed = true;
        try
        {
            CloseHandlers(allFds);
        }
        finally
        {
            _queue.Close();
            _timers.Clear();
            _clockTimer?.Dispose();
            _ready.Clear();
            _running.Close();
            _poller.Dispose();
            LoopRegistry.Forget(this);
            LoopMeter.Remove(this);
            TellClosed();
        }
    }

    private void CloseHandlers(bool allFds)
    {
        HandlerEntry[] handlers = _handlers.All;
        try
        {
            _handlers.Close(allFds, (exception, handler) => HandleCallbackException(exception, Origin(handler)));
        }
        finally
        {
            _reports.SourcesLeft(handlers);
        }
    }

    private void TellClosed()
    {
        try
        {
            _closing.Cancel();
        }
        catch (AggregateException exception)
        {
            foreach (Exception inner in exception.InnerExceptions)
                ReportException(inner, new CallbackOrigin(CallbackKind.Callback, null, this));
        }
    }

    /// <summary>The same as <see cref="Close"/> without closing the sockets.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the loop, waits until <see cref="Start()"/> has returned on whichever thread, and closes it. Twice is fine. Any
    /// thread but the loop's own.</summary>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread, which would wait for itself.</exception>
    public async ValueTask DisposeAsync()
    {
        if (IsRunningHere) throw new InvalidOperationException(
            "The loop's own thread cannot wait for the loop's end: call Stop there, and dispose elsewhere.");
        TaskCompletionSource stopped = WhenStopped();
        Stop();
        if (IsRunning) await stopped.Task.ConfigureAwait(false);
        Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the loop.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Close();
    }

    internal IContextHost Host => _host;

    internal ILogger? Logger => _reports.Logger;

    /// <summary>For logs and debuggers.</summary>
    public override string ToString()
    {
        string state = _closed ? "closed" : IsRunning ? $"running on thread {_thread?.ManagedThreadId}" : "not running";
        string name = Name is null ? "" : $" '{Name}'";
        return $"{GetType().Name}{name} ({state}; {_handlers.Count} handlers, {_queue.Count} callbacks, {_timers.Count} timers)";
    }

    /// <summary>Puts a callback into the queue, from any thread, and wakes the loop if it sleeps.</summary>
    internal bool Enqueue(in WorkItem work)
    {
        WorkItem item = Trace(work);
        if (!item.TryHold()) return false;
        if (IsRunningHere)
        {
            _queue.Add(item);
            return true;
        }

        if (!_queue.Post(item))
        {
            item.Release();
            return false;
        }

        WakeIfSleeping();
        return true;
    }

    /// <summary>True for a callback for which nothing would be captured: the queue then stores the delegate alone.</summary>
    private bool IsPlain(ContextThread thread, Action callback) =>
        thread.Node is null && thread.HasDefaultExecutionContext && callback.Target is not WrappedAction && !_debug;

    // Not inlined: .NET zeroes a method's locals at its entry, and plain callbacks do not need these.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EnqueueCaptured(Action callback) => Enqueue(WorkItem.Capture(callback));

    private bool PostPlain(Action callback)
    {
        if (!_queue.PostPlain(callback)) return false;
        WakeIfSleeping();
        return true;
    }

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal bool IsRunningHere => ReferenceEquals(_thread, Thread.CurrentThread);

    /// <summary>In a loop that records: the callback with one more hop in its trail.</summary>
    private WorkItem Trace(in WorkItem work) => _debug ? work.Traced() : work;

    private void WakeIfSleeping()
    {
        // Post, then look; the loop says that it sleeps, then looks for posts. One of the two sees the other: by the queue's lock, which
        // both take in between.
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0) _poller.Wake();
    }

    /// <summary>The loop as contexts see it.</summary>
    private sealed class LoopHost : IContextHost
    {
        private readonly IOLoop _loop;

        public LoopHost(IOLoop loop)
        {
            _loop = loop;
            SynchronizationContext = new LoopSynchronizationContext(loop, this, null);
        }

        public SynchronizationContext SynchronizationContext { get; }

        public ContextSynchronizationContext CreateSynchronizationContext(ContextNode node) =>
            new LoopSynchronizationContext(_loop, this, node);

        public bool RecordsPlaces => _loop._debug;

        public void ReportDeepChain(ContextNode node) => _loop._reports.DeepChain(node);
    }
}
