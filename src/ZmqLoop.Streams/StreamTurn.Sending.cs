namespace ZmqLoop.Streams;

// Sending: when the queue is flushed, and what there is of it.
internal sealed partial class StreamTurn
{
    private SendingParts? _sending; // once somebody sends
    private bool _holdsNobody; // what is sent from now on holds the stream no more
    private bool _takesNothing; // nothing is sent any more
    private Action? _flush;
    private SendRetry? _retry; // of those that need it
    private int _flushScheduled;

    /// <summary>What the stream sends with, which is made by that. Any thread.</summary>
    public SendingParts Sending => Volatile.Read(ref _sending) ?? MakeSending();

    /// <summary>The same where there is something to ask it: null of a stream that has never sent. Any thread.</summary>
    public SendingParts? SendingOrNull => Volatile.Read(ref _sending);

    private int QueueLength => SendingOrNull?.Queue.Count ?? 0;

    void ISendingTurn.ScheduleFlush()
    {
        // Inside the stream's own turn the queue is flushed at the end of it, and one that waits for room is flushed when there is some.
        if (_loop.IsRunningHere && (_busy || SendingOrNull is { Outbox.IsStuck: true })) return;
        SpawnFlush();
    }

    void ISendingTurn.SpawnFlush() => SpawnFlush();

    void ISendingTurn.AfterExpiry()
    {
        UpdateInterest();
        Life.CloseIfDrained();
    }

    void ISendingTurn.AfterRefusal(Exception refusal) => FailWaiting(refusal);

    void IStreamParts.SendAll()
    {
        if (SendingOrNull is not { Outbox: var outbox }) return;
        outbox.TryPeersAgain();
        do
        {
            outbox.FlushBlockedPeers(int.MaxValue);
            outbox.Flush(int.MaxValue);
        }
        while (outbox.HasMore && !Life.IsGone);
    }

    void IStreamParts.ForgetUnsent()
    {
        lock (_traffic)
        {
            _holdsNobody = true;
            _sending?.Handle.Forget();
        }
    }

    private SendingParts MakeSending()
    {
        lock (_traffic)
        {
            if (_sending is { } made) return made;
            SendingParts sending = new(_socket, _lockstep, this, Life, _callbacks, _meter, _traffic, Activities, _options);
            if (_holdsNobody || _takesNothing) sending.Handle.Forget();
            if (_takesNothing) sending.Queue.Close(); // whoever comes so late is refused
            Volatile.Write(ref _sending, sending);
            return sending;
        }
    }

    /// <summary>What is made from now on takes nothing.</summary>
    /// <returns>What is there, to be closed.</returns>
    private SendingParts? EndSending()
    {
        lock (_traffic)
        {
            _takesNothing = true;
            return _sending;
        }
    }

    private void SpawnFlush()
    {
        // Looked at first: it is set for most, and what was queued before the queue's lock was left is seen by a flush that has yet to take
        // it.
        if (Volatile.Read(ref _flushScheduled) == 0 && Interlocked.Exchange(ref _flushScheduled, 1) == 0)
            _loop.SpawnCallback(_flush ??= FlushScheduled);
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
            if (triesPeers) SendingOrNull?.Outbox.TryPeersAgain();
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
        if (SendingOrNull is not { Outbox: var outbox }) return;
        int sent = outbox.FlushBlockedPeers(_messagesPerTurn);
        outbox.Flush(Math.Max(1, _messagesPerTurn - sent));
    }
}
