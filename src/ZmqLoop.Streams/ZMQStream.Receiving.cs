using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ZmqLoop.Streams;

// Receiving: messages come to a callback, or to whoever asks for them.
public sealed partial class ZMQStream
{
    /// <summary>Gives each received message to a callback, which replaces the one before; null pauses, as <see cref="StopOnRecv"/> does.
    /// <c>on_recv</c>.</summary>
    /// <param name="callback">Called on the loop, in the contexts in force now.</param>
    /// <param name="copy">True: the frames are yours to keep. False: they look into the engine's memory, without a copy or an allocation,
    /// and are valid until the callback returns, unless it calls <see cref="Message.Keep"/>.</param>
    /// <remarks>Messages that wait already are delivered, never inside this call.</remarks>
    public void OnRecv(Action<Message>? callback, bool copy = true)
    {
        _life.VerifyOpen();
        if (callback is null) _delivery.End();
        else _delivery.Begin(callback, callback, copy);
    }

    /// <summary>Gives each received message to an async callback. The next message waits in the socket until the callback has ended
    /// (<see cref="ZMQStreamOptions.MaxConcurrency"/> allows more), so that the senders feel the high-water mark. Without copies, the
    /// message is valid until then.</summary>
    /// <inheritdoc cref="OnRecv(Action{Message}?, bool)"/>
    /// <exception cref="InvalidOperationException">The stream has a <see cref="ZMQStreamOptions.HandlerTimeout"/>.</exception>
    [OverloadResolutionPriority(1)] // OnRecv(null) is a call, too
    public void OnRecv(Func<Message, Task>? callback, bool copy = true)
    {
        _life.VerifyOpen();
        if (callback is null)
        {
            _delivery.End();
            return;
        }

        VerifyHasToken();
        _delivery.Begin(callback, callback, copy);
    }

    /// <summary>As <see cref="OnRecv(Func{Message, Task}?, bool)"/>, with a token that fires when the stream begins to close, before
    /// <see cref="CloseAsync"/> waits for the callback, or after <see cref="ZMQStreamOptions.HandlerTimeout"/>. That, when the stream
    /// closes, it ends with an <see cref="OperationCanceledException"/> is no
    /// error.</summary>
    /// <inheritdoc cref="OnRecv(Action{Message}?, bool)"/>
    public void OnRecv(Func<Message, CancellationToken, Task> callback, bool copy = true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _life.VerifyOpen();
        _delivery.Begin(callback, callback, copy);
    }

    /// <summary>As <see cref="OnRecv(Action{Message}?, bool)"/>, for one callback of many streams. <c>on_recv_stream</c>.</summary>
    public void OnRecvStream(Action<ZMQStream, Message>? callback, bool copy = true)
    {
        _life.VerifyOpen();
        if (callback is null) _delivery.End();
        else _delivery.Begin(message => callback(this, message), callback, copy);
    }

    /// <summary>As <see cref="OnRecv(Func{Message, Task}?, bool)"/>, for one callback of many streams.</summary>
    [OverloadResolutionPriority(1)]
    public void OnRecvStream(Func<ZMQStream, Message, Task>? callback, bool copy = true)
    {
        _life.VerifyOpen();
        if (callback is null)
        {
            _delivery.End();
            return;
        }

        VerifyHasToken();
        _delivery.Begin(message => callback(this, message), callback, copy);
    }

    /// <summary>As <see cref="OnRecv(Func{Message, CancellationToken, Task}, bool)"/>, for one callback of many streams.</summary>
    public void OnRecvStream(Func<ZMQStream, Message, CancellationToken, Task> callback, bool copy = true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _life.VerifyOpen();
        _delivery.Begin((message, closing) => callback(this, message, closing), callback, copy);
    }

    /// <summary>Stops receiving at once, also in the middle of a flush; what waits stays in the socket. Nothing happens on a closed stream.
    /// <c>stop_on_recv</c>.</summary>
    public void StopOnRecv()
    {
        if (IsClosed) return;
        _life.VerifyThread();
        _delivery.End();
    }

    /// <summary>Does nothing: a ZeroMQ socket has no error state to wait for. pyzmq's <c>on_err</c> does nothing either since
    /// 2.2.</summary>
    [Obsolete("A ZeroMQ socket has no error state: see IOLoop.HandleCallbackException, OnSend and SetCloseCallback.")]
    public void OnErr(Action? callback) => _ = callback;

    /// <summary>Does nothing; see <see cref="OnErr"/>.</summary>
    [Obsolete("A ZeroMQ socket has no error state: see IOLoop.HandleCallbackException, OnSend and SetCloseCallback.")]
    public void StopOnErr() => _ = this;

    /// <summary>
    /// The messages as a channel, for consumers on other threads: up to <see cref="ZMQStreamOptions.ReadAhead"/> messages are received
    /// before they are asked for, the rest waits in the socket, so that the senders feel the high-water mark. It begins with the first read
    /// and goes on until the stream is closed, after which what was received can still be read. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">From reading: the stream has a receive callback.</exception>
    /// <exception cref="InvalidOperationException">The socket only sends.</exception>
    public ChannelReader<Message> Reader
    {
        get
        {
            _life.VerifyReceives();
            return _turn.Asking.Reader;
        }
    }

    /// <summary>The next message; its frames are yours to keep. Any thread; the await resumes where it began, as any other. <c>await
    /// socket.recv_multipart()</c> of <c>zmq.asyncio</c>.</summary>
    /// <param name="cancellationToken">Ends the waiting. No message is lost: it was received by this call, or waits for the next.</param>
    /// <remarks>Several receives may wait at once: the first one gets the first message. No more messages leave the socket than are asked
    /// for.</remarks>
    /// <exception cref="ObjectDisposedException">The stream, or its loop, is, or was meanwhile, closed.</exception>
    /// <exception cref="InvalidOperationException">The stream has a receive callback.</exception>
    /// <exception cref="ZMQException">The engine cannot receive; from the task.</exception>
    public ValueTask<Message> ReceiveAsync(CancellationToken cancellationToken = default) =>
        _turn.Asking.Intake.ReceiveAsync(cancellationToken);

    /// <summary>As <see cref="ReceiveAsync(CancellationToken)"/>, for so long at most. Give the time here and not to <c>Task.WaitAsync</c>:
    /// a receive that was merely abandoned would take the next message with it. pyzmq's <c>RCVTIMEO</c>.</summary>
    /// <exception cref="TimeoutException">No message came; from the task.</exception>
    public ValueTask<Message> ReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken = default) =>
        _turn.Asking.Intake.ReceiveAsync(timeout, cancellationToken);

    /// <summary>All messages, one after the other, until the stream is closed: <c>await foreach (Message message in
    /// stream.ReadAllAsync(cancellationToken))</c>. Any thread.</summary>
    /// <param name="cancellationToken">Ends the waiting with an <see cref="OperationCanceledException"/>; no message is lost.</param>
    /// <remarks>Each message is received when it is asked for. Where throughput counts and the consumer is not on the loop,
    /// <see cref="Reader"/> is faster.</remarks>
    /// <exception cref="InvalidOperationException">The socket only sends.</exception>
    public IAsyncEnumerable<Message> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        _life.VerifyReceives();
        return new MessageSequence(_turn.Asking.Intake, cancellationToken);
    }

    /// <summary>Takes the next message, if one waits, also from a stream that has a receive callback: outside of it, or inside, where it is
    /// the one that the callback would be given next. Its frames are yours to keep. Loop's thread. pyzmq's <c>recv_multipart(NOBLOCK)</c>
    /// on the stream's socket.</summary>
    /// <returns>False where none waits, or where somebody asked for it before (<see cref="ReceiveAsync(CancellationToken)"/>,
    /// <see cref="Reader"/>).</returns>
    /// <remarks>The order is that of the socket, whoever takes a message. What is taken here counts for no limit of a turn: a sender that
    /// is faster than the loop keeps a loop over this busy.</remarks>
    /// <exception cref="ObjectDisposedException">The stream is closed.</exception>
    /// <exception cref="InvalidOperationException">The socket only sends.</exception>
    public bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        _life.VerifyOpen();
        return _turn.Asking.Intake.TryReceive(out message);
    }

    /// <summary>Receives messages that wait, and throws them away. pyzmq's <c>flush(POLLIN)</c> without a callback.</summary>
    /// <param name="limit">How many at most. Without it, a sender that is faster keeps this busy.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1.</exception>
    public int Discard(int limit = int.MaxValue)
    {
        _life.VerifyOpen();
        return _turn.Asking.Intake.Discard(limit);
    }

    /// <summary>Waits until something could be received or sent, and takes nothing. Any thread. <c>await socket.poll(timeout, flags)</c> of
    /// <c>zmq.asyncio</c>.</summary>
    /// <param name="events">What to wait for: <see cref="IOEvents.Read"/>, <see cref="IOEvents.Write"/>, or both.</param>
    /// <param name="timeout">For how long; null for ever.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What is possible; <see cref="IOEvents.None"/> when the time was over. By the time the await resumes, others may have been
    /// faster.</returns>
    /// <exception cref="ArgumentException">There is nothing to wait for in <paramref name="events"/>.</exception>
    /// <exception cref="ObjectDisposedException">The stream, or its loop, is, or was meanwhile, closed.</exception>
    public Task<IOEvents> PollAsync(IOEvents events = IOEvents.Read, TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        _turn.Asking.Polls.PollAsync(events, timeout, cancellationToken);

    private void VerifyHasToken()
    {
        if (_options.HandlerTimeout == Timeout.InfiniteTimeSpan) return;
        throw new InvalidOperationException(
            "This stream has a HandlerTimeout, which this callback would not hear of: take a token as well, as in "
            + "stream.OnRecv(async (message, cancellationToken) => ...). Nothing has changed.");
    }

    /// <summary>As <see cref="OnRecv(Action{Message}?, bool)"/>, for a callback that does nothing but call another, which is the one that
    /// reports name.</summary>
    internal void OnRecv(Action<Message> callback, Delegate original, bool copy)
    {
        _life.VerifyOpen();
        _delivery.Begin(callback, original, copy);
    }
}
