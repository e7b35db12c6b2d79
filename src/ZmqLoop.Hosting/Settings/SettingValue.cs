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
        string hours = text.Split(':')[0]; // 24:00:00 would be 24 days to .NET, and 1:00 an hour
        return text.Count(':') == 2 && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value)
            && (value.Days == 0 || hours.Contains('.', StringComparison.Ordinal))
            ? value : throw new FormatException(
                "a time is wanted as hours:minutes:seconds, such as 00:00:01.5, with days before it, such as 1.00:00:00, or Infinite.");
    }

    /// <summary>By its name alone: a number would be taken for a name that it is not.</summary>
    public static T Enumerated<T>(string text) where T : struct, Enum =>
        TryEnumerated(text, out T value) ? value : throw new FormatException($"one of these is wanted: {NamesOf<T>()}.");

    /// <summary>A type of socket. What else a section may say that it is was looked for before.</summary>
    public static SocketType TypeOfSocket(string text) => TryEnumerated(text, out SocketType value) ? value
        : throw new FormatException($"one of these is wanted: {NamesOf<SocketType>()}, or, in a section that AddSockets reads, "
            + $"{nameof(Streams.Responder)} or {nameof(Streams.RequestClient)}.");

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

    private static bool TryEnumerated<T>(string text, out T value) where T : struct, Enum
    {
        value = default;
        return text.Length > 0 && char.IsLetter(text[0]) && !text.Contains(',', StringComparison.Ordinal)
            && Enum.TryParse(text, ignoreCase: true, out value);
    }

    private static string NamesOf<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>());
}
