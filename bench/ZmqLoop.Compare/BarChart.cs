using System.Globalization;
using System.Text;

namespace ZmqLoop.Compare;

/// <summary>A picture of ratios: for each peer a bar an engine, from 1, to the right where we are better, over a scale in powers of ten; a
/// thin line from the worst round to the best. It has colours for light and for dark surroundings, and its own ground for either.</summary>
internal static class BarChart
{
    private const int Bar = 9;
    private const int Gap = 5;
    private const int Heading = 26;
    private const int Top = 76;
    private const int Left = 190;
    private const int Plot = 560;
    private const int Width = Left + Plot + 110;

    private const string Style = """
        <style>
          .ground { fill: #ffffff } text { fill: #1f2328 } .quiet { fill: #59636e } .netmq { fill: #2f74c0 } .libzmq { fill: #d98324 }
          .grid { stroke: #d1d9e0 } .one { stroke: #59636e } .rounds { stroke: #1f2328 } .head { font-weight: bold }
          @media (prefers-color-scheme: dark) {
            .ground { fill: #0d1117 } text { fill: #e6edf3 } .quiet { fill: #9198a1 } .netmq { fill: #58a6ff } .libzmq { fill: #e3953d }
            .grid { stroke: #30363d } .one { stroke: #9198a1 } .rounds { stroke: #e6edf3 } .head { font-weight: bold }
          }
        </style>
        """;

    private const string HowToRead =
        "How many times better than the peer: bars to the right of 1 are in our favour. Thin lines: worst to best round.";

    private static readonly Peers _peers = new("", static _ => null); // for their names

    public static string Draw(string title, IReadOnlyList<Comparison> comparisons)
    {
        (int low, int high) = Decades(comparisons);
        int height = Height(comparisons);
        StringBuilder svg = new();
        string box = $"0 0 {Width} {height}";
        string font = """font-family="sans-serif" font-size="12" """.TrimEnd();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="{box}" {font}>""");
        svg.AppendLine(Style);
        svg.AppendLine("""<rect class="ground" width="100%" height="100%"/>""");
        Text(svg, 12, 20, "start", title, "head");
        Text(svg, 12, 38, "start", HowToRead, "quiet");
        Key(svg, comparisons);
        for (int decade = low; decade <= high; decade++) Grid(svg, X(Math.Pow(10, decade), low, high), decade, height);
        int y = Top;
        foreach (var ofCase in comparisons.GroupBy(static comparison => comparison.Case.Name))
        {
            y += Heading;
            Text(svg, 12, y - 8, "start", Capital(ofCase.First().Case.Text), "head");
            foreach (var againstPeer in ofCase.GroupBy(static comparison => comparison.Peer))
                y = DrawPeer(svg, [.. againstPeer], y, low, high);
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static int Height(IReadOnlyList<Comparison> comparisons)
    {
        int height = Top + 14;
        foreach (var ofCase in comparisons.GroupBy(static comparison => comparison.Case.Name))
            height += Heading + ofCase.GroupBy(static comparison => comparison.Peer).Sum(static bars => HeightOf(bars.Count()));
        return height;
    }

    /// <summary>One bar alone has no less room than its peer's name.</summary>
    private static int HeightOf(int bars) => (bars * Bar) + Gap + (bars == 1 ? 3 : 0);

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
        foreach (string side in (string[])[Peers.OursOnNetMQ, Peers.OursOnLibzmq])
        {
            if (!comparisons.Any(comparison => comparison.Side == side)) continue;
            Add(svg, $"""<rect class="{ClassOf(side)}" x="{x}" y="48" width="16" height="{Bar}"/>""");
            Text(svg, x + 22, 57, "start", _peers[side].Label);
            x += 160;
        }
    }

    private static void Grid(StringBuilder svg, double x, int decade, int height)
    {
        Add(svg, $"""<line class="{(decade == 0 ? "one" : "grid")}" x1="{x:F1}" y1="{Top}" x2="{x:F1}" y2="{height - 12}"/>""");
        string format = decade < 0 ? "F" + -decade : "N0";
        Text(svg, x, Top - 4, "middle", Math.Pow(10, decade).ToString(format, CultureInfo.InvariantCulture), "quiet");
    }

    /// <summary>One peer's name, and a bar for each of our engines.</summary>
    /// <returns>Where the next begins.</returns>
    private static int DrawPeer(StringBuilder svg, Comparison[] comparisons, int y, int low, int high)
    {
        double middle = y + (comparisons.Length * Bar / 2.0);
        Text(svg, Left - 12, middle + 4, "end", LabelOf(comparisons[0]));
        for (int i = 0; i < comparisons.Length; i++) DrawBar(svg, comparisons[i], y + (i * Bar), low, high);
        string ratios = string.Join("  ·  ", comparisons.Select(static comparison => Report.Figure(comparison.Ratio)));
        Text(svg, Width - 8, middle + 4, "end", ratios);
        return y + HeightOf(comparisons.Length);
    }

    private static void DrawBar(StringBuilder svg, Comparison comparison, int y, int low, int high)
    {
        double one = X(1, low, high);
        double end = X(comparison.Ratio, low, high);
        (double left, double width) = (Math.Min(one, end), Math.Abs(end - one));
        Add(svg, $"""<rect class="{ClassOf(comparison.Side)}" x="{left:F1}" y="{y}" width="{width:F1}" height="{Bar - 1}"/>""");
        Spread rounds = comparison.RatioOfPairs;
        (double worst, double best) = (X(rounds.Min, low, high), X(rounds.Max, low, high));
        Add(svg, $"""<line class="rounds" x1="{worst:F1}" y1="{y + 4}" x2="{best:F1}" y2="{y + 4}"/>""");
    }

    private static string ClassOf(string side) => side == Peers.OursOnNetMQ ? "netmq" : "libzmq";

    /// <summary>NetMQPoller is measured in two ways where messages are received.</summary>
    private static string LabelOf(Comparison comparison)
    {
        string label = _peers[comparison.Peer].Label;
        return comparison is { Peer: Peers.NetMQPoller, Family: "recv" } ? label + ", draining" : label;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static void Text(StringBuilder svg, double x, double y, string anchor, string content, string? kind = null)
    {
        string how = kind is null ? "" : $"class=\"{kind}\" ";
        Add(svg, $"""<text {how}x="{x:F1}" y="{y:F1}" text-anchor="{anchor}">{Escape(content)}</text>""");
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
