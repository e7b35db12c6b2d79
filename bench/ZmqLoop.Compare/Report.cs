using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>Comparisons as text.</summary>
internal static class Report
{
    private const string Header =
        "| case | ours | peer | our median (min to max) | peer's median (min to max) | | ratio: median (rounds, min to max) | of |";

    /// <summary>One line for each, to be read by programs: RATIO case peer median, where more is better for us; MISSING case peer reason;
    /// or NOISY case peer median reason.
    /// On NetMQ the case is that with <c>:ours-netmq</c> behind it.</summary>
    public static string Line(Comparison comparison)
    {
        string what = comparison.Case.Name + (comparison.Side == Peers.OursOnLibzmq ? "" : ":" + comparison.Side) + " " + comparison.Peer;
        return comparison.Missing is { } reason ? $"MISSING {what} {reason}"
            : comparison.Noise is { } noise ? $"NOISY {what} {Figure(comparison.Ratio)} {noise}"
            : $"RATIO {what} {Figure(comparison.Ratio)}";
    }

    /// <summary>A Markdown table.</summary>
    public static IEnumerable<string> Table(IEnumerable<Kept> kept) =>
        [Header, "| --- | --- | --- | --- | --- | --- | --- | --- |", .. kept.Select(Row)];

    /// <summary>What was wanted, and whether it is so.</summary>
    public static IEnumerable<string> Table(IEnumerable<Claim> claims) =>
    [
        "| wanted | measured | |", "| --- | --- | --- |",
        .. claims.Select(static claim => $"| {claim.Text} | {Measured(claim)} | {claim.Word} |"),
    ];

    public static string Line(Claim claim) => $"WANTED {claim.Word}: {claim.Text}: {Measured(claim)}";

    /// <summary>Three significant digits, never in powers of ten; all digits before the point.</summary>
    public static string Figure(double value)
    {
        int decimals = value <= 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(value)), 0, 15);
        return Math.Round(value, decimals).ToString("F" + decimals, CultureInfo.InvariantCulture);
    }

    private static string Measured(Claim claim) =>
        $"{(claim.Figure is { } figure ? Figure(figure) : "not yet on a quiet machine")} ({claim.Wanted})";

    private static string Row(Kept kept)
    {
        Comparison comparison = kept.Comparison;
        string begin = $"| {comparison.Case.Name} | {comparison.Side} | {comparison.Peer} |";
        string end = $"| {kept.Commit}, {kept.Date[..10]} |";
        if (comparison.Missing is { } reason) return $"{begin} | | | missing: {Cell(reason)} {end}";
        if (comparison.Noise is { } noise) return $"{begin} | | | noisy: {Cell(noise)} {end}";
        string figures = $"{Text(Spread.Of(comparison.Ours))} | {Text(Spread.Of(comparison.Theirs))} | {comparison.Case.Unit.Name}";
        return $"{begin} {figures} | {Text(comparison.RatioOfPairs with { Median = comparison.Ratio }, "**")} {end}";
    }

    private static string Cell(string text) => text.Replace('|', '/');

    private static string Text(Spread spread, string mark = "") =>
        $"{mark}{Figure(spread.Median)}{mark} ({Figure(spread.Min)} to {Figure(spread.Max)})";
}
