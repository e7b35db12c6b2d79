using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed unsafe partial class LibZmqSocket
{
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
            FinishDropping(frames.Length - 1 - i);
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    [SkipLocalsInit]
    public override bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        Touch();
        message = null;
        zmq_msg_t scratch;
        _ = Libzmq.zmq_msg_init(&scratch);
        try
        {
            if (!TryReceiveFrame(&scratch))
            {
                Watch?.NothingToRead();
                return false;
            }

            Message received = new();
            received.Append(CopyOut(&scratch));
            while (Libzmq.zmq_msg_more(&scratch) != 0)
            {
                if (!TryReceiveFrame(&scratch)) ThrowTorn(received.Count);
                received.Append(CopyOut(&scratch));
            }

            message = received;
            return true;
        }
        finally
        {
            _ = Libzmq.zmq_msg_close(&scratch);
        }
    }

    /// <inheritdoc/>
    public override bool TryReceive(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Touch();
        LibZmqFrameBuffer buffer = TakeFirstBuffer(message);
        while (TryReceiveFrame(message, buffer))
        {
            message.Append(buffer);
            if (Libzmq.zmq_msg_more(buffer.Message) == 0) return true;
            buffer = TakeSpareBuffer(message);
        }

        return false;
    }

    private static LibZmqFrameBuffer TakeFirstBuffer(Message message)
    {
        // libzmq closes what it receives into: two calls less for a message than to empty it first.
        if (message.Count == 1 && message.Frames[0].Buffer is LibZmqFrameBuffer) return (LibZmqFrameBuffer)message.TakeOnlyBuffer();
        message.Clear();
        return TakeSpareBuffer(message);
    }

    private static LibZmqFrameBuffer TakeSpareBuffer(Message message) => message.TakeSpareBuffer() as LibZmqFrameBuffer ?? new LibZmqFrameBuffer();

    private bool TryReceiveFrame(Message message, LibZmqFrameBuffer buffer)
    {
        bool received = false;
        try
        {
            received = TryReceiveFrame(buffer.Message);
            if (received && !buffer.Filled()) ThrowTooLong(buffer.Message);
            if (!received && message.Count > 0) ThrowTorn(message.Count);
        }
        catch
        {
            // Half a message is no message.
            message.Clear();
            GiveBack(message, buffer);
            throw;
        }

        if (received) return true;
        GiveBack(message, buffer);
        Watch?.NothingToRead();
        return false;
    }

    private static void GiveBack(Message message, LibZmqFrameBuffer buffer)
    {
        buffer.Empty();
        message.AddSpareBuffer(buffer);
    }

    private bool TrySendFrame(Frame frame, int flags)
    {
        if (frame.Buffer is LibZmqFrameBuffer buffer)
        {
            _ = frame.Span; // throws where it was released
            return TrySendShared(buffer, flags);
        }

        fixed (byte* bytes = frame.Span)
        {
            while (Libzmq.zmq_send(_handle, bytes, (nuint)frame.Length, flags) < 0)
            {
                if (!WasInterrupted("Sending")) return false;
            }
        }

        return true;
    }

    // A reference to the same memory goes out, and the frame stays the caller's.
    [SkipLocalsInit]
    private bool TrySendShared(LibZmqFrameBuffer buffer, int flags)
    {
        zmq_msg_t copy;
        _ = Libzmq.zmq_msg_init(&copy);
        if (Libzmq.zmq_msg_copy(&copy, buffer.Message) != 0) throw Errors.Last().ToException("Sharing a message");
        bool sent = false;
        try
        {
            while (!(sent = Libzmq.zmq_msg_send(&copy, _handle, flags) >= 0))
            {
                if (!WasInterrupted("Sending")) return false;
            }

            return true;
        }
        finally
        {
            if (!sent) _ = Libzmq.zmq_msg_close(&copy);
        }
    }

    private static int FlagsOf(ReadOnlySpan<Frame> frames, int index) =>
        index < frames.Length - 1 ? Libzmq.ZMQ_DONTWAIT | Libzmq.ZMQ_SNDMORE : Libzmq.ZMQ_DONTWAIT;

    // A send looks at the news of its peers only every millisecond or so, also when it would block; asking the events looks now.
    private bool TrySendFirstAgain(ReadOnlySpan<Frame> frames) =>
        (AskEvents() & IOEvents.Write) != 0 && TrySendFrame(frames[0], FlagsOf(frames, 0));

    /// <summary>The peer that was getting this message has gone in the middle of it, and libzmq throws the rest away until its last frame.</summary>
    /// <remarks>Only the load-balancing sockets do; on others the rest would be a message.</remarks>
    private void FinishDropping(int framesLeft)
    {
        if (framesLeft == 0 || Type is not (SocketType.Dealer or SocketType.Push or SocketType.Req)) return;
        TrySendFrame(Frame.Empty, Libzmq.ZMQ_DONTWAIT);
    }

    private bool TryReceiveFrame(zmq_msg_t* message)
    {
        while (Libzmq.zmq_msg_recv(message, _handle, Libzmq.ZMQ_DONTWAIT) < 0)
        {
            if (!WasInterrupted("Receiving")) return false;
        }

        return true;
    }

    /// <summary>Judges the call that has just failed: true to try again, false where it would block; anything else is thrown.</summary>
    private bool WasInterrupted(string what)
    {
        int number = Errors.Last();
        if (number == ErrorNumbers.Again) return false;
        if (number == ErrorNumbers.Interrupted) return true;
        throw number.ToException($"{what} on {this}");
    }

    private Frame CopyOut(zmq_msg_t* message)
    {
        nuint size = Libzmq.zmq_msg_size(message);
        if (size > int.MaxValue) ThrowTooLong(message);
        if (size == 0) return Frame.Empty;
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)size);
        new ReadOnlySpan<byte>(Libzmq.zmq_msg_data(message), (int)size).CopyTo(bytes);
        return Frame.Own(bytes);
    }

    [DoesNotReturn]
    private void ThrowTorn(int count) => throw new ZMQException(
        ZMQErrorCode.Again, ErrorNumbers.Again, "EAGAIN", $"{this} delivered {count} frames of a message but not its end; they were dropped.");

    [DoesNotReturn]
    private void ThrowTooLong(zmq_msg_t* message)
    {
        // The rest goes with it: the next receive must begin with a message.
        while (Libzmq.zmq_msg_more(message) != 0 && TryReceiveFrame(message))
        {
        }

        throw new ZMQException(
            ZMQErrorCode.MessageTooLong, 0, "EMSGSIZE", $"{this} received a frame of 2 GiB or more; set MaxMsgSize on the socket.");
    }
}
