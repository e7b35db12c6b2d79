namespace ZmqLoop.Streams;

/// <summary>By which a request under way is known: who asked, and its number. A peer is known by all frames that routers have put before
/// the correlation, so that nobody speaks of another peer's requests, also not of one behind the same proxy.</summary>
/// <param name="Peer">Those frames.</param>
/// <param name="Number">Of the peer's choice.</param>
internal readonly record struct RequestKey(Frame Peer, ulong Number)
{
    /// <param name="message">With its envelope.</param>
    /// <param name="hops">How many frames stand before the correlation; at least one.</param>
    /// <param name="number">That the correlation has.</param>
    public static RequestKey Of(Message message, int hops, ulong number)
    {
        if (hops == 1) return new RequestKey(message[0], number);
        int length = 0;
        foreach (Frame hop in message.Frames[..hops]) length += sizeof(int) + hop.Length;
        byte[] path = new byte[length];
        Span<byte> rest = path;
        foreach (Frame hop in message.Frames[..hops])
        {
            BitConverter.TryWriteBytes(rest, hop.Length); // or two paths could have the same bytes
            hop.Span.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + hop.Length)..];
        }

        return new RequestKey(Frame.Own(path), number);
    }
}
