using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>Takes messages from the socket for those who ask for them: at once on the loop's thread, else by way of the inbox. No more
/// leave the socket than are wanted.</summary>
internal sealed class Intake(
    MessageSource source, Lockstep lockstep, Inbox inbox, StreamLife life, StreamCallbacks callbacks, StreamTraffic traffic,
    MessageActivities activities, ZMQStreamOptions options)
{
    private int _taken; // since the stream's last turn, in it and outside
    private long _takenBytes;
    private long _takenAt; // the first of them

    /// <summary>True where somebody got a message in this turn, or since.</summary>
    public bool HasTaken => _taken > 0;

    /// <summary>True when the stream, or its loop, is closed and nothing is left that was received before. Any thread.</summary>
    public bool HasEnded => (life.IsClosed || life.Loop.IsClosed) && inbox.Count == 0;

    /// <summary>The budget is a whole one again. Loop's thread.</summary>
    public void BeginTurn()
    {
        _taken = 0;
        _takenBytes = 0;
    }

    /// <summary>The next message. Any thread.</summary>
    public ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Message>(cancellationToken);
        if (TryReceiveNow(out Message? message)) return new ValueTask<Message>(message);
        return new ValueTask<Message>(inbox.Wait(cancellationToken).Task);
    }

    /// <summary>The next message, if it comes in time. Any thread.</summary>
    public ValueTask<Message> ReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (timeout != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Message>(cancellationToken);
        if (TryReceiveNow(out Message? message)) return new ValueTask<Message>(message);
        PendingReceive pending = inbox.Wait(cancellationToken);
        pending.LimitTime(life.Loop, timeout, () =>
        {
            if (!inbox.Forget(pending)) return;
            pending.SetException(new TimeoutException($"No message came within {timeout}."));
            pending.Ended();
        });
        return new ValueTask<Message>(pending.Task);
    }

    /// <summary>A message that waits, whoever gets the next ones, unless somebody asked for it before. Loop's thread.</summary>
    public bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        life.VerifyReceives();
        return inbox.TryTake(out message) || (inbox.Wanted == 0 && lockstep.MayReceive && TryTake(out message));
    }

    /// <summary>Throws messages away that wait. Loop's thread.</summary>
    public int Discard(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        life.VerifyReceives();
        int count = 0;
        while (count < limit && inbox.TryTake(out _)) count++;
        using Message discarded = new();
        while (count < limit && lockstep.MayReceive && source.TryDiscard(discarded)) count++;
        return count;
    }

    /// <summary>Receives what is wanted in the inbox, up to the budget. Loop's thread.</summary>
    /// <returns>How many messages were received.</returns>
    public int Fill(int limit)
    {
        int count = 0;
        try
        {
            while (count < limit && !life.IsClosed && inbox.Wanted > 0 && lockstep.MayReceive && TryTake(out Message? message))
            {
                inbox.Put(message);
                count++;
                if (_takenBytes >= options.BytesPerTurn) break;
            }
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            if (!inbox.Fail(exception)) callbacks.Report(exception);
        }

        return count;
    }

    private bool TryReceiveNow([NotNullWhen(true)] out Message? message)
    {
        message = null;
        if (inbox.Count > 0 && inbox.TryTake(out message)) return true; // no lock for each message while they wait in the socket
        life.VerifyMayWait();
        inbox.VerifyNoCallback();
        life.VerifyReceives();
        lockstep.Waits();
        return CanTakeHere && lockstep.MayReceive && TryTake(out message);
    }

    /// <summary>On the loop's thread, where nobody else waits, a message can be had without waiting for the loop: as many in a turn as the
    /// stream may receive.</summary>
    private bool CanTakeHere =>
        life.Loop.IsRunningHere && inbox.Wanted == 0 && _taken < options.MessagesPerTurn
            && _takenBytes < options.BytesPerTurn;

    private bool TryTake([NotNullWhen(true)] out Message? message)
    {
        if (!source.TryReceive(out message)) return false;
        long size = message.Size;
        if (_taken++ == 0) _takenAt = life.Loop.TimeProvider.GetTimestamp();
        _takenBytes += size;
        traffic.AddReceived(1, size, _takenAt);
        if (activities.FollowsReceives) activities.Receive(message);
        return true;
    }
}
