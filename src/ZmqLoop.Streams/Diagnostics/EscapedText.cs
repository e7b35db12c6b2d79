using System.Globalization;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>Text that a stranger chose, for logs and messages: it makes no line of its own, hides nothing, and is cut. For bytes there is
/// <see cref="Frame.ToString"/>.</summary>
internal static class EscapedText
{
    private const int Shown = 64;
    private const int MostBytes = 4; // that a character takes

    /// <summary>The beginning of what is to be text, of which no more is looked at than is shown.</summary>
    public static string Show(Frame frame)
    {
        string shown = Show(Beginning(frame, Shown));
        return frame.Length > Shown * MostBytes ? $"{shown}… ({frame.Length} bytes)" : shown;
    }

    /// <summary>Text as it is, but for what would begin another line, hide something or steer a terminal; the first characters, where there
    /// are more.</summary>
    public static string Line(Frame frame, int most)
    {
        StringBuilder line = new();
        foreach (Rune rune in Beginning(frame, most).EnumerateRunes())
        {
            if (line.Length >= most) return line.Append('…').ToString();
            if (IsPlain(rune) || rune.Value is '\\' or '\'' or '"') line.Append(rune.ToString());
            else line.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }

        return (frame.Length > most * MostBytes ? line.Append('…') : line).ToString();
    }

    public static string Show(string text)
    {
        StringBuilder shown = new(Math.Min(text.Length, Shown) + 16);
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (length++ == Shown) return shown.Append(CultureInfo.InvariantCulture, $"… ({text.Length} characters)").ToString();
            if (IsPlain(rune)) shown.Append(rune.ToString());
            else if (rune.Value is '\\' or '\'' or '"') shown.Append('\\').Append((char)rune.Value);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
        }

        return shown.ToString();
    }

    /// <summary>As much of it as so many characters can take.</summary>
    private static string Beginning(Frame frame, int characters)
    {
        ReadOnlySpan<byte> bytes = frame.Span;
        return Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, characters * MostBytes)]);
    }

    private static bool IsPlain(Rune rune) => rune.Value is ' ' || (rune.Value is not ('\\' or '\'' or '"') && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.Surrogate));
}
