namespace ZmqLoop.Streams;

/// <summary>
/// A stream's turn: what it does when the loop comes to it, in what order, and what the loop is to wake it for. It alone knows all the
/// stream's parts, and makes them. Loop's thread, but for what schedules.
/// </summary>
internal sealed partial class StreamTurn : IStreamParts, ISendingTurn, IReceivingTurn
{
    private readonly ZMQSocket _socket;
    private readonly IOLoop _loop;
    private readonly ZMQStreamOptions _options;
    private readonly StreamCallbacks _callbacks;
    private readonly int _messagesPerTurn;
    private readonly int _receivedAtOnce; // in one turn: REQ and REP one message, which is answered, or asks, before the next
    private readonly Lockstep _lockstep;
    private readonly StreamMeter _meter;
    private readonly StreamTraffic _traffic; // and the lock of what is made when it is first used: an idle stream needs no other
    private readonly MessageSource _source;
    private IOEvents _interest = IOEvents.None;
    private bool _busy;

    public StreamTurn(object owner, ZMQSocket socket, IOLoop loop, ZMQStreamOptions options, StreamMeter meter)
    {
        _socket = socket;
        _loop = loop;
        _messagesPerTurn = options.MessagesPerTurn;
        _lockstep = new Lockstep(socket);
        _receivedAtOnce = _lockstep.IsOn ? 1 : _messagesPerTurn;
        _options = options;
        _callbacks = new StreamCallbacks(loop, owner, options.QuotedBytes);
        Life = new StreamLife(owner, socket, loop, options, _callbacks, this);
        Activities = new MessageActivities(socket.Type, options);
        _meter = meter;
        _traffic = new StreamTraffic(meter, loop.TimeProvider);
        Dropped = new DroppedMessages(socket, owner, loop, meter.CountOversized);
        _source = new MessageSource(socket, _lockstep, Dropped, this, Activities, options);
        Handlers = new AsyncHandlers(loop, Life, _callbacks, options);
        Delivery = new Delivery(socket, _source, _lockstep, this, Life, Handlers, _callbacks, meter, _traffic, Activities, options);
    }

    public StreamLife Life { get; }

    public MessageActivities Activities { get; }

    public DroppedMessages Dropped { get; }

    public AsyncHandlers Handlers { get; }

    public Delivery Delivery { get; }

    /// <summary>What went through so far. Any thread.</summary>
    public StreamStatistics Statistics => SendingOrNull is not { Outbox: var outbox, Queue.Counts: var counts }
        ? _traffic.Counts
        : _traffic.Counts with
        {
            IsHeldUp = outbox.IsStuck || outbox.PeersWithoutRoom > 0,
            PeersWithoutRoom = outbox.PeersWithoutRoom,
            MostQueued = counts.Most,
            DroppedForFullQueue = counts.DroppedFor(NotSentReason.QueueFull),
            DroppedForFullPeer = counts.DroppedFor(NotSentReason.PeerQueueFull),
            Expired = counts.DroppedFor(NotSentReason.Expired),
            Cleared = counts.DroppedFor(NotSentReason.Cleared),
        };

    bool IStreamParts.HasHandlers => Handlers.Count > 0;

    int IStreamParts.Unsent => QueueLength;

    bool IStreamParts.HasSent => QueueLength > 0 || SendingOrNull is { Outbox.HasSent: true } || _traffic.Counts.Sent > 0;

    /// <summary>Something can still happen: a message comes to somebody, one goes out, somebody is told, or a drain ends. An async handler
    /// under way holds the stream by itself, as long as it can end.</summary>
    private bool IsNeeded => Life.DrainHasBegun || Delivery.HasReceiver || Wanted > 0 || QueueLength > 0
        || AskingOrNull is { Polls.Count: > 0 };

    // Who got a message will soon want another: the interest stays for one turn more, instead of going and coming with each.
    private bool WantsMessages => Delivery.HasReceiver
        ? Delivery.HasRoom
        : AskingOrNull is { Inbox: var inbox, Intake: var intake } && (inbox.Wanted > 0
            || (intake.HasTaken && (_interest & IOEvents.Read) != 0 && !_socket.AskingTakesMessage));

    /// <summary>The turn that the loop gives the stream.</summary>
    public void HandleEvents(IOEvents events)
    {
        if (_socket.IsClosed)
        {
            Life.CloseNow(null);
            return;
        }

        _busy = true;
        IntakeParts? asking = AskingOrNull;
        asking?.Intake.BeginTurn();
        try
        {
            asking?.Polls.Answer();
            if ((events & IOEvents.Read) != 0)
                _ = Delivery.HasReceiver ? Delivery.Receive(_receivedAtOnce) : Receive(_receivedAtOnce); // no frame more above callbacks
            if ((events & (IOEvents.Write | IOEvents.Activity)) != 0) SendingOrNull?.Outbox.TryPeersAgain();
            FlushSome(); // the replies go out in the same turn
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>A turn that somebody asks for.</summary>
    public int Flush(IOEvents events, int limit)
    {
        if (_busy) return 0;
        int left = limit;
        _busy = true;
        try
        {
            int before;
            do
            {
                before = left;
                if ((events & IOEvents.Write) != 0 && SendingOrNull is { Outbox: var outbox })
                {
                    outbox.TryPeersAgain();
                    left -= outbox.FlushBlockedPeers(left);
                    if (left > 0) left -= outbox.Flush(left);
                }

                if (left > 0 && (events & IOEvents.Read) != 0) left -= Receive(1);
            }
            while (left > 0 && left < before && Life.State != StreamState.Closed);
        }
        finally
        {
            EndTurn();
        }

        return limit - left;
    }

    void IReceivingTurn.AnswerFailure(Message request, Exception error)
    {
        if (TryAnswerFailure(request, error) && _loop.Logger is { } logger)
            StreamLog.AnsweredForHandler(logger, StreamReports.TitleOf(Life.Owner));
    }

    void IReceivingTurn.AfterDrop()
    {
        ZMQException error = new(
            ZMQErrorCode.MessageTooLong, 0, "EMSGSIZE",
            $"A message was dropped, since it was larger than MaxFramesPerMessage and MaxBytesPerMessage of {Life.Owner} allow.");
        Message message = new("");
        _lockstep.Received(message);
        if (_lockstep.IsReq) FailWaiting(error);
        else TryAnswerFailure(message, error);
    }

    private bool TryAnswerFailure(Message request, Exception error)
    {
        try
        {
            if (Life.State >= StreamState.Closing || _socket.IsClosed || QueueLength > 0 || !_lockstep.OwesAnswer(request)) return false;
        }
        catch (ContextTerminatedException)
        {
            return false; // the loop's next poll ends the loop
        }

        Sending.Sender.Send(ErrorReply(request, error), Timeout.InfiniteTimeSpan, null);
        return true;
    }

    void IReceivingTurn.UpdateInterest()
    {
        if (!_busy) UpdateInterest();
    }

    void IReceivingTurn.AfterHandler()
    {
        if (AskingOrNull is { Inbox.Count: > 0 }) DeliverInbox();
        UpdateInterest();
        Life.CloseIfDrained();
    }

    void IStreamParts.StopReceiving()
    {
        FirstError errors = new();
        errors.Catch(Delivery.Drop);
        errors.Catch(EndWaits);
        errors.Catch(Handlers.Cancel);
        errors.Throw();
    }

    void IStreamParts.SendNow() => FlushScheduled();

    void IStreamParts.GiveUpHandlers(TimeSpan drain)
    {
        FirstError errors = new(); // a logger or a reporter may throw
        errors.Catch(() => Handlers.GiveUp(drain));
        errors.Catch(((IStreamParts)this).SendAll); // what was answered in their place
        errors.Throw();
    }

    void IStreamParts.End(string why)
    {
        FirstError errors = new();
        errors.Catch(Handlers.Close);
        if (_retry is not null) errors.Catch(_retry.Cancel);
        if (EndSending() is { } sending)
        {
            sending.Handle.Forget();
            errors.Catch(() => sending.Outbox.Close(why));
            errors.Catch(sending.RouteErrors.Close);
        }

        if (_options.LeaveOpen && !_socket.IsClosed) _socket.LimitMessages(int.MaxValue, long.MaxValue); // it is somebody else's now
        errors.Throw();
    }

    private Message ErrorReply(Message request, Exception error)
    {
        try
        {
            if (_options.ErrorReply?.Invoke(request, error) is { Count: > 0 } reply) return reply;
        }
        catch (Exception exception)
        {
            _callbacks.Report(exception, request);
        }

        return new Message("");
    }

    private void EndTurn()
    {
        _busy = false;
        Outbox? outbox = SendingOrNull?.Outbox;
        outbox?.EndTurn();
        if (Life.IsGone) return;
        if (outbox is { HasMore: true }) SpawnFlush(); // the budget was used up: the rest goes in the next turn
        UpdateInterest();
        Life.CloseIfDrained();
    }

    /// <summary>What to be woken for: messages, where somebody takes them; room, where the queue waits for it. Called after everything that
    /// ends or begins a wait for the loop.</summary>
    private void UpdateInterest()
    {
        if (Life.IsGone || _loop.IsClosed) return;
        Life.Hold(IsNeeded);
        Outbox? outbox = SendingOrNull?.Outbox;
        bool retries = outbox is { NeedsRetry: true };
        IOEvents interest = (AskingOrNull?.Polls.Events ?? IOEvents.None)
            | (WantsMessages ? IOEvents.Read : IOEvents.None)
            | (outbox is { AwaitsRoom: true } ? IOEvents.Write : IOEvents.None)
            | (retries ? IOEvents.Activity : IOEvents.None);
        if (retries) (_retry ??= new SendRetry(_loop, Retry)).Schedule();
        if (interest == _interest) return;
        _interest = interest;
        _loop.UpdateHandler(_socket, interest);
    }
}
