using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

public partial class IOLoop
{
    private readonly Dictionary<PollSource, Handler> _handlers = [];
    private readonly Dictionary<int, Handler> _descriptors = []; // the same handlers by descriptor: a Socket and its number are one source
    private bool _hasPriorities;
    private bool _closingHandlers;

    /// <summary>Calls a handler whenever a source is ready: again in each turn for as long as it stays ready. tornado <c>add_handler(fd, handler, events)</c>.</summary>
    /// <param name="source">A ZeroMQ socket, a plain socket, or a file descriptor.</param>
    /// <param name="handler">Called in the contexts in force now.</param>
    /// <param name="events">What to wait for; errors are always reported.</param>
    /// <param name="priority">Among the sources that are ready in one turn, those with a higher priority come first.</param>
    /// <exception cref="InvalidOperationException">The source has a handler already, or another loop watches it; nothing has changed.</exception>
    /// <exception cref="NotSupportedException">This loop's poller cannot watch such a source.</exception>
    public void AddHandler(PollSource source, IOHandler handler, IOEvents events, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (source.IsEmpty) throw new ArgumentException("The source names nothing: give a socket or a file descriptor.", nameof(source));
        VerifyAccess();
        if (FindHandler(source) is { } owner)
            throw new InvalidOperationException($"{source} has a handler on this loop already: {new CallbackOrigin(CallbackKind.Handler, owner.Callback, owner.Source)}.");
        Captured captured = WrappedCall.IsWrapped(handler) ? default : Captured.Now;
        var added = new Handler(this, source, handler, _debug ? CallbackTrail.Extend(captured) : captured, priority);
        if (added.Scope is { IsCancelled: true } cancelled) throw new OperationCanceledException("The scope that the handler would belong to was cancelled.", cancelled.CancellationToken);
        _poller.Register(source, events, added);
        _handlers.Add(source, added);
        if (added.Descriptor >= 0) _descriptors[added.Descriptor] = added;
        added.Scope?.Hold();
        added.Scope?.Track(added);
        _hasPriorities |= priority != 0;
    }

    /// <summary>Changes what a source's handler waits for. tornado <c>update_handler</c>.</summary>
    /// <exception cref="InvalidOperationException">The source has no handler on this loop.</exception>
    public void UpdateHandler(PollSource source, IOEvents events)
    {
        VerifyAccess();
        Handler handler = FindHandler(source) ?? throw new InvalidOperationException($"{source} has no handler on this loop: call AddHandler first.");
        _poller.Modify(handler.Source, events);
    }

    /// <summary>Forgets a source's handler, also where it would have been called in this turn. A source without one is ignored. tornado <c>remove_handler</c>.</summary>
    public void RemoveHandler(PollSource source)
    {
        if (_closingHandlers) return; // a source that the loop closes takes leave by itself
        VerifyAccess();
        if (FindHandler(source) is not { } handler) return;
        _poller.Unregister(handler.Source);
        Forget(handler);
    }

    /// <summary>The handler of a source, also where that was registered as a Socket and is asked for by its number, or the other way round.</summary>
    private Handler? FindHandler(PollSource source)
    {
        if (_handlers.TryGetValue(source, out Handler? handler)) return handler;
        if (source.FileDescriptor is not (>= 0 and int descriptor)) return null;

        // A Socket closed behind the loop's back has no descriptor any more: its number may be somebody else's by now.
        return _descriptors.TryGetValue(descriptor, out handler) && handler.Source.FileDescriptor == descriptor ? handler : null;
    }

    private void Forget(Handler handler)
    {
        _handlers.Remove(handler.Source);
        if (_descriptors.TryGetValue(handler.Descriptor, out Handler? present) && ReferenceEquals(present, handler)) _descriptors.Remove(handler.Descriptor);
        handler.MarkRemoved(); // last: whoever waits for its scope's end may go on in here
    }

    private void RunHandler(in ReadySource ready)
    {
        var handler = (Handler)ready.State!;
        if (handler.IsRemoved || handler.Scope is { IsCancelled: true }) return;
        if (ready.Closed is { } reason)
        {
            Forget(handler);
            LogClosedSource(handler.Source, reason);
        }

        _watchdog?.Begin(handler);
        HandlerCall call = new(handler, ready.Events);
        if ((_observed ? RunObserved(handler.Captured, ref call) : ContextRunner.TryRun(handler.Captured, ref call)) is not { } error) return;
        if (error is ContextTerminatedException terminated && handler.Source.ZMQSocket is not null) throw terminated;
        if (handler.Source.ZMQSocket is null && IsBrokenPipe(error)) return;
        Report(error, Origin(handler));
    }

    private void SortByPriority()
    {
        if (!_hasPriorities || _ready.Count < 2) return;
        Span<ReadySource> ready = _ready.Span;
        for (int i = 1; i < ready.Length; i++) // few are ready at once, and equals keep their order
        {
            ReadySource moved = ready[i];
            int j = i;
            for (; j > 0 && ((Handler)ready[j - 1].State!).Priority < ((Handler)moved.State!).Priority; j--) ready[j] = ready[j - 1];
            ready[j] = moved;
        }
    }

    private void CloseHandlers(bool closeSources)
    {
        Handler[] handlers = [.. _handlers.Values]; // closing one may remove others
        _handlers.Clear();
        _descriptors.Clear();
        _closingHandlers = true;
        Exception? escaping = null;
        foreach (Handler handler in handlers)
        {
            handler.MarkRemoved();
            try
            {
                CloseHandler(handler, closeSources);
            }
            catch (Exception exception)
            {
                escaping = exception; // the reporter's
            }
        }

        _closingHandlers = false;
        LogSourcesLeft(handlers);
        if (escaping is not null) ExceptionDispatchInfo.Throw(escaping);
    }

    /// <summary>One that cannot be closed keeps neither the others nor the loop from closing.</summary>
    private void CloseHandler(Handler handler, bool closeSource)
    {
        try
        {
            _poller.Unregister(handler.Source);
            if (closeSource) CloseSource(handler.Source);
        }
        catch (Exception exception)
        {
            HandleCallbackException(exception, new CallbackOrigin(CallbackKind.Handler, handler.Callback, handler.Source));
        }
    }

    private static void CloseSource(PollSource source)
    {
        source.ZMQSocket?.Close();
        source.Socket?.Dispose();
        if (source is { ZMQSocket: null, Socket: null, FileDescriptor: >= 0 and int descriptor })
            new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true).Dispose();
    }

    /// <summary>The peer of a raw socket went away while something was written to it: tornado drops it, since the next read tells as well.</summary>
    private static bool IsBrokenPipe(Exception error)
    {
        const int BrokenPipe = 32;
        return error switch
        {
            SocketException socket => socket.SocketErrorCode == SocketError.Shutdown || socket.NativeErrorCode == BrokenPipe,
            IOException { InnerException: SocketException inner } => IsBrokenPipe(inner),
            IOException io => io.HResult == BrokenPipe,
            Win32Exception native => native.NativeErrorCode == BrokenPipe,
            _ => false,
        };
    }

    private sealed class Handler(IOLoop loop, PollSource source, IOHandler callback, Captured captured, int priority) : IScopeItem
    {
        public readonly Captured Captured = captured;

        public PollSource Source => source;

        public int Descriptor { get; } = source.FileDescriptor;

        public IOHandler Callback => callback;

        public int Priority => priority;

        public IScope? Scope => Captured.Node?.Scope;

        public bool IsRemoved { get; private set; }

        bool IScopeItem.IsDone => IsRemoved;

        void IScopeItem.Drop() => loop.OnThread(() =>
        {
            if (!IsRemoved) loop.RemoveHandler(source);
        });

        public void MarkRemoved()
        {
            IsRemoved = true;
            Scope?.Release();
        }
    }

    private readonly struct HandlerCall(Handler handler, IOEvents events) : ICall
    {
        public void Invoke() => handler.Callback(handler.Source, events);
    }
}
