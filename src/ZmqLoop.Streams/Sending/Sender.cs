using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>Where messages come in to be sent, from any thread: each is looked at, gets its ticket, and goes into the queue.</summary>
internal sealed class Sender(
    ZMQSocket socket, SendQueue queue, Outbox outbox, Lockstep lockstep, ISendingTurn turn, StreamLife life, StreamCallbacks callbacks,
    MessageActivities activities, ZMQStreamOptions options)
{
    private readonly bool _maySubscribe = socket.Type == SocketType.XSub; // by a message

    public void Send(Message message, TimeSpan timeToLive, Action<Message, Exception?>? callback)
    {
        VerifyMessage(message);
        VerifyTimeToLive(timeToLive);
        VerifyAdded(Add(message, [], TicketFor(callback, timeToLive)));
    }

    public void Send(ReadOnlySpan<Frame> frames, Action<Message, Exception?>? callback)
    {
        if (frames.IsEmpty) ThrowNoFrames(nameof(frames));
        VerifyAdded(Add(null, frames, TicketFor(callback, options.TimeToLive)));
    }

    public SendTicket SendRevocably(Message message, Action<Message, Exception?> callback)
    {
        SendTicket ticket = TicketFor(callback, options.TimeToLive)!;
        VerifyAdded(Add(message, [], ticket));
        return ticket;
    }

    public bool TrySend(Message message, Action<Message, Exception?>? callback)
    {
        VerifyMessage(message);
        SendTicket? ticket = TicketFor(callback, options.TimeToLive);
        if (ticket is null && life.Loop.IsRunningHere && TrySendAtOnce(message)) return true;
        return !IsRefused(Add(message, [], ticket), out _);
    }

    public Task SendAsync(Message message, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        VerifyMessage(message);
        VerifyTimeToLive(timeToLive);
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        if (lockstep.RefuseLate(message) is { } late) return Task.FromException(late);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SendTicket ticket = new() { Completion = done, Deadline = DeadlineOf(timeToLive), CancelToken = cancellationToken };
        if (IsRefused(Add(message, [], ticket), out NotSentReason reason)) return Task.FromException(new MessageNotSentException(reason));
        if (!cancellationToken.CanBeCanceled) return done.Task;
        ticket.Cancellation = cancellationToken.UnsafeRegister(_ => Cancel(ticket), null);
        if (done.Task.IsCompleted) ticket.Cancellation.Unregister(); // it ended before it could be cancelled
        return done.Task;
    }

    public int Clear()
    {
        int cleared = queue.Clear();
        if (cleared > 0) turn.SpawnFlush();
        return cleared;
    }

    /// <summary>Takes a message back that waits. Any thread.</summary>
    public void Cancel(SendTicket ticket)
    {
        if (!queue.Cancel(ticket)) return; // sent already, or just now
        SendOutcomes.TellCancelled(ticket);
        turn.SpawnFlush(); // a drain may have waited for this message alone, and the loop held the stream for it
    }

    /// <summary>Gives the socket a message that nobody is to be told of, without a copy in the queue. Loop's thread.</summary>
    private bool TrySendAtOnce(Message message)
    {
        if (_maySubscribe || !outbox.CanSendAtOnce || activities.FollowsSends) return false;
        life.VerifyMaySend();
        life.VerifySends();
        return outbox.TrySendAtOnce(message);
    }

    private AddResult Add(Message? message, ReadOnlySpan<Frame> frames, SendTicket? ticket)
    {
        life.VerifyMaySend();
        life.VerifySends();
        if (_maySubscribe) socket.VerifySubscriptions(message is null ? frames : message.Frames);
        if (message is not null && lockstep.RefuseLate(message) is { } late) throw late;
        lockstep.Asks();
        if (activities.FollowsSends) ticket = Follow(ticket, message?.Size ?? SizeOf(frames));
        AddResult result = AddToQueue(message, frames, ticket);
        ObjectDisposedException.ThrowIf(result == AddResult.Closed, life.Owner);
        if (queue.HasDropped || ticket is { Expires: true }) turn.SpawnFlush();
        else if (result == AddResult.Queued) turn.ScheduleFlush();
        return result;
    }

    /// <returns>A ticket that has the message's activity, and what goes with it; the same where there is neither.</returns>
    private SendTicket? Follow(SendTicket? ticket, long size)
    {
        Activity? activity = activities.Send(size, out Frame? trace);
        if (activity is null && trace is null) return ticket;
        ticket ??= new SendTicket();
        ticket.Activity = activity;
        ticket.Trace = trace;
        return ticket;
    }

    private AddResult AddToQueue(Message? message, ReadOnlySpan<Frame> frames, SendTicket? ticket)
    {
        bool waits = ticket?.Completion is not null;
        if (ticket?.Activity is null) return queue.Add(message, frames, ticket, waits);
        Exception? refusal = null;
        try
        {
            AddResult result = queue.Add(message, frames, ticket, waits);
            if (result == AddResult.Closed) refusal = StreamClosed.Error("The stream is closed.");
            else if (IsRefused(result, out NotSentReason reason)) refusal = new MessageNotSentException(reason);
            return result;
        }
        catch (Exception exception)
        {
            refusal = exception;
            throw;
        }
        finally
        {
            if (refusal is not null) ticket.EndActivity(refusal);
        }
    }

    private static long SizeOf(ReadOnlySpan<Frame> frames)
    {
        long size = 0;
        foreach (Frame frame in frames) size += frame.Length;
        return size;
    }

    private SendTicket? TicketFor(Action<Message, Exception?>? callback, TimeSpan timeToLive)
    {
        if (callback is null && timeToLive == Timeout.InfiniteTimeSpan) return null;
        return new SendTicket
        {
            Callback = StackContext.Wrap(callback),
            Origin = callback is null ? null : callbacks.Origin(callback),
            Flow = callback is null ? null : ExecutionContext.Capture(),
            Deadline = DeadlineOf(timeToLive),
        };
    }

    private double DeadlineOf(TimeSpan timeToLive) =>
        timeToLive == Timeout.InfiniteTimeSpan ? double.PositiveInfinity : life.Loop.Time() + timeToLive.TotalSeconds;

    private static void VerifyMessage(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Count == 0) ThrowNoFrames(nameof(message));
    }

    private static void VerifyTimeToLive(TimeSpan timeToLive)
    {
        if (timeToLive != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeToLive, TimeSpan.Zero);
    }

    private static void VerifyAdded(AddResult result)
    {
        if (IsRefused(result, out NotSentReason reason)) throw new MessageNotSentException(reason);
    }

    private static bool IsRefused(AddResult result, out NotSentReason reason)
    {
        reason = result == AddResult.PeerFull ? NotSentReason.PeerQueueFull : NotSentReason.QueueFull;
        return result is AddResult.Full or AddResult.PeerFull;
    }

    [DoesNotReturn]
    private static void ThrowNoFrames(string name) =>
        throw new ArgumentException("A message needs at least one frame; it may be empty.", name);
}
