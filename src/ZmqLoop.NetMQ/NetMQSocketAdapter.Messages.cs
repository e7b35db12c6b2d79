using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NetMQ;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    /// <inheritdoc/>
    /// <remarks>The bytes of owned frames are not copied: over inproc, the receiver gets the very array.</remarks>
    public override bool TrySend(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        ReadOnlySpan<Frame> frames = message.Frames;
        if (frames.IsEmpty) throw new ArgumentException("A message without frames cannot be sent.", nameof(message));
        Touch();
        if (Type == SocketType.Peer) VerifyPeer(frames[0]);
        if (Type == SocketType.XSub) SubscriptionFrames.Verify(this, frames);
        try
        {
            if (!TrySendFrame(frames[0], more: frames.Length > 1) && !TrySendFirstAgain(frames)) return false;
            for (int i = 1; i < frames.Length; i++)
            {
                if (TrySendFrame(frames[i], more: i < frames.Length - 1)) continue;
                BreakOff();
                FinishDropping(frames.Length - 1 - i);
                return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is NetMQException or NotSupportedException)
        {
            throw exception.Translate(exception is HostUnreachableException ? Unreachable(frames[0]) : $"Sending on {this}");
        }
    }

    /// <inheritdoc/>
    public override bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        Touch();
        if (_monitorEvents is not null) return TryReceiveEvent(out message);
        message = null;
        if (Limit.IsDropping) return DropRest();
        Msg scratch = default;
        scratch.InitEmpty();
        if (!TryReceiveFrame(ref scratch))
        {
            Watch?.NothingToRead();
            return false;
        }

        try
        {
            message = TakeFrames(ref scratch);
            return message is not null;
        }
        catch (OutOfMemoryException)
        {
            ForgetRest();
            throw;
        }
    }

    /// <summary>The message whose first frame is here, with its other frames; null where it was too large and dropped.</summary>
    private Message? TakeFrames(ref Msg scratch)
    {
        Message received = new();
        long bytes = 0;
        while (true)
        {
            bytes += scratch.Size;
            if (Limit.IsExceededBy(received.Count + 1, bytes))
            {
                Drop(ref scratch, received, bytes);
                return null;
            }

            bool more = scratch.HasMore;
            received.Append(MessageConversions.Take(ref scratch));
            if (!more) return received;
            if (!TryReceiveFrame(ref scratch)) ThrowTorn(received);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.NoInlining)] // in a caller's loop, what catches here would keep the loop's variables out of registers
    public override bool TryReceive(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Touch();
        if (_monitorEvents is not null)
        {
            message.Clear();
            return TryReceiveEvent(into: message);
        }

        if (Limit.IsDropping)
        {
            message.Clear();
            return DropRest();
        }

        NetMQFrameBuffer? buffer = null;
        try
        {
            if (ReceiveInto(message, ref buffer)) return true;
        }
        catch (Exception exception)
        {
            if (buffer is not null) message.AddSpareBuffer(buffer);
            message.Clear(); // half a message is no message
            if (exception is OutOfMemoryException) ForgetRest();
            if (exception is NetMQException or NotSupportedException) throw exception.Translate($"Receiving on {this}");
            throw;
        }

        message.AddSpareBuffer(buffer!);
        if (Limit.IsBusy) message.Trim();
        else Watch?.NothingToRead();
        return false;
    }

    /// <summary>Most messages are of one frame, as the last was: that way is short, and part of its caller.</summary>
    /// <param name="message">What to receive into.</param>
    /// <param name="buffer">The buffer that was received into last. It is nobody's where the receive failed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool ReceiveInto(Message message, ref NetMQFrameBuffer? buffer)
    {
        buffer = message.BeginReceive() as NetMQFrameBuffer;
        if (buffer is null)
        {
            message.Clear();
            return ReceiveFrames(message, ref buffer);
        }

        // NetMQ closes what it receives into, so there is no need to empty it first.
        if (!_socket.TryReceive(ref buffer.Msg, TimeSpan.Zero)) return false;
        if (Limit.IsExceededBy(1, buffer.Msg.Size)) return Drop(ref buffer.Msg, message, buffer.Msg.Size);
        message.Refill(buffer, buffer.Msg.Size);
        if (!buffer.Msg.HasMore) return true;
        buffer = null; // it is the message's now, whatever fails
        return ReceiveFrames(message, ref buffer);
    }

    /// <summary>The frames that follow.</summary>
    private bool ReceiveFrames(Message message, ref NetMQFrameBuffer? buffer)
    {
        long bytes = message.Size;
        bool more;
        do
        {
            buffer = message.TakeSpareBuffer() as NetMQFrameBuffer ?? new NetMQFrameBuffer();
            if (!_socket.TryReceive(ref buffer.Msg, TimeSpan.Zero))
            {
                if (message.Count > 0) ThrowTorn(message);
                return false;
            }

            bytes += buffer.Msg.Size;
            if (Limit.IsExceededBy(message.Count + 1, bytes)) return Drop(ref buffer.Msg, message, bytes);
            more = buffer.Msg.HasMore;
            message.Append(buffer, buffer.Msg.Size);
            buffer = null;
        }
        while (more);
        return true;
    }

    /// <summary>Throws a message away that is too large.</summary>
    /// <param name="last">Its last frame so far; empty afterwards.</param>
    /// <param name="first">The frames before it.</param>
    /// <param name="bytes">How many they have together.</param>
    /// <returns>False: there is no message.</returns>
    private bool Drop(ref Msg last, Message first, long bytes)
    {
        string? peer = Type == SocketType.Router && first.Count > 0 ? $"peer '{first[0]}'" : null; // NetMQ does not tell addresses
        Limit.Begin(first.Count + 1, bytes, peer);
        bool more = last.HasMore;
        last.Close();
        last.InitEmpty();
        if (more) return DropRest();
        Limit.End();
        return false;
    }

    /// <summary>Throws away what has come of a message that is too large, and no more at once than takes some milliseconds. What comes
    /// behind it may be there already.</summary>
    /// <returns>False: there is no message.</returns>
    private bool DropRest()
    {
        Msg scratch = default;
        scratch.InitEmpty();
        for (int i = 0; i < MessageLimit.FramesAtOnce && Limit.IsDropping; i++)
        {
            bool received = TryReceiveFrame(ref scratch);
            if (received) Limit.Add(scratch.Size);
            if (!received || !scratch.HasMore) Limit.End(); // where there is none, the rest is lost
        }

        scratch.Close();
        return false;
    }

    private bool TryReceiveFrame(ref Msg msg)
    {
        try
        {
            return _socket.TryReceive(ref msg, TimeSpan.Zero);
        }
        catch (Exception exception) when (exception is NetMQException or NotSupportedException)
        {
            throw exception.Translate($"Receiving on {this}");
        }
    }

    private bool TrySendFrame(Frame frame, bool more)
    {
        Msg msg = default;
        MessageConversions.Fill(ref msg, frame);
        if (msg.Size == 0) GiveItAnArray(ref msg);
        bool sent = false;
        try
        {
            return sent = _socket.TrySend(ref msg, TimeSpan.Zero, more);
        }
        finally
        {
            if (!sent && msg.IsInitialised) msg.Close();
        }
    }

    // NetMQ's own empty one has none: where a routing id is expected that is a null reference, and the next message is taken for the rest
    // of this one.
    private static void GiveItAnArray(ref Msg msg)
    {
        msg.Close();
        msg.InitGC([], 0);
    }

    // NetMQ reads four bytes, whether they are there or not.
    private void VerifyPeer(Frame routingId)
    {
        if (routingId.Length >= sizeof(uint)) return;
        throw new HostUnreachableException().Translate(Unreachable(routingId));
    }

    private string Unreachable(Frame peer) => $"Sending to peer '{peer}' on {this}";

    // Where there is a fast clock, a send looks at the news of its peers only every millisecond or so, also when it would block; asking the
    // events looks now.
    private bool TrySendFirstAgain(ReadOnlySpan<Frame> frames)
    {
        IOEvents events = AskEvents(signalled: true);
        if ((events & IOEvents.Write) != 0 && TrySendFrame(frames[0], more: frames.Length > 1)) return true;
        NothingToSend(events);
        return false;
    }

    /// <summary>Ends a message of which the library throws away the rest.</summary>
    private void FinishDropping(int framesLeft)
    {
        if (framesLeft > 0 && DropsUntilLastFrame) TrySendFrame(Frame.Empty, more: false);
    }

    [DoesNotReturn]
    private void ThrowTorn(Message message)
    {
        int count = message.Count;
        message.Clear(); // half a message is no message
        throw Torn(count, (int)ErrorCode.TryAgain);
    }
}
