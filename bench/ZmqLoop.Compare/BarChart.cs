using System.Globalization;
using System.Text;

namespace ZmqLoop.Compare;

/// <summary>A picture of ratios: bars from 1, to the right where we are better, over a scale in powers of ten; a thin line from the worst pair to the best.</summary>
internal static class BarChart
{
    private const int Row = 18;
    private const int Gap = 8;
    private const int Top = 58;
    private const int CaseLabel = 190;
    private const int Left = 300;
    private const int Plot = 520;
    private const int Width = Left + Plot + 90;

    public static string Draw(string title, IReadOnlyList<Comparison> comparisons)
    {
        List<Comparison> shown = [.. comparisons.Where(static comparison => comparison.Missing is null)];
        (int low, int high) = Decades(shown);
        int height = Top + (shown.Count * Row) + (shown.Select(static comparison => comparison.Case.Name).Distinct().Count() * Gap) + 16;
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12" fill="#222">""");
        svg.AppendLine("""<rect width="100%" height="100%" fill="#fff"/>""");
        Text(svg, 12, 20, "start", $"""<tspan font-weight="bold">{Escape(title)}</tspan>""");
        Text(svg, 12, 37, "start", "times better than the peer (bars to the right of 1); thin lines: worst to best pair of runs");
        for (int decade = low; decade <= high; decade++) Grid(svg, X(Math.Pow(10, decade), low, high), decade, height);
        int y = Top;
        string? previous = null;
        foreach (Comparison comparison in shown)
        {
            if (comparison.Case.Name != previous)
            {
                y += Gap;
                Text(svg, 12, y + 13, "start", Escape(comparison.Case.Name));
                previous = comparison.Case.Name;
            }

            Bar(svg, comparison, y, low, high);
            y += Row;
        }

        return svg.AppendLine("</svg>").ToString();
    }

    /// <summary>Whole powers of ten around all that is drawn, 1 among them.</summary>
    private static (int Low, int High) Decades(List<Comparison> comparisons)
    {
        double low = comparisons.Select(static comparison => comparison.RatioOfPairs.Min).Append(0.5).Min();
        double high = comparisons.Select(static comparison => comparison.RatioOfPairs.Max).Append(2).Max();
        return ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
    }

    private static double X(double ratio, int low, int high) => Left + ((Math.Log10(ratio) - low) / (high - low) * Plot);

    private static void Grid(StringBuilder svg, double x, int decade, int height)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{x:F1}" y1="{Top}" x2="{x:F1}" y2="{height - 12}" stroke="{(decade == 0 ? "#444" : "#ddd")}"/>""");
        Text(svg, x, Top - 4, "middle", Report.Figure(Math.Pow(10, decade)).TrimEnd('0').TrimEnd('.') is var text && text.Length > 0 && decade < 0 ? text : Math.Pow(10, decade).ToString("F0", CultureInfo.InvariantCulture));
    }

    private static void Bar(StringBuilder svg, Comparison comparison, int y, int low, int high)
    {
        double one = X(1, low, high);
        double end = X(comparison.Ratio, low, high);
        Spread pairs = comparison.RatioOfPairs;
        double middle = y + (Row / 2.0);
        Text(svg, CaseLabel + 100, y + 13, "end", Escape(comparison.Peer));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Math.Min(one, end):F1}" y="{y + 2}" width="{Math.Abs(end - one):F1}" height="{Row - 4}" fill="{(comparison.Ratio >= 1 ? "#3a7ca5" : "#d1793a")}"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{X(pairs.Min, low, high):F1}" y1="{middle:F1}" x2="{X(pairs.Max, low, high):F1}" y2="{middle:F1}" stroke="#111"/>""");
        Text(svg, Left + Plot + 80, y + 13, "end", Report.Figure(comparison.Ratio));
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, string content) =>
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}">{content}</text>""");

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
