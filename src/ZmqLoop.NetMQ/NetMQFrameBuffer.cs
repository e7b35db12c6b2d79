using NetMQ;

namespace ZmqLoop;

/// <summary>A <see cref="Msg"/>: what a borrowed frame looks into. Pooled with the message it was received into.</summary>
internal sealed class NetMQFrameBuffer : FrameBuffer
{
    private const int Small = 1024; // bytes that may wait for the next message

    /// <summary>The message to receive into or to send on. Never uninitialised; a field, since a <see cref="Msg"/> that is copied has two
    /// owners.</summary>
    public Msg Msg;

    public NetMQFrameBuffer() => Msg.InitEmpty();

    protected internal override ReadOnlySpan<byte> Span => Msg.Slice();

    /// <summary>A second reference to the same bytes, which its owner closes or sends.</summary>
    public Msg Reference()
    {
        // Not Msg.Copy, which counts the third reference to the same bytes as the second.
        Msg.AddReferences(1);
        return Msg;
    }

    internal override bool KnowsConnection => false;

    internal override string? GetProperty(string name) =>
        throw new NotSupportedException(
            $"NetMQ knows nothing of the connection that a message came by, {name} neither: take libzmq for it.");

    protected internal override FrameBuffer Share(FrameBuffer? target)
    {
        NetMQFrameBuffer copy = target as NetMQFrameBuffer ?? new NetMQFrameBuffer();
        copy.Msg.Close();
        copy.Msg = Reference();
        return copy;
    }

    protected internal override void Release()
    {
        if (Msg.Size <= Small) return; // the next receive closes it
        Msg.Close();
        Msg.InitEmpty();
    }
}
