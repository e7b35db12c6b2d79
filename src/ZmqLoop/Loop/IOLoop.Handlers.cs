using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

public partial class IOLoop
{
    /// <summary>Calls a handler whenever a source is ready: again in each turn for as long as it stays ready. tornado <c>add_handler(fd,
    /// handler, events)</c>.</summary>
    /// <param name="source">A ZeroMQ socket, a plain socket, or a file descriptor.</param>
    /// <param name="handler">Called in the contexts in force now.</param>
    /// <param name="events">What to wait for; errors are always reported.</param>
    /// <param name="priority">Among the sources that are ready in one turn, those with a higher priority come first.</param>
    /// <exception cref="InvalidOperationException">The source has a handler already, or another loop watches it; nothing has
    /// changed.</exception>
    /// <exception cref="NotSupportedException">This loop's poller cannot watch such a source.</exception>
    public void AddHandler(PollSource source, IOHandler handler, IOEvents events, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (source.IsEmpty) throw new ArgumentException("The source names nothing: give a socket or a file descriptor.", nameof(source));
        VerifyAccess();
        CapturedContext captured = WrappedCallback.IsWrapped(handler) ? default : CapturedContext.Now;
        _handlers.Add(new HandlerEntry(this, source, handler, _debug ? CallbackTrail.Extend(captured) : captured, priority), events);
    }

    /// <summary>Changes what a source's handler waits for. tornado <c>update_handler</c>.</summary>
    /// <exception cref="InvalidOperationException">The source has no handler on this loop.</exception>
    public void UpdateHandler(PollSource source, IOEvents events)
    {
        VerifyAccess();
        _handlers.Modify(source, events);
    }

    /// <summary>Forgets a source's handler, also where it would have been called in this turn. A source without one is ignored. tornado
    /// <c>remove_handler</c>.</summary>
    public void RemoveHandler(PollSource source)
    {
        if (_handlers.IsClosing) return;
        VerifyAccess();
        _handlers.Remove(source);
    }

    private void RunHandler(in ReadySource ready)
    {
        var handler = (HandlerEntry)ready.State!;
        if (handler.IsRemoved || handler.Scope is { IsCancelled: true }) return;
        if (ready.Closed is { } reason)
        {
            _handlers.Forget(handler);
            _reports.SourceClosed(handler.Source, reason);
        }

        _running.Begin(handler);
        HandlerCall call = new(handler, ready.Events);
        // Not RunCall: one frame less in the trace of each handler.
        CapturedContext captured = handler.Captured;
        Exception? error = _observed ? RunObserved(ref captured, ref call, null) : ContextRunner.TryRun(captured, ref call);
        if (error is null) return;
        if (error is ContextTerminatedException && handler.Source.ZMQSocket is not null) ExceptionDispatchInfo.Throw(error);
        if (handler.Source.ZMQSocket is null && IsBrokenPipe(error)) return;
        ReportEscaped(error, Origin(handler), captured);
    }

    /// <summary>True for a broken pipe: a handler wrote to a raw socket whose peer has gone. tornado ignores it, since the next
    /// read reports the same.</summary>
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

    private readonly struct HandlerCall(HandlerEntry handler, IOEvents events) : ICall
    {
        public void Invoke() => handler.Callback(handler.Source, events);
    }
}
