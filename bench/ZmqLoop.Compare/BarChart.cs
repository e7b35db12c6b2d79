using System.Globalization;
using System.Text;

namespace ZmqLoop.Compare;

/// <summary>A picture of ratios: for each peer a bar an engine, from 1, to the right where we are better, over a scale in powers of ten; a thin line from the worst round to the best.
/// It has colours for light and for dark surroundings, and brings its own ground for either.</summary>
internal static class BarChart
{
    private const int Bar = 9;
    private const int Gap = 5;
    private const int Heading = 26;
    private const int Top = 76;
    private const int Left = 190;
    private const int Plot = 560;
    private const int Width = Left + Plot + 110;

    private static readonly Peers _peers = new("", static _ => null); // for their names

    private const string Style = """
        <style>
          .ground { fill: #ffffff } text { fill: #1f2328 } .quiet { fill: #59636e } .grid { stroke: #d1d9e0 } .one { stroke: #59636e } .rounds { stroke: #1f2328 } .netmq { fill: #2f74c0 } .libzmq { fill: #d98324 }
          @media (prefers-color-scheme: dark) {
            .ground { fill: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #30363d } .one { stroke: #9198a1 } .rounds { stroke: #e6edf3 } .netmq { fill: #58a6ff } .libzmq { fill: #e3953d }
          }
        </style>
        """;

    public static string Draw(string title, IReadOnlyList<Comparison> comparisons)
    {
        (int low, int high) = Decades(comparisons);
        int height = Height(comparisons);
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="12">""");
        svg.AppendLine(Style);
        svg.AppendLine("""<rect class="ground" width="100%" height="100%"/>""");
        Text(svg, 12, 20, "start", Escape(title), """ font-weight="bold" font-size="14" """);
        Text(svg, 12, 38, "start", "How many times better than the peer: bars to the right of 1 are in our favour. Thin lines: worst to best round.", """ class="quiet" """);
        Key(svg, comparisons);
        for (int decade = low; decade <= high; decade++) Grid(svg, X(Math.Pow(10, decade), low, high), decade, height);
        int y = Top;
        foreach (var ofCase in comparisons.GroupBy(static comparison => comparison.Case.Name))
        {
            y += Heading;
            Text(svg, 12, y - 8, "start", Escape(Capital(ofCase.First().Case.Text)), """ font-weight="bold" """);
            foreach (var againstPeer in ofCase.GroupBy(static comparison => comparison.Peer)) y = Peer(svg, [.. againstPeer], y, low, high);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static int Height(IReadOnlyList<Comparison> comparisons) => Top + 14
        + comparisons.GroupBy(static comparison => comparison.Case.Name).Sum(static ofCase => Heading + ofCase.GroupBy(static comparison => comparison.Peer).Sum(static bars => HeightOf(bars.Count())));

    private static int HeightOf(int bars) => (Math.Max(bars, 1) * Bar) + Gap + (bars == 1 ? 3 : 0);

    /// <summary>Whole powers of ten around all that is drawn, 1 among them.</summary>
    private static (int Low, int High) Decades(IReadOnlyList<Comparison> comparisons)
    {
        double low = comparisons.Select(static comparison => comparison.RatioOfPairs.Min).Append(0.5).Min();
        double high = comparisons.Select(static comparison => comparison.RatioOfPairs.Max).Append(2).Max();
        return ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
    }

    private static double X(double ratio, int low, int high) => Left + ((Math.Log10(ratio) - low) / (high - low) * Plot);

    private static void Key(StringBuilder svg, IReadOnlyList<Comparison> comparisons)
    {
        int x = 12;
        foreach ((string side, string name) in ((string, string)[])[(Peers.OursOnNetMQ, "ZmqLoop on NetMQ"), (Peers.OursOnLibzmq, "ZmqLoop on libzmq")])
        {
            if (!comparisons.Any(comparison => comparison.Side == side)) continue;
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="{ClassOf(side)}" x="{x}" y="48" width="16" height="{Bar}"/>""");
            Text(svg, x + 22, 57, "start", name);
            x += 160;
        }
    }

    private static void Grid(StringBuilder svg, double x, int decade, int height)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="{(decade == 0 ? "one" : "grid")}" x1="{x:F1}" y1="{Top}" x2="{x:F1}" y2="{height - 12}"/>""");
        Text(svg, x, Top - 4, "middle", decade < 0 ? Math.Pow(10, decade).ToString("F" + -decade, CultureInfo.InvariantCulture) : Math.Pow(10, decade).ToString("N0", CultureInfo.InvariantCulture), """ class="quiet" """);
    }

    /// <summary>One peer's name, and a bar for each of our engines.</summary>
    /// <returns>Where the next begins.</returns>
    private static int Peer(StringBuilder svg, Comparison[] comparisons, int y, int low, int high)
    {
        double middle = y + (comparisons.Length * Bar / 2.0);
        Text(svg, Left - 12, middle + 4, "end", Escape(LabelOf(comparisons[0])));
        double one = X(1, low, high);
        for (int i = 0; i < comparisons.Length; i++)
        {
            Comparison comparison = comparisons[i];
            Spread rounds = comparison.RatioOfPairs;
            double end = X(comparison.Ratio, low, high);
            double top = y + (i * Bar);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="{ClassOf(comparison.Side)}" x="{Math.Min(one, end):F1}" y="{top:F1}" width="{Math.Abs(end - one):F1}" height="{Bar - 1}"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="rounds" x1="{X(rounds.Min, low, high):F1}" y1="{top + 4:F1}" x2="{X(rounds.Max, low, high):F1}" y2="{top + 4:F1}"/>""");
        }

        Text(svg, Width - 8, middle + 4, "end", string.Join("  ·  ", comparisons.Select(static comparison => Report.Figure(comparison.Ratio))));
        return y + HeightOf(comparisons.Length);
    }

    private static string ClassOf(string side) => side == Peers.OursOnNetMQ ? "netmq" : "libzmq";

    /// <summary>NetMQPoller is measured in two ways where messages are received.</summary>
    private static string LabelOf(Comparison comparison)
    {
        string label = _peers[comparison.Peer == Peers.Tornado45 ? Peers.Tornado : comparison.Peer].Label;
        return comparison is { Peer: Peers.NetMQPoller, Family: "recv" } ? label + ", draining" : label;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static void Text(StringBuilder svg, double x, double y, string anchor, string content, string how = "") =>
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}"{how.TrimEnd()}>{content}</text>""");

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
