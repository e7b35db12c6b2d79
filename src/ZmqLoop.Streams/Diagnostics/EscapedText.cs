using System.Globalization;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>Text that a stranger chose, for logs and messages: it makes no line of its own, hides nothing, and is cut. For bytes there is
/// <see cref="Frame.ToString"/>.</summary>
internal static class EscapedText
{
    private const int Shown = 64;

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

    private static bool IsPlain(Rune rune) => rune.Value is ' ' || (rune.Value is not ('\\' or '\'' or '"') && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.Surrogate));
}
