namespace ZmqLoop;

// The parts of a message that has an envelope, whose end the caller knows.
public sealed partial class Message
{
    /// <summary>The frames before and behind the first one that equals a delimiter: <c>var (envelope, body) = message.Split("")</c>.
    /// Without one, all stand before. pyzmq's users write <c>frames.index(b"")</c>.</summary>
    /// <param name="delimiter">Such as the empty frame behind an envelope, or Jupyter's <c>&lt;IDS|MSG&gt;</c>.</param>
    /// <remarks>Who can choose the frames before the delimiter can choose where it is: of what a ROUTER received, prefer
    /// <see cref="Body"/>. The spans are valid until the message changes.</remarks>
    public MessageParts Split(Frame delimiter)
    {
        ReadOnlySpan<Frame> frames = Frames;
        for (int i = 0; i < frames.Length; i++)
        {
            if (frames[i].Length == delimiter.Length && frames[i] == delimiter)
                return new MessageParts(frames[..i], frames[(i + 1)..], true);
        }

        return new MessageParts(frames, [], false);
    }

    /// <summary>The answer to a message whose envelope is so many frames long: those, then the body. Where the stream says how long it is,
    /// use <see cref="Reply"/>.</summary>
    /// <param name="index">Where the body begins: how many frames to give back.</param>
    /// <param name="body">What to answer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The message has not so many frames, or the index is less than 1.</exception>
    public Message ReplyFrom(int index, params ReadOnlySpan<Frame> body)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Count);
        Message reply = new() { _frames = new Frame[index + body.Length] };
        foreach (Frame frame in Frames[..index]) reply.Append(frame);
        foreach (Frame frame in body) reply.Append(frame);
        return reply;
    }
}
