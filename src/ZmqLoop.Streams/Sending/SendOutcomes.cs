namespace ZmqLoop.Streams;

/// <summary>What became of each message, and who is told: its own task or callback, else the stream's callback, else, for a failure, the
/// loop's reporter; or, for a peer that is not there, the log. Loop's thread.</summary>
internal sealed class SendOutcomes(
    SendQueue queue, StreamCallbacks callbacks, StreamMeter meter, RouteErrors routeErrors, IOLoop loop)
{
    private const string Closed = "closed";

    private Action<Message, Exception?>? _onSend;
    private CallbackOrigin? _onSendOrigin;
    private ExecutionContext? _onSendFlow;

    /// <summary>True where the stream's callback is told of every message.</summary>
    public bool HasCallback => _onSend is not null;

    /// <summary>The stream's callback; null for none.</summary>
    /// <param name="callback">With its contexts.</param>
    /// <param name="original">As it was given, for reports.</param>
    public void SetCallback(Action<Message, Exception?>? callback, Delegate? original)
    {
        _onSendOrigin = original is null ? null : callbacks.Origin(original);
        _onSendFlow = original is null ? null : ExecutionContext.Capture();
        _onSend = callback;
    }

    /// <summary>What was in hand was sent, or never can be.</summary>
    public void Finish(QueuedMessage entry, Exception? error)
    {
        if (RouteErrors.Is(error)) routeErrors.Add();
        SendTicket? ticket = entry.Ticket;
        bool shown = ticket?.Completion is null && (ticket?.Callback is not null || _onSend is not null || error is not null);
        if (!shown && ticket is null)
        {
            queue.Remove(entry, reusable: true);
            return;
        }

        Message message = entry.Message;
        queue.Remove(entry, reusable: !shown); // what nobody is shown is emptied by that
        if (shown) TellAndLetGo(ticket, message, error);
        else Tell(ticket, message, error);
    }

    /// <summary>Tells the senders of what the queue has dropped.</summary>
    public void TellDropped()
    {
        if (!queue.HasDropped) return;
        List<QueuedMessage> dropped = queue.TakeDropped();
        foreach (QueuedMessage entry in dropped) meter.AddDropped(ReasonOf(entry.DropReason));
        TellAll(dropped, static entry => new MessageNotSentException(entry.DropReason));
    }

    /// <summary>Tells of a message that was cancelled while it was tried, and has left the queue.</summary>
    /// <returns>False where there is none.</returns>
    public static bool TellCancelled(SendTicket? ticket)
    {
        ticket?.EndActivity(new OperationCanceledException());
        ticket?.Completion?.TrySetCanceled(ticket.CancelToken);
        return ticket is not null;
    }

    /// <summary>Tells of what the closed stream has not sent; all that nobody asked about goes to the loop's reporter together.</summary>
    public void TellUnsent(List<QueuedMessage> entries, string why)
    {
        meter.AddDropped(Closed, entries.Count);
        List<Message> unasked = [];
        foreach (QueuedMessage entry in entries) entry.Ticket?.EndActivity(StreamClosed.Error(why));
        if (_onSend is null)
        {
            unasked.AddRange(entries.Where(static entry => !IsAskedFor(entry)).Select(static entry => entry.Message));
            entries.RemoveAll(static entry => !IsAskedFor(entry));
        }

        try
        {
            TellAll(entries, static _ => StreamClosed.Error("The stream was closed before the message was sent."));
        }
        finally
        {
            try
            {
                if (unasked.Count > 0)
                    callbacks.Report(StreamClosed.Error($"The stream was closed with {unasked.Count} unsent messages: {why}."), unasked);
            }
            finally
            {
                foreach (Message message in unasked) new MessageLoan(message).Dispose();
            }
        }

        static bool IsAskedFor(QueuedMessage entry) => entry.Ticket is { Callback: not null } or { Completion: not null };
    }

    private void TellAll(List<QueuedMessage> entries, Func<QueuedMessage, Exception> error)
    {
        FirstError errors = new(); // a reporter may throw, and all must hear of it nevertheless
        foreach (QueuedMessage entry in entries) errors.Catch(() => TellAndLetGo(entry.Ticket, entry.Message, error(entry)));
        errors.Throw();
    }

    /// <summary>The message's fate is decided: once whoever is told has seen it, its memory goes back to the engine.</summary>
    private void TellAndLetGo(SendTicket? ticket, Message message, Exception? error)
    {
        using MessageLoan loan = new(message);
        Tell(ticket, message, error);
    }

    private void Tell(SendTicket? ticket, Message message, Exception? error)
    {
        if (ticket is not null && !ticket.Timer.IsNone && !loop.IsClosed) loop.RemoveTimeout(ticket.Timer);
        if (ticket?.Completion is { } done)
        {
            ticket.EndActivity(error);
            ticket.Cancellation.Unregister();
            if (error is null) done.TrySetResult();
            else done.TrySetException(error);
            return;
        }

        if (ticket?.Callback is { } callback) Call(callback, ticket.Origin!, ticket.Flow, ticket, message, error);
        else if (_onSend is not null) Call(_onSend, _onSendOrigin!, _onSendFlow, ticket, message, error);
        else TellNobody(ticket, message, error);
    }

    private void TellNobody(SendTicket? ticket, Message message, Exception? error)
    {
        ticket?.EndActivity(error);
        if (RouteErrors.Is(error)) routeErrors.Tell(message[0]);
        else if (error is not null and not MessageNotSentException) callbacks.Report(error, message);

        // What the stream dropped is counted, and was asked for by its options or its sender: no error of the loop's.
    }

    private void Call(Action<Message, Exception?> callback, CallbackOrigin origin, ExecutionContext? flow, SendTicket? ticket,
        Message message, Exception? error)
    {
        // It is over, but what the callback throws is reported in it, and no activity that has ended is ever made current.
        ticket?.Activity?.SetEndTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        CallbackOrigin? outer = callbacks.Enter(origin);
        try
        {
            callback(message, error);
        }
        catch (Exception exception)
        {
            callbacks.Report(exception, origin with { Item = message }, flow, ticket?.Activity);
        }
        finally
        {
            callbacks.Exit(outer);
            ticket?.EndActivity(error);
        }
    }

    /// <summary>What kind of error keeps a message from being sent, for its activity; null for none.</summary>
    public static string? TypeOf(Exception? error) => error switch
    {
        null => null,
        MessageNotSentException dropped => ReasonOf(dropped.Reason),
        ObjectDisposedException => Closed,
        _ => Activities.TypeOf(error),
    };

    private static string ReasonOf(NotSentReason reason) => reason switch
    {
        NotSentReason.Expired => "expired",
        NotSentReason.Cleared => "cleared",
        NotSentReason.PeerQueueFull => "peer_queue_full",
        _ => "queue_full",
    };
}
