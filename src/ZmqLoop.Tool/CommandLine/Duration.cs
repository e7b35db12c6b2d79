using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ZmqLoop.Tool.CommandLine;

/// <summary>Times as one types them: <c>200ms</c>, <c>5s</c>, <c>2m</c>; a bare number is seconds.</summary>
internal static class Duration
{
    private static readonly (string Unit, double Seconds)[] _units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    public static Option<TimeSpan?> Option(string name, string description, params string[] aliases)
    {
        Option<TimeSpan?> option = new(name, aliases) { Description = description, HelpName = "time", CustomParser = Parse };
        return option;
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        (string unit, double factor) = _units.First(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal));
        duration = TimeSpan.Zero;
        if (!double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out double number) || number * factor > _longest.TotalSeconds) return false;
        duration = TimeSpan.FromSeconds(number * factor);
        return true;
    }

    private static TimeSpan? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out TimeSpan duration)) return duration;
        result.AddError($"'{text}' is no time of at most a day: write 200ms, 5s, 2m, or 5 for seconds.");
        return null;
    }
}
