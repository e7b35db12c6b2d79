using System.Buffers;
using System.Text;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Formats;

/// <summary>A line for a message, for people: its frames with a TAB between, and what a terminal would not show escaped.</summary>
/// <param name="delimiter">Between frames; null for a TAB when writing, and for one frame a line when reading.</param>
internal sealed class TextFormat(Rune? delimiter) : MessageFormat
{
    private readonly Rune _delimiter = delimiter ?? new Rune('\t');

    public override void Write(Message message, IBufferWriter<byte> output)
    {
        bool isFirst = true;
        foreach (Frame frame in message.Frames)
        {
            if (!isFirst) PrintableText.WriteText(output, _delimiter.ToString());
            isFirst = false;
            PrintableText.Write(frame.Span, output, _delimiter);
        }

        output.Write("\n"u8);
    }

    public override Message Read(ReadOnlySpan<byte> line)
    {
        if (delimiter is null) return new Message(Frame.Copy(line));
        Message message = new();
        ReadOnlySpan<byte> between = Encoding.UTF8.GetBytes(_delimiter.ToString());
        foreach (Range range in line.Split(between)) message.Append(Frame.Copy(line[range]));
        return message;
    }

    public override Message Read(IReadOnlyList<string> arguments)
    {
        Message message = new();
        foreach (string argument in arguments) message.Append(FrameOf(argument, Frame.FromString));
        return message;
    }
}
