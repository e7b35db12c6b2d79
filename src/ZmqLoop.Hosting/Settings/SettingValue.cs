using System.Globalization;
using System.Text;

namespace ZmqLoop.Hosting;

/// <summary>Texts of a configuration as values. What cannot be read is a <see cref="FormatException"/> that says what is wanted.</summary>
internal static class SettingValue
{
    public static int Int32(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
        ? value : throw new FormatException("a whole number is wanted.");

    public static long Int64(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        ? value : throw new FormatException("a whole number is wanted.");

    public static bool Boolean(string text) =>
        bool.TryParse(text, out bool value) ? value : throw new FormatException("true or false is wanted.");

    /// <summary>A number alone would be days to .NET, and milliseconds to ZeroMQ.</summary>
    public static TimeSpan Duration(string text)
    {
        if (text.Equals("Infinite", StringComparison.OrdinalIgnoreCase)) return Timeout.InfiniteTimeSpan;
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value)
            ? value : throw new FormatException("a time is wanted as hours:minutes:seconds, such as 00:00:01.5, or Infinite.");
    }

    /// <summary>By its name alone: a number would be taken for a name that it is not.</summary>
    public static T Enumerated<T>(string text) where T : struct, Enum =>
        text.Length > 0 && char.IsLetter(text[0]) && !text.Contains(',', StringComparison.Ordinal)
            && Enum.TryParse(text, ignoreCase: true, out T value)
            ? value : throw new FormatException($"one of these is wanted: {string.Join(", ", Enum.GetNames<T>())}.");

    public static string Text(string text) => text;

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A key of CURVE.</summary>
    public static byte[] Key(string text)
    {
        const int Length = 40;
        if (text.Length != Length)
            throw new FormatException($"a key of CURVE is wanted, {Length} characters of Z85, and not {text.Length}.");
        return Z85.Decode(text);
    }

    /// <summary>The two that have a name; a marker, which is bytes, is said in code.</summary>
    public static EnvelopeFormat Envelope(string text) => text.ToUpperInvariant() switch
    {
        "ROUTINGID" => EnvelopeFormat.RoutingId,
        "DELIMITER" => EnvelopeFormat.Delimiter,
        _ => throw new FormatException("RoutingId or Delimiter is wanted."),
    };
}
