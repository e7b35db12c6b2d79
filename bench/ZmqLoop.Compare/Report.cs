using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>Comparisons as text.</summary>
internal static class Report
{
    /// <summary>One line for each, to be read by programs: RATIO case peer median, where more is better for us; or MISSING case peer reason.</summary>
    public static string Line(Comparison comparison) => comparison.Missing is { } reason
        ? $"MISSING {comparison.Case.Name} {comparison.Peer} {reason}"
        : $"RATIO {comparison.Case.Name} {comparison.Peer} {Figure(comparison.Ratio)}";

    /// <summary>A Markdown table.</summary>
    public static IEnumerable<string> Table(IEnumerable<Comparison> comparisons) =>
        [Header, "| --- | --- | --- | --- | --- | --- |", .. comparisons.Select(Row)];

    /// <summary>Three significant digits, never in powers of ten; all digits before the point.</summary>
    public static string Figure(double value)
    {
        int decimals = value <= 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(value)), 0, 15);
        return Math.Round(value, decimals).ToString("F" + decimals, CultureInfo.InvariantCulture);
    }

    private const string Header = "| case | peer | ours: median (min to max) | peer's: median (min to max) | | ratio: median (pairs, min to max) |";

    private static string Row(Comparison comparison) => comparison.Missing is { } reason
        ? $"| {comparison.Case.Name} | {comparison.Peer} | | | | missing: {reason.Replace('|', '/')} |"
        : $"| {comparison.Case.Name} | {comparison.Peer} | {Text(Spread.Of(comparison.Ours))} | {Text(Spread.Of(comparison.Theirs))} | {comparison.Case.Unit.Name} | {Text(comparison.RatioOfPairs with { Median = comparison.Ratio }, "**")} |";

    private static string Text(Spread spread, string mark = "") => $"{mark}{Figure(spread.Median)}{mark} ({Figure(spread.Min)} to {Figure(spread.Max)})";
}
