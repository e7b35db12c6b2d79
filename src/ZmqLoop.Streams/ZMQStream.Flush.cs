namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private const int MessagesPerRun = 16; // what others cannot drop any more, for a moment

    private readonly StuckPeers? _stuckPeers; // a ROUTER's
    private Action? _flushCallback;
    private Action? _retryCallback;
    private bool _retryScheduled;
    private int _flushScheduled;
    private bool _stuck; // the socket would block: wait for room
    private int _sent; // since the meter was told
    private long _sentBytes;
    private bool _saysWritable; // and says that it would not: waiting for room would spin

    /// <summary>Handles now what is waiting: sends what is queued, receives what has come, and sends the replies to that. <c>flush</c>.</summary>
    /// <param name="events"><see cref="IOEvents.Read"/> to receive, <see cref="IOEvents.Write"/> to send, or both.</param>
    /// <param name="limit">How many messages to handle at most, received and sent together; null for no limit.</param>
    /// <returns>How many were handled. Inside a callback of this stream it is 0: the flush in progress goes on by itself.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1.</exception>
    /// <remarks>Messages are received only while somebody wants them. Best effort: stops where the socket would block.</remarks>
    public int Flush(IOEvents events = IOEvents.Read | IOEvents.Write, int? limit = null)
    {
        VerifyOpen();
        if (limit is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(limit));
        if (_busy) return 0;
        int left = limit ?? int.MaxValue;
        _busy = true;
        try
        {
            int before;
            do
            {
                before = left;
                if ((events & IOEvents.Write) != 0) left -= SendStuck(left);
                if (left > 0 && (events & IOEvents.Write) != 0) left -= SendQueued(left);
                if (left > 0 && (events & IOEvents.Read) != 0) left -= ReceiveWaiting(1);
            }
            while (left > 0 && left < before && !_closed);
        }
        finally
        {
            EndTurn();
        }

        return (limit ?? int.MaxValue) - left;
    }

    private void ScheduleFlush()
    {
        // Inside the stream's own turn the queue is flushed at the end of it, and a stuck queue waits for room.
        if (IOLoop.IsRunning && IOLoop.CheckAccess() && (_busy || _stuck)) return;
        SpawnFlush();
    }

    private void SpawnFlush()
    {
        // Looked at first: it is set for most, and what was queued before the queue's lock was left is seen by a flush that has yet to take it.
        if (Volatile.Read(ref _flushScheduled) == 0 && Interlocked.Exchange(ref _flushScheduled, 1) == 0) IOLoop.SpawnCallback(_flushCallback ??= FlushScheduled);
    }

    private void FlushScheduled()
    {
        Volatile.Write(ref _flushScheduled, 0); // first: what is queued from now on schedules anew
        if (_closed || _busy) return;
        _busy = true;
        try
        {
            SendQueued(_options.MessagesPerTurn);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>The socket says that it is writable while it is not for these messages, as a ROUTER does: waiting for that would spin.</summary>
    private void RetryLater()
    {
        if (_retryScheduled) return;
        _retryScheduled = true;
        NullContext.Run(() => IOLoop.CallLater(_retry, _retryCallback ??= Retry));
    }

    private void Retry()
    {
        _retryScheduled = false;
        if (_closed || _busy) return;
        _busy = true;
        try
        {
            int sent = SendStuck(_options.MessagesPerTurn);
            SendQueued(Math.Max(1, _options.MessagesPerTurn - sent));
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Sends from the queue until it is empty, the socket would block, or the limit is reached.</summary>
    /// <returns>How many messages were sent or refused.</returns>
    private int SendQueued(int limit)
    {
        TellRefused();
        int count = 0;
        int looked = 0;
        while (count < limit && !IsGone)
        {
            QueuedMessage? entry;
            if (CanSendRun)
            {
                count += SendRun(limit - count, out entry, out Exception? error);
                if (error is not null)
                {
                    Conclude(entry!, error);
                    count++;
                    continue;
                }

                if (entry is null) continue;
            }
            else if (!_queue.TryTake(out entry))
            {
                break;
            }
            else if (_stuckPeers is { Count: > 0 } stuck && stuck.TryAdd(entry))
            {
                TellCancelled(_queue.SetAside(entry));
                if (++looked == _options.MessagesPerTurn) break;
                continue;
            }
            else if (Attempt(entry))
            {
                count++;
                continue;
            }

            if (_stuckPeers is not null && _saysWritable)
            {
                _stuckPeers.Add(entry); // a ROUTER without room for one peer may have some for the others
                TellCancelled(_queue.SetAside(entry));
            }
            else if (!TellCancelled(_queue.PutBack(entry)))
            {
                _stuck = true;
                break;
            }
        }

        if (!_queue.HasNext) _stuck = false;
        if (_draining) CloseIfDrained();
        return count;
    }

    /// <summary>True where the next message goes out with those behind it: nobody is to be told of it, and it has no line of its own.</summary>
    private bool CanSendRun => _queue.HasRun && _onSend is null && !_lockstep && _stuckPeers is not { Count: > 0 };

    /// <summary>Sends messages that nobody is to be told about, several at a time.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="tried">The first that was not sent, and is still in hand; null where all were sent.</param>
    /// <param name="error">Why not; null where it would block.</param>
    /// <returns>How many were sent.</returns>
    private int SendRun(int limit, out QueuedMessage? tried, out Exception? error)
    {
        int taken = _queue.TakeRun(Math.Min(limit, MessagesPerRun), out tried);
        QueuedMessage? first = tried;
        int sent = 0;
        error = null;
        try
        {
            while (sent < taken && (Socket.TrySend(tried!.Message) || HandOverAgain(tried.Message)))
            {
                _sentBytes += tried.Size;
                tried.Message.Clear();
                tried = tried.Next;
                sent++;
            }
        }
        catch (ContextTerminatedException)
        {
            _saysWritable = false; // the message stays, and the loop's next poll ends the loop
        }
        catch (Exception exception)
        {
            error = exception;
        }

        if (sent == taken) tried = null;
        if (taken > 0) _queue.EndRun(first!, taken, sent);
        if (sent > 0) _stuck = false;
        _sent += sent;
        return sent;
    }

    /// <summary>Tries the peers that had no room, each once.</summary>
    private int SendStuck(int limit)
    {
        if (_stuckPeers is not { Count: > 0 } stuck) return 0;
        int count = 0;
        for (int turns = Math.Min(stuck.Count, _options.MessagesPerTurn); turns > 0 && count < limit && !IsGone && stuck.TryTake(out StuckPeers.Line? line); turns--)
        {
            try
            {
                count += SendLine(line, limit - count);
            }
            finally
            {
                stuck.Return(line);
            }
        }

        return count;
    }

    private int SendLine(StuckPeers.Line line, int limit)
    {
        int count = 0;
        while (count < limit && !IsGone && line.Messages.TryPeek(out QueuedMessage? entry))
        {
            if (_queue.TryTake(entry))
            {
                if (Attempt(entry)) count++;
                else if (!TellCancelled(_queue.PutBack(entry))) break;
            }

            line.Messages.Dequeue(); // sent now, or dropped before
        }

        return count;
    }

    /// <summary>Sends what is in hand, or finds that it never can be.</summary>
    /// <returns>False where it would block: it stays in hand.</returns>
    private bool Attempt(QueuedMessage entry)
    {
        if (entry.Ticket is { Expires: true } ticket && IOLoop.Time() >= ticket.Deadline)
        {
            _queue.ExpireInHand(entry);
            TellRefused();
            return true;
        }

        Exception? error = null;
        try
        {
            if (!HandOver(entry.Message)) return false;
        }
        catch (ContextTerminatedException)
        {
            _saysWritable = false; // the message stays, and the loop's next poll ends the loop
            return false;
        }
        catch (Exception exception)
        {
            error = exception;
        }

        Conclude(entry, error);
        return true;
    }

    /// <summary>What was in hand was sent, or never can be.</summary>
    private void Conclude(QueuedMessage entry, Exception? error)
    {
        _stuck = false;
        if (error is not null)
        {
            _meter.AddRefused(error);
        }
        else
        {
            _sent++;
            _sentBytes += entry.Size;
        }

        Finish(entry, error);
    }

    private bool HandOver(Message message)
    {
        // REQ and REP refuse to send out of turn; that is not a failure but a wait.
        if (_lockstep && (Socket.Events & IOEvents.Write) == 0)
        {
            _saysWritable = false;
            return false;
        }

        return Socket.TrySend(message) || HandOverAgain(message);
    }

    private bool HandOverAgain(Message message)
    {
        // Some (ROUTER, XPUB, STREAM) say that they are writable even where the peer that counts is not. Once more, since others may have become so just now.
        _saysWritable = (Socket.Events & IOEvents.Write) != 0;
        return _saysWritable && Socket.TrySend(message);
    }

    /// <summary>Messages with a time to live are still waiting: each gets a timer, so that its sender hears in time.</summary>
    private void WatchExpiring()
    {
        foreach (SendTicket ticket in _queue.TakeExpiring())
        {
            ticket.Timer = NullContext.Run(() => IOLoop.CallAt(ticket.Deadline, () =>
            {
                _queue.Expire(ticket);
                TellRefused();
                UpdateInterest();
                if (_draining) CloseIfDrained();
            }));
        }
    }
}
