using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>
/// Messages that wait to be sent, in order. Any thread adds, drops and cancels; the loop's thread takes one in hand, and then removes it,
/// puts it back, or sets it aside, or a run of several, of which it removes those that were sent. What was set aside stands before all that
/// was not. What is in hand nobody else removes, since it may have been sent already.
/// </summary>
internal sealed class SendQueue(SendQueueHandle handle, ZMQStreamOptions options)
{
    private readonly Lock _gate = new();
    private readonly QueuedMessagePool _pool = new();
    private readonly PeerQueues _peers = new();
    private readonly SendLimits _limits = new(options);
    private List<QueuedMessage>? _untold; // null where there are none
    private List<SendTicket>? _expiring; // as above
    private TaskCompletionSource<bool>? _room;
    private QueuedMessage? _first;
    private QueuedMessage? _last;
    private QueuedMessage? _next; // the first that was not set aside
    private int _count;
    private long _bytes;
    private bool _closed;

    public int Count => Volatile.Read(ref _count);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How full it was, and what was dropped, so far.</summary>
    public SendQueueStatistics Counts { get; } = new();

    /// <summary>True while some wait that were not set aside.</summary>
    public bool HasNext => Volatile.Read(ref _next) is not null;

    /// <summary>True where the first of those is one for <see cref="TakeRun"/>.</summary>
    public bool HasRun => Volatile.Read(ref _next) is { Ticket: null };

    /// <summary>True while senders are to be told that messages expired, were cleared, or made room for others.</summary>
    public bool HasDropped => Volatile.Read(ref _untold) is not null;

    public bool HasExpiring => Volatile.Read(ref _expiring) is not null;

    /// <summary>Adds a copy of a message, or of frames where there is none, so that what the caller does to it later changes
    /// nothing.</summary>
    /// <param name="message">The message; null for the frames.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="ticket">Who is to be told; null for nobody in particular.</param>
    /// <param name="waits">True where the sender waits for the message's end, and so for room.</param>
    public AddResult Add(Message? message, ReadOnlySpan<Frame> frames, SendTicket? ticket, bool waits)
    {
        lock (_gate)
        {
            if (_closed) return AddResult.Closed;
            QueuedMessage entry = Fill(message, frames, ticket); // before anything is dropped for it
            AddResult result = _limits.TakesAll(waits) ? AddResult.Queued : FindRoom(entry);
            if (result == AddResult.Queued) Link(entry);
            else if (result != AddResult.Dropped) Recycle(entry, reusable: true);
            return result;
        }
    }

    /// <summary>Takes the first message that was not set aside in hand.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedMessage? entry)
    {
        lock (_gate)
        {
            entry = _next;
            entry?.IsInHand = true;
            return entry is not null;
        }
    }

    /// <summary>Takes messages in hand that nobody is to be told about, up to the first of another kind; end it with
    /// <see cref="EndRun"/>.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="first">The first of them, which names the next.</param>
    /// <returns>How many.</returns>
    public int TakeRun(int limit, out QueuedMessage? first)
    {
        int count = 0;
        lock (_gate)
        {
            first = _next;
            for (QueuedMessage? entry = first; count < limit && entry is { Ticket: null }; entry = entry.Next, count++)
                entry.IsInHand = true;
        }

        return count;
    }

    /// <summary>The first messages of a run were sent, and are emptied. The one behind them stays in hand, the others go back where they
    /// are.</summary>
    public void EndRun(QueuedMessage first, int taken, int sent)
    {
        lock (_gate)
        {
            if (!first.IsQueued) return; // closed meanwhile
            QueuedMessage? last = null;
            QueuedMessage? entry = first;
            for (int i = 0; i < taken; i++, entry = entry.Next)
            {
                entry!.IsInHand = i == sent;
                if (i >= sent) continue;
                entry.IsQueued = false;
                _bytes -= entry.Size;
                last = entry;
            }

            if (last is null) return;
            Cut(first, last);
            _count -= sent;
            Removed();
            _pool.Give(first, last, sent);
        }
    }

    /// <summary>Takes the first message in hand that was set aside for a peer.</summary>
    public bool TryTake(Frame peer, [NotNullWhen(true)] out QueuedMessage? entry)
    {
        lock (_gate)
        {
            entry = _peers.Find(peer)?.First;
            entry?.IsInHand = true;
            return entry is not null;
        }
    }

    /// <summary>True while one waits for this peer that was set aside.</summary>
    public bool HasMessageFor(Frame peer)
    {
        lock (_gate) return _peers.Find(peer) is not null;
    }

    /// <summary>What is in hand was not sent, and stays where it is.</summary>
    /// <returns>The message's ticket if the message was cancelled meanwhile and has left the queue; else null.</returns>
    public SendTicket? PutBack(QueuedMessage entry)
    {
        lock (_gate) return entry.IsQueued ? LetGo(entry) : null; // null where the queue was closed meanwhile
    }

    /// <summary>What is in hand waits for its peer, and the messages behind it are next. Where as many as may wait for it already, one
    /// is dropped.</summary>
    /// <inheritdoc cref="PutBack"/>
    public SendTicket? SetAside(QueuedMessage entry)
    {
        lock (_gate)
        {
            if (!entry.IsQueued) return null; // closed meanwhile
            _next = entry.Next;
            if (LetGo(entry) is { } cancelled) return cancelled;
            if (_limits.DropsNothing || FindPeersRoom(entry) == AddResult.Queued) _peers.Add(entry);
            return null;
        }
    }

    /// <summary>What is in hand was sent, or cannot be.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="reusable">True where nobody has seen its message.</param>
    public void Remove(QueuedMessage entry, bool reusable)
    {
        lock (_gate)
        {
            entry.IsInHand = false;
            if (!entry.IsQueued) return; // closed meanwhile
            Unlink(entry);
            Recycle(entry, reusable);
        }
    }

    /// <summary>Takes a message out because its sender does not want it sent any more.</summary>
    /// <returns>False where it has left the queue, or is being sent right now.</returns>
    public bool Cancel(SendTicket ticket)
    {
        lock (_gate)
        {
            ticket.IsCancelled = true;
            if (ticket.Entry is not { IsInHand: false } entry) return false;
            Unlink(entry);
            Recycle(entry, reusable: true);
            return true;
        }
    }

    /// <summary>Drops a message whose time is over.</summary>
    public void Expire(SendTicket ticket)
    {
        lock (_gate)
        {
            if (ticket.Entry is { IsInHand: false } entry) Drop(entry, NotSentReason.Expired);
        }
    }

    /// <summary>What is in hand is dropped because its time is over.</summary>
    public void ExpireInHand(QueuedMessage entry)
    {
        lock (_gate)
        {
            entry.IsInHand = false;
            if (entry.IsQueued) Drop(entry, NotSentReason.Expired);
        }
    }

    /// <summary>Drops everything but what is being sent right now.</summary>
    /// <returns>How many messages.</returns>
    public int Clear()
    {
        lock (_gate)
        {
            int cleared = 0;
            QueuedMessage? next;
            for (QueuedMessage? entry = _first; entry is not null; entry = next)
            {
                next = entry.Next;
                if (entry.IsInHand) continue;
                Drop(entry, NotSentReason.Cleared);
                cleared++;
            }

            return cleared;
        }
    }

    /// <summary>The messages that were dropped since the last call, for their senders to be told.</summary>
    public List<QueuedMessage> TakeDropped()
    {
        lock (_gate)
        {
            (List<QueuedMessage> untold, _untold) = (_untold ?? [], null);
            return untold;
        }
    }

    /// <summary>The tickets with a time to live that were added since the last call and still wait.</summary>
    public List<SendTicket> TakeExpiring()
    {
        lock (_gate)
        {
            (List<SendTicket> expiring, _expiring) = (_expiring ?? [], null);
            expiring.RemoveAll(static ticket => ticket.Entry is null);
            return expiring;
        }
    }

    /// <summary>Ends with true when there is room, and with false when the queue is closed.</summary>
    public Task<bool> WaitForRoomAsync()
    {
        lock (_gate)
        {
            if (_closed) return Task.FromResult(false);
            if (!IsFull(1)) return Task.FromResult(true);
            return (_room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Takes everything out and refuses what comes later.</summary>
    public List<QueuedMessage> Close()
    {
        lock (_gate)
        {
            _closed = true;
            _room?.TrySetResult(false);
            _room = null;
            List<QueuedMessage> left = new(_count);
            while (_first is { } entry)
            {
                Unlink(entry);
                left.Add(entry);
            }

            _pool.Clear();
            handle.LetGo();
            return left;
        }
    }

    private bool IsFull(long size) => _limits.IsFull(_count, _bytes, size);

    private QueuedMessage Fill(Message? message, ReadOnlySpan<Frame> frames, SendTicket? ticket)
    {
        QueuedMessage entry = _pool.Take() ?? new QueuedMessage();
        if (message is not null) entry.Message.CopyFrom(message);
        foreach (Frame frame in frames) entry.Message.Append(frame);
        entry.Size = entry.Message.Size;
        entry.Ticket = ticket;
        return entry;
    }

    /// <summary>Where there is no room for a new message: drops what the mode says, of its peer's alone where that has its
    /// limit.</summary>
    private AddResult FindRoom(QueuedMessage added)
    {
        AddResult atPeer = FindPeersRoom(added);
        if (atPeer != AddResult.Queued) return atPeer;
        while (IsFull(added.Size))
        {
            if (_limits.DropsNothing) return AddResult.Full;
            if (_limits.Victim(added, _first, _last, ofPeer: false) is not { } victim) break;
            Drop(victim, NotSentReason.QueueFull);
            if (ReferenceEquals(victim, added)) return AddResult.Dropped;
        }

        return AddResult.Queued;
    }

    /// <summary>The same among those that wait for its peer.</summary>
    private AddResult FindPeersRoom(QueuedMessage added)
    {
        PeerQueue? peer = _limits.LimitsPeers ? _peers.Find(added.Message[0]) : null;
        while (peer is not null && _limits.IsFull(peer))
        {
            if (_limits.DropsNothing) return AddResult.PeerFull;
            if (_limits.Victim(added, peer.First, peer.Last, ofPeer: true) is not { } victim) break;
            Drop(victim, NotSentReason.PeerQueueFull);
            if (ReferenceEquals(victim, added)) return AddResult.Dropped;
        }

        return AddResult.Queued;
    }

    private SendTicket? LetGo(QueuedMessage entry)
    {
        entry.IsInHand = false;
        if (entry.Ticket is not { IsCancelled: true } ticket) return null;
        Unlink(entry);
        Recycle(entry, reusable: true);
        return ticket;
    }

    private void Link(QueuedMessage entry)
    {
        entry.Previous = _last;
        if (_last is null) _first = entry;
        else _last.Next = entry;
        _last = entry;
        _next ??= entry;
        entry.IsQueued = true;
        if (++_count == 1) handle.Hold();
        Counts.NoteLength(_count);
        _bytes += entry.Size;
        if (entry.Ticket is not { } ticket) return;
        ticket.Entry = entry;
        if (ticket.Expires) (_expiring ??= []).Add(ticket);
    }

    private void Unlink(QueuedMessage entry)
    {
        Cut(entry, entry);
        _peers.Remove(entry);
        entry.Next = null;
        entry.IsQueued = false;
        entry.Ticket?.Entry = null;
        _count--;
        _bytes -= entry.Size;
        Removed();
    }

    /// <summary>Takes a run out of the list.</summary>
    private void Cut(QueuedMessage first, QueuedMessage last)
    {
        QueuedMessage? before = first.Previous;
        QueuedMessage? after = last.Next;
        if (ReferenceEquals(first, _next)) _next = after;
        if (before is null) _first = after;
        else before.Next = after;
        if (after is null) _last = before;
        else after.Previous = before;
        first.Previous = null;
    }

    private void Removed()
    {
        if (_count == 0)
        {
            _expiring = null;
            handle.LetGo();
        }

        if (_room is not { } room || IsFull(1)) return;
        _room = null;
        room.TrySetResult(true);
    }

    private void Drop(QueuedMessage entry, NotSentReason reason)
    {
        if (entry.IsQueued) Unlink(entry);
        entry.DropReason = reason;
        (_untold ??= []).Add(entry);
        Counts.AddDropped(reason);
    }

    private void Recycle(QueuedMessage entry, bool reusable)
    {
        entry.Ticket = null;
        if (reusable) entry.Message.Clear();
        else entry.Message = null;
        _pool.Give(entry, entry, 1);
    }
}
