using System.Buffers;
using System.Globalization;
using System.Text;

namespace ZmqLoop.Tool.Terminal;

/// <summary>Bytes of strangers, written so that a terminal shows them and does nothing else: what is no printable UTF-8 is
/// escaped.</summary>
internal static class PrintableText
{
    /// <summary>Writes bytes in UTF-8.</summary>
    /// <param name="bytes">Whatever came.</param>
    /// <param name="output">Where.</param>
    /// <param name="alsoEscaped">A character that stands between frames, and so may not stand in one; default for none.</param>
    public static void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, Rune alsoEscaped = default)
    {
        while (!bytes.IsEmpty)
        {
            bool isText = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            ReadOnlySpan<byte> character = bytes[..length];
            bytes = bytes[length..];
            if (isText && IsPrintable(rune) && (rune != alsoEscaped || alsoEscaped == default)) output.Write(character);
            else if (isText && rune.Value >= 0x80) WriteText(output, $"\\u{{{rune.Value:x}}}");
            else foreach (byte one in character) WriteText(output, Escape(one));
        }
    }

    /// <summary>The same, of a text that is put into a line for the user.</summary>
    public static string Of(string text)
    {
        ArrayBufferWriter<byte> shown = new();
        Write(Encoding.UTF8.GetBytes(text), shown);
        return Encoding.UTF8.GetString(shown.WrittenSpan);
    }

    public static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator);

    public static void WriteText(IBufferWriter<byte> output, string text) =>
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private static string Escape(byte one) => one switch
    {
        (byte)'\n' => "\\n",
        (byte)'\r' => "\\r",
        (byte)'\t' => "\\t",
        _ => $"\\x{one:x2}",
    };
}
