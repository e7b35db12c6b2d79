using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed unsafe partial class LibZmqSocket
{
    private LibZmqFrameBuffer? _scratch; // what is copied out of

    /// <inheritdoc/>
    public override bool TrySend(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ReadOnlySpan<Frame> frames = message.Frames;
        if (frames.IsEmpty) throw new ArgumentException("A message without frames cannot be sent.", nameof(message));
        Touch();
        if (!TrySendFrame(frames[0], FlagsOf(frames, 0)) && !TrySendFirstAgain(frames)) return false;
        for (int i = 1; i < frames.Length; i++)
        {
            if (TrySendFrame(frames[i], FlagsOf(frames, i))) continue;
            NothingToSend(IOEvents.None);
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
        LibZmqFrameBuffer scratch = _scratch ??= new LibZmqFrameBuffer();
        if (!TryReceiveFrame(scratch.Message, out int length))
        {
            Watch?.NothingToRead();
            return false;
        }

        Message received = new();
        if (_authenticates) received.UserId = scratch.GetProperty(Message.UserIdProperty);
        received.Append(scratch.CopyOut(length, out bool more));
        while (more)
        {
            if (!TryReceiveFrame(scratch.Message, out length)) throw Torn(received.Count, ErrorNumbers.Again);
            received.Append(scratch.CopyOut(length, out more));
        }

        message = received;
        return true;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)] // in a caller's loop, what catches here would keep the loop's variables out of registers
    public override bool TryReceive(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Touch();
        LibZmqFrameBuffer? buffer = null;
        try
        {
            if (ReceiveInto(message, ref buffer)) return true;
        }
        catch
        {
            if (buffer is not null) message.AddSpareBuffer(buffer);
            message.Clear(); // half a message is no message
            throw;
        }

        message.AddSpareBuffer(buffer!);
        Watch?.NothingToRead();
        return false;
    }

    /// <param name="message">What to receive into.</param>
    /// <param name="buffer">The buffer that was received into last. It is nobody's where the receive failed.</param>
    private bool ReceiveInto(Message message, ref LibZmqFrameBuffer? buffer)
    {
        int length;
        buffer = message.BeginReceive() as LibZmqFrameBuffer;
        if (buffer is not null)
        {
            if (!TryReceiveFrame(buffer.Message, out length)) return false;
            buffer.Filled(length);
            message.Refill(buffer, length);
            if (Libzmq.zmq_msg_more(buffer.Message) == 0) return true;
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

            buffer.Filled(length);
            message.Append(buffer, length);
        }
        while (Libzmq.zmq_msg_more(buffer.Message) != 0);
        return true;
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
