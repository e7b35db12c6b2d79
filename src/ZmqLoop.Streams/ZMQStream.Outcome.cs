using System.Runtime.ExceptionServices;

namespace ZmqLoop.Streams;

// Who sent a message is told what became of it: nothing is lost silently.
public sealed partial class ZMQStream
{
    private void Finish(QueuedMessage entry, Exception? error)
    {
        SendTicket? ticket = entry.Ticket;
        bool shown = ticket?.Completion is null && (ticket?.Callback is not null || _onSend is not null || error is not null);
        if (!shown && ticket is null)
        {
            _queue.Remove(entry, reusable: true);
            return;
        }

        Message message = entry.Message;
        _queue.Remove(entry, reusable: !shown);
        Tell(ticket, message, error);
    }

    /// <summary>Tells whoever asked: the message's own task or callback, else the stream's callback, else, for a failure, the loop's reporter.</summary>
    private void Tell(SendTicket? ticket, Message message, Exception? error)
    {
        if (ticket is not null && !ticket.Timer.IsNone && !IOLoop.IsClosed) IOLoop.RemoveTimeout(ticket.Timer);
        if (ticket?.Completion is { } done)
        {
            ticket.Cancellation.Unregister();
            if (error is null) done.TrySetResult();
            else done.TrySetException(error);
            return;
        }

        if (ticket?.Callback is { } callback) Call(callback, ticket.Origin!, message, error);
        else if (_onSend is not null) Call(_onSend, _onSendOrigin!, message, error);
        else if (error is not null and not MessageNotSentException) // what the stream dropped is counted, and was asked for by its options or its sender: no error of the loop's
            IOLoop.ReportException(error, new CallbackOrigin(CallbackKind.Stream, null, this, message));
    }

    private void Call(Action<Message, Exception?> callback, CallbackOrigin origin, Message message, Exception? error)
    {
        using Inside inside = new(IOLoop, origin);
        try
        {
            callback(message, error);
        }
        catch (Exception exception)
        {
            IOLoop.ReportException(exception, origin with { Item = message });
        }
    }

    /// <summary>Tells the senders of dropped messages.</summary>
    private void TellRefused()
    {
        if (!_queue.HasRefused) return;
        List<QueuedMessage> refused = _queue.TakeRefused();
        foreach (QueuedMessage entry in refused) _meter.AddDropped(entry.Refusal);
        TellAll(refused, static entry => new MessageNotSentException(entry.Refusal));
    }

    private static bool TellCancelled(SendTicket? ticket)
    {
        ticket?.Completion?.TrySetCanceled(ticket.CancelToken);
        return ticket is not null;
    }

    /// <summary>Every unsent message is reported: to its own task or callback, the stream's, or, all that nobody asked about together, to the loop's reporter.</summary>
    private void TellUnsent(List<QueuedMessage> entries)
    {
        List<Message> unasked = [];
        if (_onSend is null)
        {
            unasked.AddRange(entries.Where(static entry => !IsAskedFor(entry)).Select(static entry => entry.Message));
            entries.RemoveAll(static entry => !IsAskedFor(entry));
        }

        try
        {
            TellAll(entries, static _ => new ObjectDisposedException(nameof(ZMQStream), "The stream was closed before the message was sent."));
        }
        finally
        {
            if (unasked.Count > 0)
            {
                IOLoop.ReportException(
                    new ObjectDisposedException(nameof(ZMQStream), $"The stream was closed with {unasked.Count} unsent messages: use CloseAsync to send what is queued."),
                    new CallbackOrigin(CallbackKind.Stream, null, this, unasked));
            }
        }

        static bool IsAskedFor(QueuedMessage entry) => entry.Ticket is { Callback: not null } or { Completion: not null };
    }

    private void TellAll(List<QueuedMessage> entries, Func<QueuedMessage, Exception> error)
    {
        Exception? escaping = null; // a reporter may throw, and all must hear of it nevertheless
        foreach (QueuedMessage entry in entries)
        {
            try
            {
                Tell(entry.Ticket, entry.Message, error(entry));
            }
            catch (Exception exception)
            {
                escaping = exception;
            }
        }

        if (escaping is not null) ExceptionDispatchInfo.Throw(escaping);
    }
}
