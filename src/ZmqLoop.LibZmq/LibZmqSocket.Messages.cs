using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed unsafe partial class LibZmqSocket
{
    /// <summary>What is copied out of, or thrown away.</summary>
    private LibZmqFrameBuffer Scratch => field ??= new LibZmqFrameBuffer();

    /// <inheritdoc/>
    public override bool TrySend(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ReadOnlySpan<Frame> frames = message.Frames;
        if (frames.IsEmpty) throw new ArgumentException("A message without frames cannot be sent.", nameof(message));
        Touch();
        if (Type == SocketType.XSub) SubscriptionFrames.Verify(this, frames);
        if (!TrySendFrame(frames[0], FlagsOf(frames, 0)) && !TrySendFirstAgain(frames)) return false;
        for (int i = 1; i < frames.Length; i++)
        {
            if (TrySendFrame(frames[i], FlagsOf(frames, i))) continue;
            BreakOff();
            FinishDropping(frames.Length - 1 - i);
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        Touch();
        message = null;
        if (Limit.IsDropping) return DropRest();
        LibZmqFrameBuffer scratch = Scratch;
        if (!TryReceiveFrame(scratch.Message, out int length))
        {
            Watch?.NothingToRead();
            return false;
        }

        try
        {
            message = CopyOut(scratch, length);
            return message is not null;
        }
        catch (OutOfMemoryException)
        {
            ForgetRest();
            throw;
        }
    }

    /// <summary>The message whose first frame is here, with its other frames; null where it was too large and dropped.</summary>
    private Message? CopyOut(LibZmqFrameBuffer scratch, int length)
    {
        if (Limit.IsExceededBy(1, length))
        {
            Drop(scratch, 1, length);
            return null;
        }

        Message received = new();
        ConnectionProperties? properties = _tellsCopies is { } names ? scratch.GetProperties(names) : null;
        received.Append(scratch.CopyOut(length, properties, out bool more));
        for (long bytes = length; more;)
        {
            if (!TryReceiveFrame(scratch.Message, out length)) throw Torn(received.Count, ErrorNumbers.Again);
            bytes += length;
            if (Limit.IsExceededBy(received.Count + 1, bytes))
            {
                Drop(scratch, received.Count + 1, bytes);
                return null;
            }

            // A routing id does not always have what its message has: not where the socket's events were asked for before.
            if (received.Count == 1 && properties is { AreUnknown: true }) properties.AskAgain(scratch.GetProperty);
            received.Append(scratch.CopyOut(length, properties, out more));
        }

        if (_authenticates && properties?.TryGet(Message.UserIdProperty, out string? user) == true) received.UserId = user;
        return received;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)] // in a caller's loop, what catches here would keep the loop's variables out of registers
    public override bool TryReceive(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Touch();
        if (Limit.IsDropping)
        {
            message.Clear();
            return DropRest();
        }

        LibZmqFrameBuffer? buffer = null;
        try
        {
            if (ReceiveInto(message, ref buffer)) return true;
        }
        catch (Exception exception)
        {
            if (buffer is not null) message.AddSpareBuffer(buffer);
            message.Clear(); // half a message is no message
            if (exception is OutOfMemoryException) ForgetRest();
            throw;
        }

        message.AddSpareBuffer(buffer!);
        if (Limit.IsBusy) message.Trim();
        else Watch?.NothingToRead();
        return false;
    }

    /// <param name="message">What to receive into.</param>
    /// <param name="buffer">The buffer that was received into last. It is nobody's where the receive failed.</param>
    private bool ReceiveInto(Message message, ref LibZmqFrameBuffer? buffer)
    {
        int length;
        long bytes = 0;
        bool more;
        message.IsAuthenticated = _authenticates;
        buffer = message.BeginReceive() as LibZmqFrameBuffer;
        if (buffer is not null)
        {
            if (!TryReceiveFrame(buffer.Message, out length)) return false;
            if (Limit.IsExceededBy(1, length)) return Drop(buffer, 1, length);
            bytes = length;
            buffer.Filled(length);
            message.Refill(buffer, length);
            if (Libzmq.zmq_msg_more(buffer.Message) == 0) return true;
            buffer = null;
        }
        else
        {
            message.Clear();
        }

        do
        {
            buffer = message.TakeSpareBuffer() as LibZmqFrameBuffer ?? new LibZmqFrameBuffer();
            if (!TryReceiveFrame(buffer.Message, out length))
            {
                if (message.Count > 0) throw Torn(message.Count, ErrorNumbers.Again);
                return false;
            }

            bytes += length;
            if (Limit.IsExceededBy(message.Count + 1, bytes)) return Drop(buffer, message.Count + 1, bytes);
            buffer.Filled(length);
            more = Libzmq.zmq_msg_more(buffer.Message) != 0;
            message.Append(buffer, length);
            buffer = null; // it is the message's now, whatever fails
        }
        while (more);
        return true;
    }

    /// <summary>Throws a message away that is too large.</summary>
    /// <param name="last">Has its last frame so far; empty afterwards.</param>
    /// <param name="frames">How many frames came.</param>
    /// <param name="bytes">How many they have.</param>
    /// <returns>False: there is no message.</returns>
    private bool Drop(LibZmqFrameBuffer last, int frames, long bytes)
    {
        Limit.Begin(frames, bytes, last.GetProperty("Peer-Address"));
        bool more = Libzmq.zmq_msg_more(last.Message) != 0;
        last.Empty();
        if (more) return DropRest();
        Limit.End();
        return false;
    }

    /// <summary>Throws away what has come of a message that is too large, and no more at once than takes some milliseconds. What comes
    /// behind it may be there already.</summary>
    /// <returns>False: there is no message.</returns>
    private bool DropRest()
    {
        LibZmqFrameBuffer scratch = Scratch;
        for (int i = 0; i < MessageLimit.FramesAtOnce && Limit.IsDropping; i++)
        {
            bool received = TryReceiveFrame(scratch.Message, out int length);
            if (received) Limit.Add(length);
            if (!received || Libzmq.zmq_msg_more(scratch.Message) == 0) Limit.End(); // where there is none, the rest is lost
        }

        scratch.Empty();
        return false;
    }

    private bool TrySendFrame(Frame frame, int flags)
    {
        if (frame.Buffer is LibZmqFrameBuffer) return TrySendShared(frame, flags);
        fixed (byte* bytes = frame.Span)
        {
            while (true)
            {
                nint socket = _handle.Enter();
                int sent = Libzmq.zmq_send(socket, bytes, (nuint)frame.Length, flags);
                _handle.Leave();
                if (sent >= 0) return true;
                if (!WasInterrupted("Sending", frame)) return false;
            }
        }
    }

    // A reference to the same memory goes out, and the frame stays the caller's.
    [SkipLocalsInit]
    private bool TrySendShared(Frame frame, int flags)
    {
        zmq_msg_t copy;
        _ = Libzmq.zmq_msg_init(&copy);
        using (FramePin pin = frame.Pin())
        {
            if (Libzmq.zmq_msg_copy(&copy, Unsafe.As<LibZmqFrameBuffer>(pin.Buffer)!.Message) != 0)
                throw Errors.Last().ToException("Sharing a message");
        }

        bool sent = false;
        try
        {
            while (true)
            {
                nint socket = _handle.Enter();
                sent = Libzmq.zmq_msg_send(&copy, socket, flags) >= 0;
                _handle.Leave();
                if (sent) return true;
                if (!WasInterrupted("Sending", frame)) return false;
            }
        }
        finally
        {
            if (!sent) _ = Libzmq.zmq_msg_close(&copy);
        }
    }

    private static int FlagsOf(ReadOnlySpan<Frame> frames, int index) =>
        index < frames.Length - 1 ? Libzmq.ZMQ_DONTWAIT | Libzmq.ZMQ_SNDMORE : Libzmq.ZMQ_DONTWAIT;

    // A send looks at the news of its peers only every millisecond or so, also when it would block; asking the events looks now.
    private bool TrySendFirstAgain(ReadOnlySpan<Frame> frames)
    {
        IOEvents events = AskEvents();
        if ((events & IOEvents.Write) != 0 && TrySendFrame(frames[0], FlagsOf(frames, 0))) return true;
        NothingToSend(events);
        return false;
    }

    /// <summary>Ends a message of which the library throws away the rest.</summary>
    private void FinishDropping(int framesLeft)
    {
        if (framesLeft > 0 && DropsUntilLastFrame) TrySendFrame(Frame.Empty, Libzmq.ZMQ_DONTWAIT);
    }

    private bool TryReceiveFrame(zmq_msg_t* message, out int length)
    {
        while (true)
        {
            nint socket = _handle.Enter();
            length = Libzmq.zmq_msg_recv(message, socket, Libzmq.ZMQ_DONTWAIT);
            _handle.Leave();
            if (length == int.MaxValue && Libzmq.zmq_msg_size(message) > int.MaxValue) ThrowTooLong(message);
            if (length >= 0) return true;
            if (!WasInterrupted("Receiving")) return false;
        }
    }

    /// <summary>Judges the call that has just failed: true to try again, false where it would block; anything else is thrown.</summary>
    /// <param name="what">What was tried.</param>
    /// <param name="peer">The first frame of a message that was sent: who cannot be reached.</param>
    private bool WasInterrupted(string what, Frame peer = default)
    {
        int number = Errors.Last();
        if (number == ErrorNumbers.Again) return false;
        if (number == ErrorNumbers.Interrupted) return true;
        bool unreachable = ErrorNumbers.Describe(number).Code == ZMQErrorCode.HostUnreachable;
        throw number.ToException(unreachable ? $"{what} to peer '{peer}' on {this}" : $"{what} on {this}");
    }

    [DoesNotReturn]
    private void ThrowTooLong(zmq_msg_t* message)
    {
        // The rest goes with it: the next receive must begin with a message.
        while (Libzmq.zmq_msg_more(message) != 0 && TryReceiveFrame(message, out _))
        {
        }

        throw new ZMQException(
            ZMQErrorCode.MessageTooLong, 0, "EMSGSIZE", $"{this} received a frame of 2 GiB or more; set MaxMsgSize on the socket.");
    }
}
