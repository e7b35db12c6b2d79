using System.Diagnostics;

namespace ZmqLoop.LowLevel;

/// <summary>For builders of sockets, such as a test's: receives into a message without a copy. Users of messages need none of it.</summary>
/// <remarks>The socket's thread, inside of <see cref="ZMQSocket.TryReceive(Message)"/>.</remarks>
public static class MessageExtensions
{
    extension(Message message)
    {
        /// <summary>Which of a REP's requests this is, or answers, in the numbers of whoever received it; 0 for none. A copy and a
        /// <see cref="Message.Reply"/> have it, too. For builders of streams: any thread that may use the message.</summary>
        public long RequestNumber { get => message.RequestNumber; set => message.RequestNumber = value; }

        /// <summary>An emptied buffer of an earlier receive into this message, to be filled for the next frame; null where there is none,
        /// and one has to be made.</summary>
        public FrameBuffer? TakeSpareBuffer() => message.TakeSpareBuffer();

        /// <summary>Gives back a buffer that was taken and is not needed.</summary>
        /// <exception cref="ArgumentNullException"><paramref name="buffer"/> is null.</exception>
        public void AddSpareBuffer(FrameBuffer buffer) => message.AddSpareBuffer(buffer);

        /// <summary>Adds a frame of so many bytes that lies in a buffer, which belongs to this message from now on.</summary>
        /// <exception cref="ArgumentNullException"><paramref name="buffer"/> is null.</exception>
        public void Append(FrameBuffer buffer, int length) => message.Append(buffer, length);

        /// <summary>Takes the last frame away, one of the sender's stream and not of its user; what it has borrowed goes back to the
        /// engine. For builders of streams: before, or after, somebody is shown the message.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The message has no frames.</exception>
        public void RemoveLast() => message.RemoveLast();

        /// <summary>Says where the message was sent: <see cref="Message.TraceContext"/>. For builders of streams.</summary>
        public void SetTraceContext(ActivityContext context) => message.SetTraceContext(context);
    }
}
