using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private readonly SendQueue _queue;
    private Action<Message, Exception?>? _onSend;
    private CallbackOrigin? _onSendOrigin;

    /// <summary>Queues a message; it is sent, and callbacks are called, after this call has returned. Any thread; the order is kept per thread. <c>send_multipart</c>.</summary>
    /// <param name="message">Stays the caller's: what is done to it later changes nothing. One without frames is refused.</param>
    /// <param name="callback">For this message alone, instead of <see cref="OnSend"/>: gets it with null when the socket took it, or with what went wrong.</param>
    /// <exception cref="ObjectDisposedException">The stream is closed; nothing was queued.</exception>
    /// <exception cref="MessageNotSentException">The queue is full, and <see cref="ZMQStreamOptions.SendQueueFullMode"/> drops nothing; nothing was queued.</exception>
    /// <exception cref="ArgumentException">The message has no frames.</exception>
    public void Send(Message message, Action<Message, Exception?>? callback = null)
    {
        VerifyMessage(message);
        VerifyAdded(Add(message, [], TicketFor(callback, _options.TimeToLive)));
    }

    /// <summary>As <see cref="Send(Message, Action{Message, Exception?})"/>, for a message that is worth nothing after a while.</summary>
    /// <param name="message">Stays the caller's.</param>
    /// <param name="timeToLive">If the socket has not taken it by then, it is dropped, and <see cref="MessageNotSentException"/> told. Infinite for no limit.</param>
    /// <param name="callback">For this message alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is zero or negative.</exception>
    public void Send(Message message, TimeSpan timeToLive, Action<Message, Exception?>? callback = null)
    {
        VerifyMessage(message);
        VerifyTimeToLive(timeToLive);
        VerifyAdded(Add(message, [], TicketFor(callback, timeToLive)));
    }

    /// <summary>Queues a message of one frame; bytes, spans and text convert. <c>send</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void Send(Frame frame, Action<Message, Exception?>? callback = null) => VerifyAdded(Add(null, [frame], TicketFor(callback, _options.TimeToLive)));

    /// <summary>Queues a message of these frames. <c>send_multipart</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendMultipart(params ReadOnlySpan<Frame> frames)
    {
        if (frames.IsEmpty) ThrowNoFrames(nameof(frames));
        VerifyAdded(Add(null, frames, TicketFor(null, _options.TimeToLive)));
    }

    /// <summary>Queues a text in UTF-8. <c>send_string</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendString(string text, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        Send(Frame.FromString(text), callback);
    }

    /// <summary>Queues a value as JSON, by a source-generated contract. <c>send_json</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendJson<T>(T value, JsonTypeInfo<T> type, Action<Message, Exception?>? callback = null) => Send(Frame.FromJson(value, type), callback);

    /// <summary>Queues a value as <see cref="ZMQStreamOptions.Serializer"/> writes it. pyzmq's <c>send_pyobj</c>, with a serializer of your choice.</summary>
    /// <exception cref="InvalidOperationException">The stream has no serializer.</exception>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendObject<T>(T value, Action<Message, Exception?>? callback = null)
    {
        IFrameSerializer serializer = _options.Serializer
            ?? throw new InvalidOperationException("This stream has no serializer: set ZMQStreamOptions.Serializer, or send a Frame that you wrote yourself (Frame.Write).");
        Send(Frame.Write((Serializer: serializer, Value: value), static (state, target) => state.Serializer.Serialize(state.Value, target)), callback);
    }

    /// <summary>As <see cref="Send(Message, Action{Message, Exception?})"/> where there is room in the queue. Any thread.</summary>
    /// <returns>False where there is none (unless something is dropped for it), and nothing was queued.</returns>
    public bool TrySend(Message message, Action<Message, Exception?>? callback = null)
    {
        VerifyMessage(message);
        return Add(message, [], TicketFor(callback, _options.TimeToLive)) == AddResult.Queued;
    }

    /// <summary>Queues a message. Any thread. <c>await socket.send_multipart(…)</c> of <c>zmq.asyncio</c>.</summary>
    /// <param name="message">Stays the caller's.</param>
    /// <param name="cancel">Takes the message out of the queue again, if the socket has not taken it by then.</param>
    /// <returns>A task that ends when the engine took the message, and fails with what went wrong; with <see cref="ObjectDisposedException"/> if the stream was closed first.
    /// Where the queue is full it ends later (<see cref="SendQueueFullMode.Wait"/>), so that awaiting it is waiting for room.</returns>
    public Task SendAsync(Message message, CancellationToken cancel = default) => SendAsync(message, _options.TimeToLive, cancel);

    /// <inheritdoc cref="SendAsync(Message, CancellationToken)"/>
    /// <param name="message">Stays the caller's.</param>
    /// <param name="timeToLive">If the socket has not taken the message by then, the task fails with <see cref="MessageNotSentException"/>. Infinite for no limit.</param>
    /// <param name="cancel">Takes the message out of the queue again, if the socket has not taken it by then.</param>
    public Task SendAsync(Message message, TimeSpan timeToLive, CancellationToken cancel = default)
    {
        VerifyMessage(message);
        VerifyTimeToLive(timeToLive);
        if (cancel.IsCancellationRequested) return Task.FromCanceled(cancel);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SendTicket ticket = new() { Completion = done, Deadline = DeadlineOf(timeToLive), CancelToken = cancel };
        if (Add(message, [], ticket) != AddResult.Queued) return Task.FromException(new MessageNotSentException(NotSentReason.QueueFull));
        if (cancel.CanBeCanceled)
        {
            ticket.Cancellation = cancel.UnsafeRegister(_ =>
            {
                if (!_queue.Cancel(ticket)) return; // sent already, or just now
                TellCancelled(ticket);
                SpawnFlush(); // a drain may have waited for this message alone, and the loop held the stream for it
            }, null);
            if (done.Task.IsCompleted) ticket.Cancellation.Unregister(); // it ended before it could be cancelled
        }

        return done.Task;
    }

    /// <summary>Waits until there is room in the send queue; <see cref="TrySend"/> may find it taken by another thread again. Any thread.</summary>
    /// <returns>False if the stream was closed instead. As <see cref="System.Threading.Channels.ChannelWriter{T}.WaitToWriteAsync"/>.</returns>
    public Task<bool> WaitToSendAsync(CancellationToken cancel = default) => _queue.WaitForRoomAsync().WaitAsync(cancel);

    /// <summary>Drops everything that waits to be sent; whoever sent it is told (<see cref="NotSentReason.Cleared"/>), soon. Any thread.</summary>
    /// <returns>How many messages were dropped.</returns>
    public int ClearSendQueue()
    {
        int cleared = _queue.Clear();
        if (cleared > 0) SpawnFlush();
        return cleared;
    }

    /// <summary>Called for each message that the socket took (with null), or refused (with the reason), unless its own callback was given to Send; null stops. <c>on_send</c>.</summary>
    public void OnSend(Action<Message, Exception?>? callback)
    {
        VerifyOpen();
        _onSendOrigin = callback is null ? null : Origin(callback);
        _onSend = StackContext.Wrap(callback);
    }

    /// <summary>As <see cref="OnSend"/>, for one callback of many streams. <c>on_send_stream</c>.</summary>
    public void OnSendStream(Action<ZMQStream, Message, Exception?>? callback)
    {
        VerifyOpen();
        Action<ZMQStream, Message, Exception?>? wrapped = StackContext.Wrap(callback);
        _onSendOrigin = callback is null ? null : Origin(callback);
        _onSend = wrapped is null ? null : (message, error) => wrapped(this, message, error);
    }

    /// <summary>Takes the <see cref="OnSend"/> callback away. Nothing happens on a closed stream. <c>stop_on_send</c>.</summary>
    public void StopOnSend()
    {
        if (IsClosed) return;
        VerifyThread();
        _onSend = null;
        _onSendOrigin = null;
    }

    private AddResult Add(Message? message, ReadOnlySpan<Frame> frames, SendTicket? ticket)
    {
        ObjectDisposedException.ThrowIf(_refuses || Socket.IsClosed, this);
        AddResult result = _queue.Add(message, frames, ticket, waits: ticket?.Completion is not null);
        ObjectDisposedException.ThrowIf(result == AddResult.Closed, this);
        if (_queue.HasRefused || ticket is { Expires: true }) SpawnFlush(); // also where the queue is stuck: senders are to be told, timers to be set
        else if (result == AddResult.Queued) ScheduleFlush();
        return result;
    }

    private SendTicket? TicketFor(Action<Message, Exception?>? callback, TimeSpan timeToLive)
    {
        if (callback is null && timeToLive == Timeout.InfiniteTimeSpan) return null;
        return new SendTicket
        {
            Callback = StackContext.Wrap(callback),
            Origin = callback is null ? null : Origin(callback),
            Deadline = DeadlineOf(timeToLive),
        };
    }

    private double DeadlineOf(TimeSpan timeToLive) => timeToLive == Timeout.InfiniteTimeSpan ? double.PositiveInfinity : IOLoop.Time() + timeToLive.TotalSeconds;

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
        if (result == AddResult.Full) throw new MessageNotSentException(NotSentReason.QueueFull);
    }

    [DoesNotReturn]
    private static void ThrowNoFrames(string name) => throw new ArgumentException("A message needs at least one frame; it may be empty.", name);
}
