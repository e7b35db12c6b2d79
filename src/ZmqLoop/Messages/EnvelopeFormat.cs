namespace ZmqLoop;

/// <summary>Where the envelope of a message ends that a ROUTER received: what the two sides have agreed to speak, and not what happens to
/// be in the message. A stream says it once, in <c>ZMQStreamOptions.EnvelopeFormat</c>, or a message by itself.</summary>
public sealed class EnvelopeFormat
{
    private EnvelopeFormat(Frame? end, string name)
    {
        End = end;
        Name = name;
    }

    /// <summary>The routing id alone: DEALER clients that send what they mean, and nothing before. What is taken for granted
    /// where nobody says something else.</summary>
    public static EnvelopeFormat RoutingId { get; } = new(null, nameof(RoutingId));

    /// <summary>Routing ids, then an empty frame: REQ clients, and DEALER clients that send an empty frame first.</summary>
    public static EnvelopeFormat Delimiter { get; } = new(Frame.Empty, nameof(Delimiter));

    /// <summary>Routing ids, then a frame that is always the same, such as Jupyter's <c>&lt;IDS|MSG&gt;</c>.</summary>
    public static EnvelopeFormat Marker(Frame marker) => new(Frame.Copy(marker.Span), $"{nameof(Marker)} {marker}");

    private string Name { get; }

    /// <summary>For logs.</summary>
    public override string ToString() => Name;

    /// <summary>What the last frame of the envelope always is: a reply has it also where the request does without; null where the
    /// envelope is one frame.</summary>
    internal Frame? End { get; }

    /// <returns>How many frames; 0 where there is no end of it behind the first frame.</returns>
    internal int Measure(ReadOnlySpan<Frame> frames)
    {
        if (End is not { } end) return Math.Min(frames.Length, 1);
        for (int i = 1; i < frames.Length; i++)
        {
            if (frames[i].Length == end.Length && frames[i] == end) return i + 1;
        }

        return 0;
    }
}
