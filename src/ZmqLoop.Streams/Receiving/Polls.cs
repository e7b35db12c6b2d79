namespace ZmqLoop.Streams;

/// <summary>Those who wait until something could be received or sent, and take nothing.</summary>
/// <param name="socket">The socket.</param>
/// <param name="inbox">What lies here could be received at once.</param>
/// <param name="life">The stream's.</param>
/// <param name="demand">Called, on any thread, where others wait for other things than before.</param>
internal sealed class Polls(ZMQSocket socket, Inbox inbox, StreamLife life, Action demand)
{
    private readonly List<PendingPoll> _polls = []; // locked

    /// <summary>How many wait.</summary>
    public int Count => _polls.Count; // one that comes now asks again

    /// <summary>What they wait for.</summary>
    public IOEvents Events
    {
        get
        {
            IOEvents events = IOEvents.None;
            if (_polls.Count == 0) return events;
            lock (_polls)
            {
                foreach (PendingPoll poll in _polls) events |= poll.Events;
            }

            return events;
        }
    }

    /// <summary>Waits. Any thread.</summary>
    public Task<IOEvents> PollAsync(IOEvents events, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        if ((events & (IOEvents.Read | IOEvents.Write)) == 0) throw new ArgumentException("Wait for Read, Write, or both.", nameof(events));
        if (timeout is { } given && given != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(timeout));
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<IOEvents>(cancellationToken);
        if ((events & IOEvents.Read) != 0 && inbox.Count > 0) return Task.FromResult(IOEvents.Read);
        PendingPoll poll = new(events & (IOEvents.Read | IOEvents.Write));
        lock (_polls)
        {
            life.VerifyMayWait(); // in the lock: those added before are ended when the stream, or the loop, is closed
            _polls.Add(poll);
        }

        poll.CancelWith(() => Forget(poll), cancellationToken);
        poll.LimitTime(life.Loop, timeout ?? Timeout.InfiniteTimeSpan, () =>
        {
            Answer(); // "now or not at all" still looks now
            if (!Forget(poll)) return;
            poll.SetResult(IOEvents.None);
            poll.Ended();
        });
        demand();
        return poll.Task;
    }

    /// <summary>Tells those that wait for what is possible now. Loop's thread.</summary>
    public void Answer()
    {
        if (_polls.Count > 0 && !life.IsGone) Answer(socket.Events);
    }

    /// <summary>Whoever waits hears that the stream is closed. Any thread.</summary>
    public void Close()
    {
        List<PendingPoll> left;
        lock (_polls)
        {
            left = [.. _polls];
            _polls.Clear();
        }

        foreach (PendingPoll poll in left)
        {
            poll.SetException(StreamClosed.Error("The stream, or its loop, was closed while it was polled."));
            poll.Ended();
        }
    }

    private void Answer(IOEvents ready)
    {
        List<PendingPoll> answered;
        lock (_polls)
        {
            answered = _polls.FindAll(poll => (poll.Events & ready) != 0);
            _polls.RemoveAll(poll => (poll.Events & ready) != 0);
        }

        foreach (PendingPoll poll in answered)
        {
            poll.SetResult(poll.Events & ready);
            poll.Ended();
        }
    }

    private bool Forget(PendingPoll poll)
    {
        lock (_polls)
        {
            if (!_polls.Remove(poll)) return false;
        }

        demand();
        return true;
    }
}
