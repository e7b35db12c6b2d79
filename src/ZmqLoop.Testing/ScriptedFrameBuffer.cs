namespace ZmqLoop.Testing;

/// <summary>What a borrowed frame of a <see cref="ScriptedSocket"/> looks into; wiped when it is released, so that whoever reads it too
/// late is found out.</summary>
internal sealed class ScriptedFrameBuffer : FrameBuffer
{
    private byte[] _bytes = [];

    /// <summary>A buffer that holds a copy of these bytes.</summary>
    public static ScriptedFrameBuffer Of(ReadOnlySpan<byte> bytes, FrameBuffer? spare = null)
    {
        ScriptedFrameBuffer buffer = spare as ScriptedFrameBuffer ?? new ScriptedFrameBuffer();
        buffer._bytes = bytes.ToArray();
        return buffer;
    }

    protected override ReadOnlySpan<byte> Span => _bytes;

    protected override FrameBuffer Share(FrameBuffer? target) => Of(_bytes, target);

    protected override void Release()
    {
        Array.Clear(_bytes);
        _bytes = [];
    }
}
