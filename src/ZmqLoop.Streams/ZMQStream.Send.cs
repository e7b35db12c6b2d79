using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private readonly SendQueue _queue = new();
    private Action<Message, Exception?>? _onSend;
    private Delegate? _onSendOriginal;
    private Action? _flushCallback;
    private bool _retryScheduled;
    private int _flushScheduled;
    private bool _stuck; // the socket would block: wait for room
    private bool _saysWritable; // and says that it would not: waiting for room would spin

    /// <summary>Queues a message; it is sent, and callbacks are called, after this call has returned. Any thread; the order is kept per thread. <c>send_multipart</c>.</summary>
    /// <param name="message">Stays the caller's: what is done to it later changes nothing. One without frames is refused.</param>
    /// <param name="callback">For this message alone, instead of <see cref="OnSend"/>: gets it with null when the socket took it, or with what went wrong.</param>
    /// <exception cref="ObjectDisposedException">The stream is closed; nothing was queued.</exception>
    /// <exception cref="ArgumentException">The message has no frames.</exception>
    public void Send(Message message, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Count == 0) throw new ArgumentException("A message needs at least one frame; it may be empty.", nameof(message));
        ObjectDisposedException.ThrowIf(IsClosed, this);
        bool queued = _queue.Add(message, StackContext.Wrap(callback), callback);
        ObjectDisposedException.ThrowIf(!queued, this);
        ScheduleFlush();
    }

    /// <summary>Queues a message of one frame; bytes and text convert. <c>send</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void Send(Frame frame, Action<Message, Exception?>? callback = null) => Send(new Message(frame), callback);

    /// <summary>Queues a message of these frames. <c>send_multipart</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendMultipart(params ReadOnlySpan<Frame> frames) => Send(new Message(frames));

    /// <summary>Queues a text in UTF-8. <c>send_string</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendString(string text, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        Send(Frame.FromString(text), callback);
    }

    /// <summary>Queues a value as JSON, by a source-generated contract. <c>send_json</c>.</summary>
    /// <inheritdoc cref="Send(Message, Action{Message, Exception?})"/>
    public void SendJson<T>(T value, JsonTypeInfo<T> type, Action<Message, Exception?>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        Send(Frame.Own(JsonSerializer.SerializeToUtf8Bytes(value, type)), callback);
    }

    /// <summary>Queues a message. Any thread.</summary>
    /// <returns>A task that ends when the engine took the message, and fails with what went wrong; with <see cref="ObjectDisposedException"/> if the stream was closed first.</returns>
    public Task SendAsync(Message message)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        NullContext.Run(() => Send(message, (_, error) =>
        {
            if (error is null) done.TrySetResult();
            else done.TrySetException(error);
        }));
        return done.Task;
    }

    /// <summary>Called for each message that the socket took (with null), or refused (with the reason), unless its own callback was given to Send; null stops. <c>on_send</c>.</summary>
    public void OnSend(Action<Message, Exception?>? callback)
    {
        VerifyOpen();
        _onSendOriginal = callback;
        _onSend = StackContext.Wrap(callback);
    }

    /// <summary>As <see cref="OnSend"/>, for one callback of many streams. <c>on_send_stream</c>.</summary>
    public void OnSendStream(Action<ZMQStream, Message, Exception?>? callback)
    {
        VerifyOpen();
        Action<ZMQStream, Message, Exception?>? wrapped = StackContext.Wrap(callback);
        _onSendOriginal = callback;
        _onSend = wrapped is null ? null : (message, error) => wrapped(this, message, error);
    }

    /// <summary>Takes the <see cref="OnSend"/> callback away. Nothing happens on a closed stream. <c>stop_on_send</c>.</summary>
    public void StopOnSend()
    {
        if (IsClosed) return;
        VerifyThread();
        _onSend = null;
        _onSendOriginal = null;
    }

    /// <summary>Handles now what is waiting: sends what is queued, receives what has come, and sends the replies to that. <c>flush</c>.</summary>
    /// <param name="events"><see cref="IOEvents.Read"/> to receive, <see cref="IOEvents.Write"/> to send, or both.</param>
    /// <param name="limit">How many messages to handle at most, received and sent together; null for no limit.</param>
    /// <returns>How many were handled. Inside a callback of this stream it is 0: the flush in progress goes on by itself.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1.</exception>
    /// <remarks>Messages are received only while there is a receive callback. Best effort: stops where the socket would block.</remarks>
    public int Flush(IOEvents events = IOEvents.Read | IOEvents.Write, int? limit = null)
    {
        VerifyOpen();
        if (limit is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(limit));
        if (_busy) return 0;
        int left = limit ?? int.MaxValue;
        _busy = true;
        try
        {
            int before;
            do
            {
                before = left;
                if ((events & IOEvents.Write) != 0) left -= SendQueued(left);
                if (left > 0 && (events & IOEvents.Read) != 0) left -= Receive(1);
            }
            while (left > 0 && left < before && !_closed);
        }
        finally
        {
            EndTurn();
        }

        return (limit ?? int.MaxValue) - left;
    }

    private void ScheduleFlush()
    {
        // Inside the stream's own turn the queue is flushed at the end of it, and a stuck queue waits for room.
        if (IOLoop.IsRunning && IOLoop.CheckAccess() && (_busy || _stuck)) return;
        SpawnFlush();
    }

    private void SpawnFlush()
    {
        if (Interlocked.Exchange(ref _flushScheduled, 1) == 0) IOLoop.SpawnCallback(_flushCallback ??= FlushScheduled);
    }

    private void FlushScheduled()
    {
        Volatile.Write(ref _flushScheduled, 0); // first: what is queued from now on schedules anew
        if (_closed || _busy) return;
        _busy = true;
        try
        {
            SendQueued(_options.MessagesPerTurn);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Sends from the queue until it is empty, the socket would block, or the limit is reached.</summary>
    /// <returns>How many messages were sent or refused.</returns>
    private int SendQueued(int limit)
    {
        int count = 0;
        while (count < limit && !IsGone && _queue.TryPeek(out SendQueue.Entry entry))
        {
            Exception? error = null;
            try
            {
                if (_stuck = !TrySend(entry.Message)) break;
            }
            catch (ContextTerminatedException)
            {
                _stuck = true; // the message stays, and the loop's next poll ends the loop
                break;
            }
            catch (Exception exception)
            {
                _stuck = false;
                error = exception;
            }

            count++;
            Finish(entry, error);
        }

        if (_queue.Count == 0) _stuck = false;
        if (_draining) CloseIfDrained();
        return count;
    }

    private bool TrySend(Message message)
    {
        // REQ and REP refuse to send out of turn; that is not a failure but a wait.
        if (_lockstep && (Socket.Events & IOEvents.Write) == 0) return false;
        if (Socket.TrySend(message)) return true;

        // Some (ROUTER, XPUB, STREAM) say that they are writable even where the peer that counts is not. Once more, since others may have become so just now.
        _saysWritable = (Socket.Events & IOEvents.Write) != 0;
        return _saysWritable && Socket.TrySend(message);
    }

    private void Finish(in SendQueue.Entry entry, Exception? error)
    {
        bool seen = entry.Callback is not null || _onSend is not null || error is not null;
        _queue.Remove(seen ? null : entry.Message);
        if (seen) ReportSent(entry, error);
    }

    /// <summary>Tells whoever asked: the message's own callback, else the stream's, else, for a failure, the loop's reporter.</summary>
    private void ReportSent(in SendQueue.Entry entry, Exception? error)
    {
        Action<Message, Exception?>? callback = entry.Callback ?? _onSend;
        Delegate? original = _onSendOriginal;
        if (callback is null)
        {
            if (error is not null) IOLoop.ReportException(error, new CallbackOrigin(CallbackKind.Stream, null, this, entry.Message));
            return;
        }

        try
        {
            callback(entry.Message, error);
        }
        catch (Exception exception)
        {
            IOLoop.ReportException(exception, new CallbackOrigin(CallbackKind.Stream, entry.Original ?? original, this, entry.Message));
        }
    }
}
