namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private readonly List<PendingPoll> _polls = []; // locked

    /// <summary>Waits until something could be received or sent, and takes nothing. Any thread. <c>await socket.poll(timeout, flags)</c> of <c>zmq.asyncio</c>.</summary>
    /// <param name="events">What to wait for: <see cref="IOEvents.Read"/>, <see cref="IOEvents.Write"/>, or both.</param>
    /// <param name="timeout">For how long; null for ever.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>What is possible; <see cref="IOEvents.None"/> when the time was over. By the time the await resumes, others may have been faster.</returns>
    /// <exception cref="ArgumentException">There is nothing to wait for in <paramref name="events"/>.</exception>
    /// <exception cref="ObjectDisposedException">The stream, or its loop, is, or was meanwhile, closed.</exception>
    public Task<IOEvents> PollAsync(IOEvents events = IOEvents.Read, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        if ((events & (IOEvents.Read | IOEvents.Write)) == 0) throw new ArgumentException("Wait for Read, Write, or both.", nameof(events));
        if (timeout is { } given && given != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(timeout));
        if (cancel.IsCancellationRequested) return Task.FromCanceled<IOEvents>(cancel);
        if ((events & IOEvents.Read) != 0 && _inbox.Count > 0) return Task.FromResult(IOEvents.Read);
        PendingPoll poll = new(events & (IOEvents.Read | IOEvents.Write));
        lock (_polls)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            ObjectDisposedException.ThrowIf(IOLoop.IsClosed, IOLoop); // in the lock: those added before are ended when the loop is closed
            _polls.Add(poll);
        }

        poll.CancelWith(() => Forget(poll), cancel);
        poll.LimitTime(IOLoop, timeout ?? Timeout.InfiniteTimeSpan, () =>
        {
            AnswerPolls(); // "now or not at all" still looks now
            if (!Forget(poll)) return;
            poll.SetResult(IOEvents.None);
            poll.Ended();
        });
        WantUpdate();
        return poll.Task;
    }

    private bool Forget(PendingPoll poll)
    {
        lock (_polls)
        {
            if (!_polls.Remove(poll)) return false;
        }

        WantUpdate();
        return true;
    }

    /// <summary>What the polls wait for.</summary>
    private IOEvents PolledEvents()
    {
        IOEvents events = IOEvents.None;
        if (_polls.Count == 0) return events; // one that comes now asks again
        lock (_polls)
        {
            foreach (PendingPoll poll in _polls) events |= poll.Events;
        }

        return events;
    }

    private void AnswerPolls()
    {
        if (_polls.Count > 0 && !IsGone) AnswerPolls(Socket.Events);
    }

    private void AnswerPolls(IOEvents ready)
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

    private void ClosePolls()
    {
        List<PendingPoll> left;
        lock (_polls)
        {
            left = [.. _polls];
            _polls.Clear();
        }

        foreach (PendingPoll poll in left)
        {
            poll.SetException(new ObjectDisposedException(nameof(ZMQStream), "The stream, or its loop, was closed while it was polled."));
            poll.Ended();
        }
    }
}
