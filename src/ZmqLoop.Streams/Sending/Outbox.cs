namespace ZmqLoop.Streams;

/// <summary>Gives the socket what is queued: in order, several at a time where nobody is to be told, and past the peers that have no room.
/// Loop's thread.</summary>
internal sealed class Outbox
{
    private const int MessagesPerRun = 16; // what others cannot drop any more, for a moment

    private readonly ZMQSocket _socket;
    private readonly IOLoop _loop;
    private readonly ISendingTurn _turn;
    private readonly SendQueue _queue;
    private readonly SendOutcomes _outcomes;
    private readonly StreamTraffic _traffic;
    private readonly Lockstep _lockstep;
    private readonly BlockedPeers? _blockedPeers; // of a socket that sends each message to the peer that its first frame names
    private readonly int _messagesPerTurn;
    private SendObstacle _obstacle; // of the message that is next
    private SendObstacle _peersObstacle; // of the peer that was tried last, of those that have no room
    private int _atOnce; // sent without the queue since its last flush: whoever sends in a loop has to come to an end
    private int _sent; // since it was counted
    private long _sentBytes;

    public Outbox(
        ZMQSocket socket, Lockstep lockstep, IOLoop loop, ISendingTurn turn, SendQueue queue, SendOutcomes outcomes, StreamTraffic traffic,
        ZMQStreamOptions options)
    {
        _socket = socket;
        _loop = loop;
        _turn = turn;
        _queue = queue;
        _outcomes = outcomes;
        _traffic = traffic;
        _lockstep = lockstep;
        _blockedPeers = socket.Type is SocketType.Router or SocketType.Stream ? new BlockedPeers() : null;
        _messagesPerTurn = options.MessagesPerTurn;
    }

    /// <summary>True where the message that is next cannot go out. Any thread.</summary>
    public bool IsStuck => _obstacle != SendObstacle.None;

    /// <summary>True where messages have gone out that are not counted yet. Any thread.</summary>
    public bool HasSent => Volatile.Read(ref _sent) > 0;

    /// <summary>True where the socket will tell when there is room.</summary>
    public bool AwaitsRoom => _obstacle == SendObstacle.NoRoom || (HasBlockedPeers && _peersObstacle == SendObstacle.NoRoom);

    /// <summary>True where a message could go out now: all that has kept it is that a turn was over.</summary>
    public bool HasMore => (_queue.HasNext && _obstacle == SendObstacle.None) || _blockedPeers is { HasUntried: true };

    /// <summary>True where something waits that no readiness may tell of: room for one peer of many, or that the peer is gone.</summary>
    public bool NeedsRetry => _obstacle == SendObstacle.PeerWithoutRoom || HasBlockedPeers;

    /// <summary>How many peers have no room, and messages that wait for it. Any thread.</summary>
    public int PeersWithoutRoom => _blockedPeers?.Count ?? 0;

    private bool HasBlockedPeers => _blockedPeers is { Count: > 0 };

    /// <summary>Sends from the queue until it is empty, the socket would block, or the limit is reached.</summary>
    /// <returns>How many messages were sent or refused.</returns>
    public int Flush(int limit)
    {
        _outcomes.TellDropped();
        _atOnce = 0;
        _obstacle = SendObstacle.None; // there may be room by now
        int count = 0;
        int passed = 0; // set aside, so that those behind come to be tried
        while (count < limit && passed < _messagesPerTurn && _obstacle == SendObstacle.None && !_socket.IsClosed)
        {
            if (CanSendRun) count += SendRun(limit - count);
            else if (!_queue.TryTake(out QueuedMessage? entry)) break;
            else if (!TryLineUp(entry) && TrySendOne(entry)) count++;
            else passed++;
        }

        _outcomes.TellDropped(); // for a peer with as many as may wait for it
        if (!_queue.HasNext) _obstacle = SendObstacle.None;
        return count;
    }

    /// <summary>There may be room for the peers that had none: <see cref="FlushBlockedPeers"/> is to try each of them.</summary>
    public void TryPeersAgain() => _blockedPeers?.TryAll();

    /// <summary>Tries those of the peers that had no room that are to be tried.</summary>
    /// <inheritdoc cref="Flush"/>
    public int FlushBlockedPeers(int limit)
    {
        if (_blockedPeers is not { HasUntried: true } blocked) return 0;
        int count = 0;
        for (int peers = 0; peers < _messagesPerTurn && count < limit && !_socket.IsClosed; peers++)
        {
            if (!blocked.TryTake(out Frame peer)) break;
            try
            {
                count += SendTo(peer, limit - count);
            }
            finally
            {
                blocked.Return(peer, isBlocked: _queue.HasMessageFor(peer));
            }
        }

        if (count >= limit) blocked.TryAll(); // there may be room for more
        return count;
    }

    /// <summary>The end of a turn: what was sent is counted, and messages with a time to live that still wait get a timer, so that their
    /// senders hear in time.</summary>
    public void EndTurn()
    {
        _traffic.AddSent(_sent, _sentBytes);
        _sent = 0;
        _sentBytes = 0;
        if (_queue.HasExpiring && !_loop.IsClosed && !_socket.IsClosed) WatchExpiring();
    }

    /// <summary>Gives up: the senders of all that was not sent are told.</summary>
    /// <param name="why">Why it was not sent.</param>
    public void Close(string why)
    {
        List<QueuedMessage> unsent = _queue.Close();
        _blockedPeers?.Clear();
        _obstacle = SendObstacle.None;
        try
        {
            _outcomes.TellDropped();
            _outcomes.TellUnsent(unsent, why);
        }
        finally
        {
            _outcomes.SetCallback(null, null);
        }
    }

    /// <summary>True where a message has nothing to wait behind, and nobody is to be told of it.</summary>
    public bool CanSendAtOnce => _queue.Count == 0 && _atOnce < _messagesPerTurn && !_outcomes.HasCallback && !_lockstep.IsOn;

    /// <summary>Sends a message that the socket takes now, where <see cref="CanSendAtOnce"/>.</summary>
    /// <returns>False where the queue is its place: nothing was sent. What the socket refuses goes there, too, and is refused again: those
    /// who have to know are told from there.</returns>
    public bool TrySendAtOnce(Message message)
    {
        try
        {
            if (!_socket.TrySend(message)) return false;
        }
        catch (ZMQException)
        {
            return false;
        }

        _atOnce++;
        _traffic.AddSent(1, message.Size);
        return true;
    }

    /// <summary>True where the next message goes out with those behind it: nobody is to be told of it, and it has no queue of its
    /// own.</summary>
    private bool CanSendRun => _queue.HasRun && !_outcomes.HasCallback && !_lockstep.IsOn && !HasBlockedPeers;

    /// <summary>Sends messages that nobody is to be told about, several at a time.</summary>
    /// <returns>How many were sent or refused.</returns>
    private int SendRun(int limit)
    {
        int taken = _queue.TakeRun(Math.Min(limit, MessagesPerRun), out QueuedMessage? next);
        if (taken == 0) return 0;
        QueuedMessage first = next!;
        int sent = 0;
        SendObstacle obstacle = SendObstacle.None;
        Exception? error = null;
        try
        {
            while (sent < taken && (obstacle = _socket.Offer(next!.Message)) == SendObstacle.None)
            {
                _sentBytes += next.Size;
                next.Message.Clear();
                next = next.Next;
                sent++;
            }
        }
        catch (ContextTerminatedException)
        {
            obstacle = SendObstacle.NoRoom; // the message stays, and the loop's next poll ends the loop
        }
        catch (Exception exception)
        {
            error = exception;
        }

        _queue.EndRun(first, taken, sent);
        _sent += sent;
        if (sent == taken) return sent;
        if (error is null)
        {
            KeepBack(next!, obstacle);
            return sent;
        }

        Conclude(next!, error);
        return sent + 1;
    }

    /// <summary>A message for a peer that others wait for waits behind them.</summary>
    private bool TryLineUp(QueuedMessage entry)
    {
        if (_blockedPeers is not { Count: > 0 } blocked || !blocked.Contains(entry.Message[0])) return false;
        SendOutcomes.TellCancelled(_queue.SetAside(entry));
        return true;
    }

    /// <returns>False where it was not sent, nor refused.</returns>
    private bool TrySendOne(QueuedMessage entry)
    {
        SendObstacle obstacle = Attempt(entry);
        if (obstacle != SendObstacle.None) KeepBack(entry, obstacle);
        return obstacle == SendObstacle.None;
    }

    /// <summary>Sends what waits for a peer, up to the first for which it has no room.</summary>
    private int SendTo(Frame peer, int limit)
    {
        int count = 0;
        while (count < limit && !_socket.IsClosed && _queue.TryTake(peer, out QueuedMessage? entry))
        {
            SendObstacle obstacle = Attempt(entry);
            if (obstacle == SendObstacle.None)
            {
                count++;
            }
            else if (!SendOutcomes.TellCancelled(_queue.PutBack(entry)))
            {
                _peersObstacle = obstacle;
                break;
            }
        }

        return count;
    }

    /// <summary>Sends what is in hand, or finds that it never can be.</summary>
    /// <returns><see cref="SendObstacle.None"/> where it is done with; else it stays in hand.</returns>
    private SendObstacle Attempt(QueuedMessage entry)
    {
        if (entry.Ticket is { Expires: true } ticket && _loop.Time() >= ticket.Deadline)
        {
            _queue.ExpireInHand(entry);
            _outcomes.TellDropped();
            return SendObstacle.None;
        }

        Exception? refusal = null;
        Exception? error = null;
        try
        {
            SendObstacle obstacle = SendObstacle.None;
            refusal = _lockstep.RefuseLate(entry.Message);
            if (refusal is null && _lockstep.MaySend) obstacle = Offer(entry);
            else if ((refusal ??= _lockstep.Refuse()) is null) obstacle = SendObstacle.NoRoom;
            if (obstacle != SendObstacle.None) return obstacle;
        }
        catch (ContextTerminatedException)
        {
            return SendObstacle.NoRoom; // the message stays, and the loop's next poll ends the loop
        }
        catch (Exception exception)
        {
            error = exception;
        }

        Conclude(entry, refusal ?? error);
        if (refusal is not null && _lockstep.IsReq) _turn.AfterRefusal(refusal);
        return SendObstacle.None;
    }

    /// <summary>What goes with the message is its last frame for so long.</summary>
    private SendObstacle Offer(QueuedMessage entry)
    {
        if (entry.Ticket?.Trace is not { } trace) return _socket.Offer(entry.Message);
        entry.Message.Append(trace);
        try
        {
            return _socket.Offer(entry.Message);
        }
        finally
        {
            entry.Message.RemoveLast();
        }
    }

    /// <summary>What is in hand was not sent, and waits; where it is for one peer of many, for that alone, whether or not the others have
    /// room now.</summary>
    private void KeepBack(QueuedMessage entry, SendObstacle obstacle)
    {
        if (_blockedPeers is not null)
        {
            _peersObstacle = obstacle;
            _blockedPeers.Add(entry.Message[0]);
            SendOutcomes.TellCancelled(_queue.SetAside(entry));
        }
        else if (!SendOutcomes.TellCancelled(_queue.PutBack(entry)))
        {
            _obstacle = obstacle;
        }
    }

    /// <summary>What is in hand was sent, or never can be.</summary>
    private void Conclude(QueuedMessage entry, Exception? error)
    {
        if (error is null)
        {
            _lockstep.Sent();
            _sent++;
            _sentBytes += entry.Size;
        }
        else
        {
            _traffic.AddRefused(error);
        }

        _outcomes.Finish(entry, error);
    }

    private void WatchExpiring()
    {
        foreach (SendTicket ticket in _queue.TakeExpiring())
        {
            ticket.Timer = NullContext.RunDetached(() => _loop.CallAt(ticket.Deadline, () =>
            {
                _queue.Expire(ticket);
                _outcomes.TellDropped();
                _turn.AfterExpiry();
            }));
        }
    }
}
