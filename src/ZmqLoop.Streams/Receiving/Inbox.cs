using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>Where messages meet those who wait for them. Any thread waits and takes; the loop's thread puts in what is wanted, and no more,
/// so that the rest waits in the socket.</summary>
/// <param name="socket">One that keeps the newest message alone has that alone lie here, too.</param>
/// <param name="readAhead">How many messages may lie here once somebody uses the reader.</param>
/// <param name="lockstep">Hears where nobody waits for a REQ's answer any more.</param>
/// <param name="demand">Called, on any thread, when something is wanted and nothing was before, and when whoever wanted something has given
/// up.</param>
internal sealed class Inbox(ZMQSocket socket, int readAhead, Lockstep lockstep, Action demand)
{
    private readonly Lock _gate = new();
    private readonly Queue<Message> _messages = new();
    private readonly LinkedList<PendingReceive> _waiting = [];
    private TaskCompletionSource? _completion; // where somebody waits for it
    private TaskCompletionSource<bool>? _arrival;
    private volatile bool _hasCallback;
    private volatile bool _readsAhead;
    private bool _full; // since it was, and until it is half empty: not one call of the loop for each message
    private bool _closed;
    private int _count;
    private int _wanted;

    /// <summary>How many messages lie here: read ahead, or for a receive that was cancelled in the very moment.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many messages to put in.</summary>
    public int Wanted => Volatile.Read(ref _wanted);

    /// <summary>Ends when the stream is closed and what lies here was taken.</summary>
    public Task Completion
    {
        get
        {
            lock (_gate)
            {
                if (_completion is not null) return _completion.Task;
                if (IsComplete) return Task.CompletedTask;
                _completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _completion.Task;
            }
        }
    }

    /// <summary>Messages go to a callback from now on.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits for them here.</exception>
    public void GiveToCallback()
    {
        lock (_gate)
        {
            if (_readsAhead) throw new InvalidOperationException(
                "The stream's messages go to its Reader: a stream has either a receive callback or a Reader.");
            if (_waiting.Count > 0) throw new InvalidOperationException(
                "A ReceiveAsync is waiting for the next message: await or cancel it before you call OnRecv.");
            _hasCallback = true;
        }
    }

    /// <summary>There is no callback any more.</summary>
    public void TakeFromCallback()
    {
        lock (_gate) _hasCallback = false;
    }

    /// <summary>Throws where messages go to a callback.</summary>
    public void VerifyNoCallback()
    {
        if (_hasCallback) ThrowHasCallback(); // who cannot see it yet is told when it comes to wait
    }

    public bool TryTake([NotNullWhen(true)] out Message? message)
    {
        bool wanted;
        lock (_gate) wanted = TakeNext(out message);
        if (wanted) demand();
        return message is not null;
    }

    public bool TryPeek([NotNullWhen(true)] out Message? message)
    {
        lock (_gate) return _messages.TryPeek(out message);
    }

    /// <summary>From now on messages are received before they are asked for.</summary>
    public void BeginReadAhead()
    {
        if (_readsAhead) return; // for good, so that most calls need no lock
        bool wanted;
        lock (_gate)
        {
            if (_readsAhead) return;
            if (_hasCallback) ThrowHasCallback();
            _readsAhead = true;
            wanted = Update();
        }

        if (wanted) demand();
    }

    /// <summary>Waits for a message of one's own.</summary>
    public PendingReceive Wait(CancellationToken cancellationToken)
    {
        PendingReceive pending = new();
        bool wanted = false;
        lock (_gate)
        {
            if (_hasCallback) ThrowHasCallback();
            if (_messages.TryDequeue(out Message? message))
            {
                pending.SetResult(message); // it came in this very moment
            }
            else if (_closed)
            {
                pending.SetException(Closed());
                return pending;
            }
            else
            {
                _waiting.AddLast(pending.Node);
            }

            wanted = Update();
        }

        pending.CancelWith(() => Forget(pending), cancellationToken);
        if (wanted) demand();
        return pending;
    }

    /// <summary>Waits until a message lies here, for the reader.</summary>
    public Task<bool> WaitToReadAsync()
    {
        bool wanted;
        Task<bool> arrival;
        lock (_gate)
        {
            if (_messages.Count > 0) return Task.FromResult(true);
            if (_closed) return Task.FromResult(false);
            _arrival ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _arrival.Task;
            wanted = Update();
        }

        if (wanted) demand();
        return arrival;
    }

    /// <summary>It waits no more: a message that comes is not for it.</summary>
    /// <returns>False where it has a message, or another end, already.</returns>
    public bool Forget(PendingReceive pending)
    {
        lock (_gate)
        {
            if (pending.Node.List is null) return false;
            _waiting.Remove(pending.Node);
            if (_waiting.Count == 0) lockstep.GivesUp();
            Update();
        }

        if (Wanted == 0) demand();
        return true;
    }

    /// <summary>A message for whoever has waited longest; it stays here if nobody does any more. Loop's thread.</summary>
    public void Put(Message message)
    {
        PendingReceive? first = null;
        TaskCompletionSource<bool>? arrival = null;
        lock (_gate)
        {
            if (_waiting.First is { } node)
            {
                first = node.Value;
                _waiting.Remove(node);
            }
            else
            {
                if (socket.Conflate) _messages.Clear();
                _messages.Enqueue(message);
                (arrival, _arrival) = (_arrival, null);
            }

            Update();
        }

        first?.SetResult(message);
        first?.Ended();
        arrival?.SetResult(true);
    }

    /// <summary>Receiving failed: whoever has waited longest hears of it.</summary>
    /// <returns>False where nobody waits.</returns>
    public bool Fail(Exception error)
    {
        PendingReceive first;
        lock (_gate)
        {
            if (_waiting.First is not { } node) return false;
            first = node.Value;
            _waiting.Remove(node);
            Update();
        }

        first.SetException(error);
        first.Ended();
        return true;
    }

    /// <summary>No more messages come; those that lie here can still be taken.</summary>
    public void Close()
    {
        List<PendingReceive> waiting;
        TaskCompletionSource<bool>? arrival;
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            _hasCallback = false;
            waiting = [.. _waiting];
            _waiting.Clear();
            (arrival, _arrival) = (_arrival, null);
            Update();
        }

        foreach (PendingReceive pending in waiting)
        {
            pending.SetException(Closed());
            pending.Ended();
        }

        arrival?.SetResult(false);
    }

    private bool TakeNext(out Message? message)
    {
        _messages.TryDequeue(out message);
        return Update();
    }

    /// <summary>Under the lock.</summary>
    private bool IsComplete => _closed && _messages.Count == 0;

    /// <summary>Counts anew.</summary>
    /// <returns>True where something is wanted, and nothing was before.</returns>
    private bool Update()
    {
        int before = _wanted;
        Volatile.Write(ref _count, _messages.Count);
        if (_messages.Count >= readAhead && !socket.Conflate) _full = true;
        else if (_messages.Count <= readAhead / 2) _full = false;
        int wanted = _waiting.Count + (_readsAhead && !_full ? Math.Max(1, readAhead - _messages.Count) : 0);
        Volatile.Write(ref _wanted, _closed ? 0 : wanted);
        if (IsComplete) _completion?.TrySetResult();
        return before == 0 && _wanted > 0;
    }

    private static ObjectDisposedException Closed() => StreamClosed.Error("The stream, or its loop, was closed: no more messages come.");

    [DoesNotReturn]
    private static void ThrowHasCallback() => throw new InvalidOperationException(
        "The stream's messages go to the callback that OnRecv was given: call StopOnRecv before you receive them yourself.");
}
