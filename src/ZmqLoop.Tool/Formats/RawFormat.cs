using System.Buffers;

namespace ZmqLoop.Tool.Formats;

/// <summary>The frames' bytes and nothing else; all that is read is one frame.</summary>
internal sealed class RawFormat : MessageFormat
{
    public override void Write(Message message, IBufferWriter<byte> output)
    {
        foreach (Frame frame in message.Frames) output.Write(frame.Span);
    }

    public override Message Read(ReadOnlySpan<byte> line) => new(Frame.Copy(line));

    public override Message Read(IReadOnlyList<string> arguments) => new TextFormat(null).Read(arguments);
}
