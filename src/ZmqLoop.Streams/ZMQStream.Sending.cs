using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop.Streams;

// Sending: what is sent waits in a queue until the socket takes it.
public sealed partial class ZMQStream
{
    /// <summary>Queues a message; it is sent, and callbacks are called, after this call has returned. Any thread; the order is kept per
    /// thread. <c>send_multipart</c>.</summary>
    /// <param name="message">Stays the caller's: what is done to it later changes nothing. One without frames is refused.</param>
    /// <param name="callback">For this message alone, instead of <see cref="OnSend"/>: gets it with null when the socket took it, or with
    /// what went wrong.</param>
    /// <exception cref="ObjectDisposedException">The stream is closed; nothing was queued.</exception>
    /// <exception cref="MessageNotSentException">The queue is full, and <see cref="ZMQStreamOptions.SendQueueFullMode"/> drops nothing;
    /// nothing was queued.</exception>
    /// <exception cref="ArgumentException">The message has no frames.</exception>
    public void Send(Message message, Action<Message, Exception?>? callback = null) =>
        Sender.Send(message, _options.TimeToLive, callback);

    /// <summary>As <see cref="Send(Message, Action{Message, Exception?})"/>, for a message that is worth nothing after a while.</summary>
    /// <param name="message">Stays the caller's.</param>
    /// <param name="timeToLive">If the socket has not taken it by then, it is dropped, and <see cref="MessageNotSentException"/> told.
    /// Infinite for no limit.</param>
    /// <param name="callback">For this message alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is zero or negative.</exception>
    public void Send(Message message, TimeSpan timeToLive, Action<Message, Exception?>? callback = null) =>
        Sender.Send(message, timeToLive, callback);

    /// <summary>Queues a message of one frame; bytes, spans and text convert. <c>send</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void Send(Frame frame, Action<Message, Exception?>? callback = null) => Sender.Send([frame], callback);

    /// <summary>The same, of one frame; bytes, spans and text convert.</summary>
    /// <inheritdoc cref="Send(Message, TimeSpan, Action{Message, Exception})"/>
    public void Send(Frame frame, TimeSpan timeToLive, Action<Message, Exception?>? callback = null) =>
        Send(new Message(frame), timeToLive, callback);

    /// <summary>Queues a message of these frames. <c>send_multipart</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendMultipart(params ReadOnlySpan<Frame> frames) => Sender.Send(frames, null);

    /// <summary>The same as <see cref="Send(Message, Action{Message, Exception})"/>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception})"/>
    public void SendMultipart(Message message, Action<Message, Exception?>? callback = null) => Send(message, callback);

    /// <summary>Queues a text in UTF-8. <c>send_string</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendString(string text, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        Send(Frame.FromString(text), callback);
    }

    /// <summary>Queues a value as JSON, by a source-generated contract. <c>send_json</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendJson<T>(T value, JsonTypeInfo<T> type, Action<Message, Exception?>? callback = null) =>
        Send(Frame.FromJson(value, type), callback);

    /// <summary>Queues a value as <see cref="ZMQStreamOptions.Serializer"/> writes it. pyzmq's <c>send_pyobj</c>, with a serializer of your
    /// choice.</summary>
    /// <exception cref="InvalidOperationException">The stream has no serializer.</exception>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendObject<T>(T value, Action<Message, Exception?>? callback = null) => Send(TypedFrame.Write(value, Serializer), callback);

    /// <summary>As <see cref="Send(Message, Action{Message, Exception?})"/> where there is room in the queue. Any thread.</summary>
    /// <remarks>On the loop's thread, where nothing waits in the queue and nobody is to be told, the socket gets the message at once and
    /// without a copy, up to <see cref="ZMQStreamOptions.MessagesPerTurn"/> of them between two flushes of the queue.</remarks>
    /// <returns>False where there is none (unless something is dropped for it), and nothing was queued.</returns>
    public bool TrySend(Message message, Action<Message, Exception?>? callback = null) => Sender.TrySend(message, callback);

    /// <inheritdoc cref="TrySend(Message, Action{Message, Exception})"/>
    /// <remarks>A message of one frame; bytes, spans and text convert.</remarks>
    public bool TrySend(Frame frame, Action<Message, Exception?>? callback = null) => TrySend(new Message(frame), callback);

    /// <summary>Queues a message. Any thread. <c>await socket.send_multipart(…)</c> of <c>zmq.asyncio</c>.</summary>
    /// <param name="message">Stays the caller's.</param>
    /// <param name="cancellationToken">Takes the message out of the queue again, if the socket has not taken it by then.</param>
    /// <returns>A task that ends when the engine took the message, and fails with what went wrong; with
    /// <see cref="ObjectDisposedException"/> if the stream was closed first. Where the queue is full it ends later
    /// (<see cref="SendQueueFullMode.Wait"/>), so that awaiting it is waiting for room.</returns>
    public Task SendAsync(Message message, CancellationToken cancellationToken = default) =>
        SendAsync(message, _options.TimeToLive, cancellationToken);

    /// <inheritdoc cref="SendAsync(Message, CancellationToken)"
    ///     path="/*[not(@name='message' or @name='timeToLive' or @name='cancellationToken')]"/>
    /// <param name="message">Stays the caller's.</param>
    /// <param name="timeToLive">If the socket has not taken the message by then, the task fails with <see cref="MessageNotSentException"/>.
    /// Infinite for no limit.</param>
    /// <param name="cancellationToken">Takes the message out of the queue again, if the socket has not taken it by then.</param>
    public Task SendAsync(Message message, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        Sender.SendAsync(message, timeToLive, cancellationToken);

    /// <inheritdoc cref="SendAsync(Message, CancellationToken)"/>
    /// <summary>Queues a message of one frame; bytes, spans and text convert. Any thread. <c>await socket.send(…)</c>.</summary>
    public Task SendAsync(Frame frame, CancellationToken cancellationToken = default) => SendAsync(new Message(frame), cancellationToken);

    /// <inheritdoc cref="SendAsync(Message, TimeSpan, CancellationToken)"/>
    /// <summary>Queues a message of one frame; bytes, spans and text convert. Any thread.</summary>
    public Task SendAsync(Frame frame, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        SendAsync(new Message(frame), timeToLive, cancellationToken);

    /// <summary>Waits until there is room in the send queue; <see cref="TrySend(Message, Action{Message, Exception})"/> may find it taken
    /// by another thread again. Any thread.</summary>
    /// <returns>False if the stream was closed instead. As
    /// <see cref="System.Threading.Channels.ChannelWriter{T}.WaitToWriteAsync"/>.</returns>
    public Task<bool> WaitToSendAsync(CancellationToken cancellationToken = default) =>
        _turn.Sending.Queue.WaitForRoomAsync().WaitAsync(cancellationToken);

    /// <summary>Drops everything that waits to be sent; whoever sent it is told (<see cref="NotSentReason.Cleared"/>), soon. Any
    /// thread.</summary>
    /// <returns>How many messages were dropped.</returns>
    public int ClearSendQueue() => _turn.SendingOrNull?.Sender.Clear() ?? 0;

    /// <summary>Called for each message that the socket took (with null), or refused (with the reason), unless its own callback was given
    /// to Send; null stops. <c>on_send</c>.</summary>
    public void OnSend(Action<Message, Exception?>? callback)
    {
        _life.VerifyOpen();
        _turn.Sending.Outcomes.SetCallback(StackContext.Wrap(callback), callback);
    }

    /// <summary>As <see cref="OnSend"/>, for one callback of many streams. <c>on_send_stream</c>.</summary>
    public void OnSendStream(Action<ZMQStream, Message, Exception?>? callback)
    {
        _life.VerifyOpen();
        Action<ZMQStream, Message, Exception?>? wrapped = StackContext.Wrap(callback);
        _turn.Sending.Outcomes.SetCallback(wrapped is null ? null : (message, error) => wrapped(this, message, error), callback);
    }

    /// <summary>Takes the <see cref="OnSend"/> callback away. Nothing happens on a closed stream. <c>stop_on_send</c>.</summary>
    public void StopOnSend()
    {
        if (IsClosed) return;
        _life.VerifyThread();
        _turn.SendingOrNull?.Outcomes.SetCallback(null, null);
    }

    /// <summary>Handles now what is waiting: sends what is queued, receives what has come, and sends the replies to that.
    /// <c>flush</c>.</summary>
    /// <param name="events"><see cref="IOEvents.Read"/> to receive, <see cref="IOEvents.Write"/> to send, or both.</param>
    /// <param name="limit">How many messages to handle at most, received and sent together; null for no limit.</param>
    /// <returns>How many were handled. Inside a callback of this stream it is 0: the flush in progress goes on by itself.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1, or there are no such events.</exception>
    /// <remarks>Messages are received only while somebody wants them. Best effort: stops where the socket would block.</remarks>
    public int Flush(IOEvents events = IOEvents.Read | IOEvents.Write, int? limit = null)
    {
        _life.VerifyOpen();
        if (limit is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        return _turn.Flush(events, limit ?? int.MaxValue);
    }

    /// <exception cref="InvalidOperationException">The stream has none.</exception>
    internal IFrameSerializer Serializer => _options.Serializer ?? throw new InvalidOperationException(
        "This stream has no serializer: set ZMQStreamOptions.Serializer, such as to new JsonFrameSerializer(context), or give a "
        + "JsonTypeInfo, or write the frame yourself (Frame.Write).");

    /// <summary>Queues a message that can be taken back while it waits.</summary>
    internal SendTicket SendRevocably(Message message, Action<Message, Exception?> callback) => Sender.SendRevocably(message, callback);

    /// <summary>Takes a message out of the queue again, if the socket has not taken it by then; its callback is not called.</summary>
    internal void Revoke(SendTicket ticket) => Sender.Cancel(ticket);

    private Sender Sender => _turn.Sending.Sender;
}
