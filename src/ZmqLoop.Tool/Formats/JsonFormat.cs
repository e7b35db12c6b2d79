using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Formats;

/// <summary>A line for a message: an array of its frames, each a string, or <c>{"hex": "00ff"}</c> where it is no UTF-8. What was written
/// is read back as the same message, byte for byte.</summary>
internal sealed class JsonFormat : MessageFormat
{
    private const string Hex = "hex";
    private const string Expected = "A message in JSON is an array of its frames, each a string or {\"hex\": \"00ff\"}: [\"a\", \"b\"].";

    public override void Write(Message message, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        bool isFirst = true;
        foreach (Frame frame in message.Frames)
        {
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            if (Utf8.IsValid(frame.Span)) WriteString(frame.Span, output);
            else PrintableText.WriteText(output, $"{{\"{Hex}\":\"{Convert.ToHexStringLower(frame.Span)}\"}}");
        }

        output.Write("]\n"u8);
    }

    public override Message Read(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            if (reader.Read()) throw new FormatException(Expected);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{Expected} This is no JSON: {exception.Message}", exception);
        }
    }

    public override Message Read(IReadOnlyList<string> arguments) => arguments.Count == 1
        ? Read(FrameOf(arguments[0], Frame.FromString).Span)
        : throw new FormatException("With --format json one argument is the whole message, such as '[\"a\", \"b\"]'.");

    private static Message Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) return new Message(element.GetString()!);
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() == 0) throw new FormatException(Expected);
        Message message = new();
        foreach (JsonElement frame in element.EnumerateArray()) message.Append(ReadFrame(frame));
        return message;
    }

    private static Frame ReadFrame(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) return Frame.FromString(element.GetString()!);
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(Hex, out JsonElement hex)
            && hex.ValueKind == JsonValueKind.String && hex.GetString()!.All(char.IsAsciiHexDigit) && hex.GetString()!.Length % 2 == 0)
            return Frame.Own(Convert.FromHexString(hex.GetString()!));
        throw new FormatException(Expected);
    }

    /// <summary>Escapes what JSON must, and what a terminal would not show; letters of all scripts stand as they are.</summary>
    private static void WriteString(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out Rune rune, out int length);
            if (rune.Value is '"' or '\\') PrintableText.WriteText(output, "\\" + rune);
            else if (PrintableText.IsPrintable(rune)) output.Write(text[..length]);
            else foreach (char unit in rune.ToString()) PrintableText.WriteText(output, $"\\u{(int)unit:x4}");
            text = text[length..];
        }

        output.Write("\""u8);
    }
}
