using System.Collections.Concurrent;
using AsyncIO;
using NetMQ;
using ZmqLoop.Interop;

namespace ZmqLoop.Guard;

/// <summary>Stands where an I/O thread of NetMQ's waits for completions, and runs that thread's loop in its place, so that what one of them
/// throws ends neither the thread nor the process.</summary>
/// <remarks>NetMQ's own loop asks for completions and never gets one; it ends when the context does. What it would have called is called
/// here, in the same order, with a look at each exception.</remarks>
internal sealed class GuardedPort : CompletionPort
{
    private const int BatchSize = 100; // NetMQ's own

    private readonly CompletionPort _port;
    private readonly object _context;
    private readonly object _proactor;
    private readonly Containment _containment;
    private readonly CompletionStatus[] _batch = new CompletionStatus[BatchSize];
    private readonly ConcurrentQueue<Action<object>> _posted = [];
    private bool _isSilent;

    private GuardedPort(CompletionPort port, object context, object proactor, Containment containment)
    {
        _port = port;
        _context = context;
        _proactor = proactor;
        _containment = containment;
    }

    /// <summary>Puts one into an I/O thread, at any time: the sockets that it has already keep the port that they know, which this one
    /// empties.</summary>
    public static void PutInto(object ioThread, IOThreadLog log)
    {
        object proactor = ProactorInternals.ProactorOf(ioThread);
        ref CompletionPort field = ref ProactorInternals.Port(proactor);
        CompletionPort port = field;
        if (port is GuardedPort) return;
        object mailbox = ProactorInternals.MailboxOf(ioThread);
        GuardedPort guarded = new(port, ProactorInternals.ContextOf(ioThread), proactor, new Containment(port, proactor, log));
        Volatile.Write(ref field, guarded);
        port.Signal(mailbox); // The thread waits in the old one: it finds no command there, and comes here.
    }

    /// <summary>Has the I/O thread do something with its proactor, soon.</summary>
    public static void Post(object ioThread, Action<object> action)
    {
        if (ProactorInternals.Port(ProactorInternals.ProactorOf(ioThread)) is not GuardedPort port) return;
        port._posted.Enqueue(action);
        port.Signal(ProactorInternals.MailboxOf(ioThread));
    }

    /// <summary>NetMQ's loop, on its thread, wants completions.</summary>
    /// <returns>False: there are none, ever.</returns>
    public override bool GetMultipleQueuedCompletionStatus(int timeout, CompletionStatus[] completionStatuses, out int removed)
    {
        removed = 0;
        while (!ProactorInternals.IsStopping(_proactor)) RunOnce();
        return false;
    }

    /// <inheritdoc/>
    public override bool GetQueuedCompletionStatus(int timeout, out CompletionStatus completionStatus) =>
        _port.GetQueuedCompletionStatus(timeout, out completionStatus);

    /// <inheritdoc/>
    public override void AssociateSocket(AsyncSocket socket, object state)
    {
        _port.AssociateSocket(socket, state);
        CloseInternals.EndAfterDelivery(socket);
        _containment.Add(state);
    }

    /// <inheritdoc/>
    public override void Signal(object state) => _port.Signal(state);

    /// <inheritdoc/>
    public override void Dispose() => _port.Dispose();

    private void RunOnce()
    {
        int untilTimer = RunTimers();
        int untilRetry = _containment.RunRetries();
        int wait = (untilTimer, untilRetry) switch
        {
            (0, _) => untilRetry,
            (_, < 0) => untilTimer,
            _ => Math.Min(untilTimer, untilRetry),
        };
        if (!_port.GetMultipleQueuedCompletionStatus(wait, _batch, out int count)) return;
        for (int i = 0; i < count; i++) Dispatch(in _batch[i]);
        Array.Clear(_batch, 0, count); // what was closed is to be collected
    }

    // A timer that threw is no longer there, so this ends.
    private int RunTimers()
    {
        while (true)
        {
            try
            {
                return ProactorInternals.ExecuteTimers(_proactor);
            }
            catch (Exception exception)
            {
                _containment.AfterTimer(exception);
            }
        }
    }

    /// <summary>Once the context ends, telling a monitor something throws, which leaves what was just being closed half closed, and the
    /// context waiting for it, for ever. Whoever listens hears of the end otherwise.</summary>
    private void SilenceMonitored()
    {
        _isSilent = true;
        foreach (object socket in ContextInternals.Sockets(_context)) SocketInternals.MonitoredEvents(socket) = 0;
    }

    private void Dispatch(in CompletionStatus status)
    {
        try
        {
            if (!_isSilent && ContextInternals.KnowsEnd && ContextInternals.IsEnding(_context)) SilenceMonitored();
            if (status.OperationType == OperationType.Signal)
            {
                while (_posted.TryDequeue(out Action<object>? action)) action(_proactor);
                ProactorInternals.RaiseEvent(status.State);
                _containment.LookAgain();
            }
            else if (status.State is { } item && !ProactorInternals.IsCancelled(item) && !_containment.Refuses(in status))
            {
                object events = ProactorInternals.EventsOf(item);
                if (status.OperationType is OperationType.Receive or OperationType.Accept)
                    ProactorInternals.InCompleted(events, status.SocketError, status.BytesTransferred);
                else
                    ProactorInternals.OutCompleted(events, status.SocketError, status.BytesTransferred);
            }
        }
        catch (TerminatingException)
        {
            if (!ContextInternals.KnowsEnd) return; // so does NetMQ
            SilenceMonitored();
            _containment.AfterEnd(in status);
        }
        catch (Exception exception)
        {
            _containment.After(exception, in status);
        }
    }
}
