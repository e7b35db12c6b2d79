using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace ZmqLoop.Streams;

// The other way to receive: whoever wants a message asks for it.
public sealed partial class ZMQStream
{
    private readonly Inbox _inbox;
    private readonly InboxReader _reader;
    private readonly Action _update;
    private int _updateScheduled;
    private int _pulled; // messages received since the stream's last turn, in it and outside
    private long _pulledBytes;

    /// <summary>
    /// The messages as a channel, for consumers on other threads: up to <see cref="ZMQStreamOptions.ReadAhead"/> messages are received before they are asked for, the rest waits in the socket, so
    /// that the senders feel the high-water mark. It begins with the first read and goes on until the stream is closed, after which what was received can still be read. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">From reading: the stream has a receive callback.</exception>
    public ChannelReader<Message> Reader => _reader;

    /// <summary>True when the stream, or its loop, is closed and nothing is left that was received before.</summary>
    internal bool HasEnded => (IsClosed || IOLoop.IsClosed) && _inbox.Count == 0;

    /// <summary>The next message; its frames are yours to keep. Any thread; the await resumes where it began, as any other. <c>await socket.recv_multipart()</c> of <c>zmq.asyncio</c>.</summary>
    /// <param name="cancel">Ends the waiting. No message is lost: it was received by this call, or waits for the next.</param>
    /// <remarks>Several receives may wait at once: the first one gets the first message. No more messages leave the socket than are asked for.</remarks>
    /// <exception cref="ObjectDisposedException">The stream, or its loop, is, or was meanwhile, closed.</exception>
    /// <exception cref="InvalidOperationException">The stream has a receive callback.</exception>
    /// <exception cref="ZMQException">The engine cannot receive; from the task.</exception>
    public ValueTask<Message> ReceiveAsync(CancellationToken cancel = default)
    {
        if (cancel.IsCancellationRequested) return ValueTask.FromCanceled<Message>(cancel);
        if (TryReceiveNow(out Message? message)) return new ValueTask<Message>(message);
        return new ValueTask<Message>(_inbox.Wait(cancel).Task);
    }

    /// <summary>As <see cref="ReceiveAsync(CancellationToken)"/>, for so long at most. Give the time here and not to <c>Task.WaitAsync</c>: a receive that was merely abandoned would take the next message with it. pyzmq's <c>RCVTIMEO</c>.</summary>
    /// <exception cref="TimeoutException">No message came; from the task.</exception>
    public ValueTask<Message> ReceiveAsync(TimeSpan timeout, CancellationToken cancel = default)
    {
        if (timeout != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        if (cancel.IsCancellationRequested) return ValueTask.FromCanceled<Message>(cancel);
        if (TryReceiveNow(out Message? message)) return new ValueTask<Message>(message);
        PendingReceive pending = _inbox.Wait(cancel);
        pending.LimitTime(IOLoop, timeout, () =>
        {
            if (!_inbox.Forget(pending)) return;
            pending.SetException(new TimeoutException($"No message came within {timeout}."));
            pending.Ended();
        });
        return new ValueTask<Message>(pending.Task);
    }

    /// <summary>All messages, one after the other, until the stream is closed: <c>await foreach (Message message in stream.ReadAllAsync(cancel))</c>. Any thread.</summary>
    /// <param name="cancel">Ends the waiting with an <see cref="OperationCanceledException"/>; no message is lost.</param>
    /// <remarks>Each message is received when it is asked for. Where throughput counts and the consumer is not on the loop, <see cref="Reader"/> is faster.</remarks>
    public IAsyncEnumerable<Message> ReadAllAsync(CancellationToken cancel = default) => new MessageSequence(this, cancel);

    /// <summary>Receives messages that wait, and throws them away. pyzmq's <c>flush(POLLIN)</c> without a callback.</summary>
    /// <param name="limit">How many at most. Without it, a sender that is faster keeps this busy.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1.</exception>
    public int Discard(int limit = int.MaxValue)
    {
        VerifyOpen();
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        int count = 0;
        while (count < limit && _inbox.TryTake(out _)) count++;
        using Message discarded = new();
        while (count < limit && IsInStep && Socket.TryReceive(discarded)) count++;
        return count;
    }

    /// <summary>True where asking the socket for a message is not out of turn, which REQ and REP refuse.</summary>
    private bool IsInStep => !_lockstep || (Socket.Events & IOEvents.Read) != 0;

    private bool TryReceiveNow([NotNullWhen(true)] out Message? message)
    {
        message = null;
        if (_inbox.Count > 0 && _inbox.TryTake(out message)) return true; // no lock for each message while they wait in the socket
        VerifyReceiving();
        return CanReceiveHere && IsInStep && ReceiveHere(out message);
    }

    private void VerifyReceiving()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ObjectDisposedException.ThrowIf(IOLoop.IsClosed, IOLoop);
        if (_receiver is not null) _inbox.VerifyNoCallback(); // who cannot see it yet is told by the inbox when it comes to wait
    }

    /// <summary>On the loop's thread, where nobody else waits, a message can be had without waiting for the loop: as many in a turn as the stream may receive.</summary>
    private bool CanReceiveHere =>
        IOLoop.IsRunning && IOLoop.CheckAccess() && _inbox.Wanted == 0 && _pulled < _options.MessagesPerTurn && _pulledBytes < _options.BytesPerTurn;

    private bool ReceiveHere([NotNullWhen(true)] out Message? message)
    {
        if (!Socket.TryReceive(out message)) return false;
        CountPulled(message);
        return true;
    }

    private void CountPulled(Message message)
    {
        long size = message.Size;
        _pulled++;
        _pulledBytes += size;
        _meter.AddReceived(1, size);
    }

    /// <summary>Receives what is wanted, up to the budget.</summary>
    /// <returns>How many messages were received.</returns>
    private int Fill(int limit)
    {
        int count = 0;
        try
        {
            while (count < limit && !IsClosed && _inbox.Wanted > 0 && IsInStep && ReceiveHere(out Message? message))
            {
                _inbox.Put(message);
                count++;
                if (_pulledBytes >= _options.BytesPerTurn) break;
            }
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            if (!_inbox.Fail(exception)) IOLoop.ReportException(exception, new CallbackOrigin(CallbackKind.Stream, null, this));
        }

        return count;
    }

    /// <summary>Somebody waits for something that nobody waited for before, or nobody does any more. Any thread.</summary>
    private void WantUpdate()
    {
        if (IOLoop.IsRunning && IOLoop.CheckAccess())
        {
            if (!_busy) UpdateInterest();
        }
        else if (Interlocked.Exchange(ref _updateScheduled, 1) == 0)
        {
            IOLoop.SpawnCallback(_update);
        }
    }

    private void UpdateScheduled()
    {
        Volatile.Write(ref _updateScheduled, 0); // first: what is wanted from now on schedules anew
        if (!_busy) UpdateInterest();
    }
}
