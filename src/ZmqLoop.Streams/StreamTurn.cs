namespace ZmqLoop.Streams;

/// <summary>
/// A stream's turn: what it does when the loop comes to it, in what order, and what the loop is to wake it for. It alone knows all the
/// stream's parts, and makes them. Loop's thread, but for what schedules.
/// </summary>
internal sealed class StreamTurn : IStreamParts, ISendingTurn, IReceivingTurn
{
    private readonly ZMQSocket _socket;
    private readonly IOLoop _loop;
    private readonly ZMQStreamOptions _options;
    private readonly StreamCallbacks _callbacks;
    private readonly int _messagesPerTurn;
    private readonly int _receivedAtOnce; // in one turn: REQ and REP one message, which is answered, or asks, before the next
    private readonly Lockstep _lockstep;
    private readonly StreamTraffic _traffic;
    private readonly Outbox _outbox;
    private readonly SendQueueHandle _handle;
    private readonly Action _flush;
    private readonly Action _update;
    private SendRetry? _retry; // of those that need it
    private IOEvents _interest = IOEvents.None;
    private bool _busy;
    private int _flushScheduled;
    private int _updateScheduled;

    public StreamTurn(object owner, ZMQSocket socket, IOLoop loop, ZMQStreamOptions options, StreamMeter meter)
    {
        _socket = socket;
        _loop = loop;
        _messagesPerTurn = options.MessagesPerTurn;
        _lockstep = new Lockstep(socket);
        _receivedAtOnce = _lockstep.IsOn ? 1 : _messagesPerTurn;
        _flush = FlushScheduled;
        _update = UpdateScheduled;
        _options = options;
        _callbacks = new StreamCallbacks(loop, owner, options.QuotedBytes);
        Life = new StreamLife(owner, socket, loop, options, _callbacks, this);
        _handle = new SendQueueHandle(owner);
        Queue = new SendQueue(_handle, options);
        RouteErrors = new RouteErrors(loop, owner, meter);
        Outcomes = new SendOutcomes(Queue, _callbacks, meter, RouteErrors, loop);
        Activities = new MessageActivities(socket.Type, options);
        Sender = new Sender(socket, Queue, _lockstep, this, Life, _callbacks, Activities, options);
        _traffic = new StreamTraffic(meter, loop.TimeProvider);
        _outbox = new Outbox(socket, _lockstep, loop, this, Queue, Outcomes, _traffic, options);
        Action demand = Demand;
        Inbox = new Inbox(socket, options.ReadAhead, _lockstep, demand);
        Dropped = new DroppedMessages(socket, owner, loop, meter.AddOversized);
        MessageSource source = new(socket, _lockstep, Dropped, this, Activities, options);
        Intake = new Intake(source, _lockstep, Inbox, Life, _callbacks, _traffic, Activities, options);
        Handlers = new AsyncHandlers(loop, Life, _callbacks, options);
        Delivery = new Delivery(
            socket, source, _lockstep, this, Life, Inbox, Handlers, _callbacks, meter, _traffic, Activities, options);
        Polls = new Polls(socket, Inbox, Life, demand);
    }

    public StreamLife Life { get; }

    public MessageActivities Activities { get; }

    public SendQueue Queue { get; }

    public SendOutcomes Outcomes { get; }

    public RouteErrors RouteErrors { get; }

    public Sender Sender { get; }

    public DroppedMessages Dropped { get; }

    public Inbox Inbox { get; }

    public Intake Intake { get; }

    public AsyncHandlers Handlers { get; }

    public Delivery Delivery { get; }

    public Polls Polls { get; }

    /// <summary>What went through so far. Any thread.</summary>
    public StreamStatistics Statistics => _traffic.Counts with
    {
        IsHeldUp = _outbox.IsStuck || _outbox.PeersWithoutRoom > 0,
        PeersWithoutRoom = _outbox.PeersWithoutRoom,
        MostQueued = Queue.Counts.Most,
        DroppedForFullQueue = Queue.Counts.DroppedFor(NotSentReason.QueueFull),
        DroppedForFullPeer = Queue.Counts.DroppedFor(NotSentReason.PeerQueueFull),
        Expired = Queue.Counts.DroppedFor(NotSentReason.Expired),
        Cleared = Queue.Counts.DroppedFor(NotSentReason.Cleared),
    };

    bool IStreamParts.HasHandlers => Handlers.Count > 0;

    int IStreamParts.Unsent => Queue.Count;

    bool IStreamParts.HasSent => Queue.Count > 0 || _outbox.HasSent || _traffic.Counts.Sent > 0;

    /// <summary>Something can still happen: a message comes to somebody, one goes out, somebody is told, or a drain ends. An async handler
    /// under way holds the stream by itself, as long as it can end.</summary>
    private bool IsNeeded => Life.DrainHasBegun || Delivery.HasReceiver || Inbox.Wanted > 0 || Queue.Count > 0 || Polls.Count > 0;

    // Who got a message will soon want another: the interest stays for one turn more, instead of going and coming with each.
    private bool WantsMessages => Delivery.HasReceiver
        ? Delivery.HasRoom
        : Inbox.Wanted > 0 || (Intake.HasTaken && (_interest & IOEvents.Read) != 0 && !_socket.AskingTakesMessage);

    /// <summary>The turn that the loop gives the stream.</summary>
    public void HandleEvents(IOEvents events)
    {
        if (_socket.IsClosed)
        {
            Life.CloseNow(null);
            return;
        }

        _busy = true;
        Intake.BeginTurn();
        try
        {
            Polls.Answer();
            if ((events & IOEvents.Read) != 0) _ = Delivery.HasReceiver ? Delivery.Receive(_receivedAtOnce) : Intake.Fill(_receivedAtOnce);
            if ((events & (IOEvents.Write | IOEvents.Activity)) != 0) _outbox.TryPeersAgain();
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
                if ((events & IOEvents.Write) != 0)
                {
                    _outbox.TryPeersAgain();
                    left -= _outbox.FlushBlockedPeers(left);
                    if (left > 0) left -= _outbox.Flush(left);
                }

                if (left > 0 && (events & IOEvents.Read) != 0) left -= Delivery.HasReceiver ? Delivery.Receive(1) : Intake.Fill(1);
            }
            while (left > 0 && left < before && Life.State != StreamState.Closed);
        }
        finally
        {
            EndTurn();
        }

        return limit - left;
    }

    void ISendingTurn.ScheduleFlush()
    {
        // Inside the stream's own turn the queue is flushed at the end of it, and one that waits for room is flushed when there is some.
        if (_loop.IsRunningHere && (_busy || _outbox.IsStuck)) return;
        SpawnFlush();
    }

    void ISendingTurn.SpawnFlush() => SpawnFlush();

    void ISendingTurn.AfterExpiry()
    {
        UpdateInterest();
        Life.CloseIfDrained();
    }

    void ISendingTurn.AfterRefusal(Exception refusal) => FailWaiting(refusal);

    void IReceivingTurn.AnswerFailure(Message request, Exception error)
    {
        if (TryAnswerFailure(request, error) && _loop.Logger is { } logger)
            StreamLog.AnsweredForHandler(logger, Life.Owner.ToString()!);
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
            if (Life.State >= StreamState.Closing || _socket.IsClosed || Queue.Count > 0 || !_lockstep.OwesAnswer(request)) return false;
        }
        catch (ContextTerminatedException)
        {
            return false; // the loop's next poll ends the loop
        }

        Sender.Send(ErrorReply(request, error), Timeout.InfiniteTimeSpan, null);
        return true;
    }

    void IReceivingTurn.UpdateInterest()
    {
        if (!_busy) UpdateInterest();
    }

    void IReceivingTurn.ScheduleDelivery() => _loop.SpawnCallback(DeliverInbox);

    void IReceivingTurn.AfterHandler()
    {
        if (Inbox.Count > 0) DeliverInbox();
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

    void IStreamParts.EndWaits() => EndWaits();

    void IStreamParts.SendNow() => FlushScheduled();

    void IStreamParts.SendAll()
    {
        _outbox.TryPeersAgain();
        do
        {
            _outbox.FlushBlockedPeers(int.MaxValue);
            _outbox.Flush(int.MaxValue);
        }
        while (_outbox.HasMore && !Life.IsGone);
    }

    void IStreamParts.ForgetUnsent() => _handle.Forget();

    void IStreamParts.GiveUpHandlers(TimeSpan drain) => Handlers.GiveUp(drain);

    void IStreamParts.End(string why)
    {
        FirstError errors = new();
        errors.Catch(Handlers.Close);
        if (_retry is not null) errors.Catch(_retry.Cancel);
        _handle.Forget();
        errors.Catch(() => _outbox.Close(why));
        if (_options.LeaveOpen && !_socket.IsClosed) _socket.LimitMessages(int.MaxValue, long.MaxValue); // it is somebody else's now
        errors.Catch(RouteErrors.Close);
        errors.Throw();
    }

    private void FailWaiting(Exception error)
    {
        while (Inbox.Fail(error))
        {
            // Each that waits hears of it: the answer that may come is not theirs.
        }
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
        _outbox.EndTurn();
        if (Life.IsGone) return;
        if (_outbox.HasMore) SpawnFlush(); // the budget was used up: the rest goes in the next turn
        UpdateInterest();
        Life.CloseIfDrained();
    }

    /// <summary>What to be woken for: messages, where somebody takes them; room, where the queue waits for it. Called after everything that
    /// ends or begins a wait for the loop.</summary>
    private void UpdateInterest()
    {
        if (Life.IsGone || _loop.IsClosed) return;
        Life.Hold(IsNeeded);
        IOEvents interest = Polls.Events
            | (WantsMessages ? IOEvents.Read : IOEvents.None)
            | (_outbox.AwaitsRoom ? IOEvents.Write : IOEvents.None)
            | (_outbox.NeedsRetry ? IOEvents.Activity : IOEvents.None);
        if (_outbox.NeedsRetry) (_retry ??= new SendRetry(_loop, Retry)).Schedule();
        if (interest == _interest) return;
        _interest = interest;
        _loop.UpdateHandler(_socket, interest);
    }

    private void SpawnFlush()
    {
        // Looked at first: it is set for most, and what was queued before the queue's lock was left is seen by a flush that has yet to take
        // it.
        if (Volatile.Read(ref _flushScheduled) == 0 && Interlocked.Exchange(ref _flushScheduled, 1) == 0) _loop.SpawnCallback(_flush);
    }

    private void FlushScheduled()
    {
        Volatile.Write(ref _flushScheduled, 0); // first: what is queued from now on schedules anew
        FlushNow(triesPeers: false);
    }

    private void Retry() => FlushNow(triesPeers: true);

    private void FlushNow(bool triesPeers)
    {
        if (_busy || Life.State == StreamState.Closed) return;
        _busy = true;
        try
        {
            if (triesPeers) _outbox.TryPeersAgain();
            FlushSome();
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>What one turn may send: to those peers first that are to be tried again.</summary>
    private void FlushSome()
    {
        int sent = _outbox.FlushBlockedPeers(_messagesPerTurn);
        _outbox.Flush(Math.Max(1, _messagesPerTurn - sent));
    }

    private void DeliverInbox()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            Delivery.DeliverInbox(int.MaxValue);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Somebody waits for something that nobody waited for before, or nobody does any more. Any thread.</summary>
    private void Demand()
    {
        if (_loop.IsRunningHere)
        {
            if (!_busy) UpdateInterest();
        }
        else if (Interlocked.Exchange(ref _updateScheduled, 1) == 0)
        {
            _loop.SpawnCallback(_update);
        }
    }

    private void UpdateScheduled()
    {
        Volatile.Write(ref _updateScheduled, 0); // first: what is wanted from now on schedules anew
        if (!_busy) UpdateInterest();
    }

    private void EndWaits()
    {
        Inbox.Close();
        Polls.Close();
    }
}
