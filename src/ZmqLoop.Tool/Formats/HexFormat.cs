using System.Buffers;
using System.Text;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Formats;

/// <summary>A line for a message: frames in hexadecimal, with a space between; <c>-</c> is an empty one.</summary>
internal sealed class HexFormat : MessageFormat
{
    private const string Empty = "-";

    public override void Write(Message message, IBufferWriter<byte> output)
    {
        bool isFirst = true;
        foreach (Frame frame in message.Frames)
        {
            if (!isFirst) output.Write(" "u8);
            isFirst = false;
            PrintableText.WriteText(output, frame.IsEmpty ? Empty : Convert.ToHexStringLower(frame.Span));
        }

        output.Write("\n"u8);
    }

    public override Message Read(ReadOnlySpan<byte> line) => Read(Encoding.UTF8.GetString(line).Split(
        ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), static frame => ReadFrame(frame));

    public override Message Read(IReadOnlyList<string> arguments) => Read(arguments, static argument => FrameOf(argument, ReadFrame));

    private static Message Read(IReadOnlyList<string> frames, Func<string, Frame> read)
    {
        if (frames.Count == 0) throw new FormatException("A message has a frame at least: write '-' for an empty one.");
        Message message = new();
        foreach (string frame in frames) message.Append(read(frame));
        return message;
    }

    private static Frame ReadFrame(string text)
    {
        if (text == Empty) return Frame.Empty;
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit))
            throw new FormatException($"'{text}' is no frame in hexadecimal: write two digits a byte, such as 00ff, and '-' for none.");
        return Frame.Own(Convert.FromHexString(text));
    }
}
