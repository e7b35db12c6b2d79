using System.Globalization;
using System.Xml.Linq;

namespace ZmqLoop.Compare.Tests;

public sealed class ReportTests
{
    private static readonly Case _time = new("idle-10", "ns", Unit.Microseconds);
    private static readonly Comparison _measured = new(_time, "idle", "c-zmq_poll", [1, 2, 3], [8, 9, 10]);
    private static readonly Comparison _missing = new(_time, "idle", "netmq-poller", [], [], "NetMQ is not | in reach.");

    [Fact]
    public void A_ratio_is_one_line_of_four_words() => Assert.Equal("RATIO idle-10 c-zmq_poll 4.50", Report.Line(_measured));

    [Fact]
    public void A_missing_peer_is_named_with_the_reason() => Assert.Equal("MISSING idle-10 netmq-poller NetMQ is not | in reach.", Report.Line(_missing));

    [Fact]
    public void The_table_has_medians_spreads_and_the_missing()
    {
        string[] rows = [.. Report.Table([_measured, _missing]).Skip(2)];
        Assert.Equal("| idle-10 | c-zmq_poll | 2.00 (1.00 to 3.00) | 9.00 (8.00 to 10.0) | µs | **4.50** (3.33 to 8.00) |", rows[0]);
        Assert.Equal("| idle-10 | netmq-poller | | | | missing: NetMQ is not / in reach. |", rows[1]);
    }

    [Theory]
    [InlineData(0.00012345, "0.000123")]
    [InlineData(0.5, "0.500")]
    [InlineData(1, "1.00")]
    [InlineData(99.96, "100.0")]
    [InlineData(1234567, "1234567")]
    [InlineData(0, "0")]
    public void Figures_have_three_digits_that_count_and_no_exponent(double value, string text) => Assert.Equal(text, Report.Figure(value));

    [Fact]
    public void Figures_have_a_point_wherever_they_are_printed()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal("1.50", Report.Figure(1.5));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_picture_has_a_bar_and_a_spread_for_each_comparison_and_none_for_the_missing()
    {
        XDocument picture = XDocument.Parse(BarChart.Draw("idle & more", [_measured, _missing]));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Single(picture.Descendants(svg + "rect"), static rect => (string?)rect.Attribute("fill") is not "#fff");
        Assert.Single(picture.Descendants(svg + "line"), static line => (string?)line.Attribute("stroke") == "#111");
        Assert.Contains(picture.Descendants(svg + "text"), static text => text.Value == "idle & more");
        Assert.DoesNotContain(picture.Descendants(svg + "text"), static text => text.Value == "netmq-poller");
    }

    [Fact]
    public void Bars_begin_at_1_and_go_right_where_we_are_better()
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        Comparison worse = _measured with { Peer = "worse", Ours = [20], Theirs = [10] };
        XElement[] bars = [.. XDocument.Parse(BarChart.Draw("both", [_measured, worse])).Descendants(svg + "rect").Skip(1)];
        double oneOfBetter = (double)bars[0].Attribute("x")!;
        double oneOfWorse = (double)bars[1].Attribute("x")! + (double)bars[1].Attribute("width")!;
        Assert.Equal(oneOfBetter, oneOfWorse, 0.2);
    }
}
