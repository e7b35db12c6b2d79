using System.Runtime.InteropServices;
using NetMQ;

namespace ZmqLoop;

/// <summary>Between NetMQ's messages and ours, without copying bytes where both sides can have them.</summary>
public static class MessageConversions
{
    /// <summary>NetMQ's message as ours. The bytes are shared: nobody may change NetMQ's frames from now on.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    public static Message ToMessage(this NetMQMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Message result = new();
        foreach (NetMQFrame frame in message) result.Append(Frame.Own(frame.Buffer, 0, frame.MessageSize));
        return result;
    }

    /// <summary>Our message as NetMQ's. The bytes of owned frames are shared, and are not to be changed; borrowed ones are
    /// copied.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">A borrowed frame was released already.</exception>
    public static NetMQMessage ToNetMQMessage(this Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        NetMQMessage result = new(message.Count);
        foreach (Frame frame in message.Frames) result.Append(ToNetMQFrame(frame));
        return result;
    }

    /// <summary>The bytes of a received <see cref="Msg"/> as a frame, without a copy unless they are shared with others. The
    /// <see cref="Msg"/> is empty afterwards.</summary>
    public static Frame Take(ref Msg msg)
    {
        Frame frame = Frame.Empty;
        if (msg.Size > 0 && MemoryMarshal.TryGetArray<byte>(msg.SliceAsMemory(), out ArraySegment<byte> bytes))
        {
            if (!msg.IsShared)
            {
                msg.InitEmpty(); // not Close, which would give the bytes back to NetMQ's pool
                return Frame.Own(bytes.Array!, bytes.Offset, bytes.Count);
            }

            frame = Frame.Copy(bytes);
        }

        msg.Close();
        msg.InitEmpty();
        return frame;
    }

    /// <summary>Makes a <see cref="Msg"/> that is to be sent, or closed, with the bytes of a frame; no copy of what NetMQ can
    /// share.</summary>
    /// <param name="msg">Uninitialised, or already empty.</param>
    /// <param name="frame">What to put into it.</param>
    /// <exception cref="ObjectDisposedException">A borrowed frame that was released already.</exception>
    public static void Fill(ref Msg msg, Frame frame)
    {
        if (frame.Buffer is NetMQFrameBuffer buffer)
        {
            using FramePin pin = frame.Pin();
            msg = buffer.Reference();
        }
        else if (frame.IsBorrowed)
        {
            byte[] copy = frame.ToArray();
            msg.InitGC(copy, copy.Length);
        }
        else if (MemoryMarshal.TryGetArray(frame.Memory, out ArraySegment<byte> bytes) && bytes.Count > 0)
        {
            msg.InitGC(bytes.Array!, bytes.Offset, bytes.Count);
        }
        else
        {
            msg.InitEmpty();
        }
    }

    private static NetMQFrame ToNetMQFrame(Frame frame) =>
        !frame.IsBorrowed && MemoryMarshal.TryGetArray(frame.Memory, out ArraySegment<byte> bytes)
            && bytes is { Array: { } array, Offset: 0 }
            ? new NetMQFrame(array, bytes.Count)
            : new NetMQFrame(frame.ToArray());
}
