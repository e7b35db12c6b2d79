using System.Globalization;
using System.Xml.Linq;

namespace ZmqLoop.Compare.Tests;

public sealed class ReportTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private static readonly Comparison _measured = Make.Comparison([1, 2, 3], [8, 9, 10]);
    private static readonly Comparison _onNetMQ = _measured with { Side = Peers.OursOnNetMQ, Ours = [2, 2, 4] };
    private static readonly Comparison _missing = _measured with
    {
        Peer = Peers.CEpoll,
        Ours = [],
        Theirs = [],
        Missing = "There is no | compiler.",
    };
    private static readonly Comparison _noisy = _measured with { Peer = Peers.PyzmqStream, Noise = "The machine was busy." };

    [Fact]
    public void A_ratio_is_one_line_of_four_words_on_either_engine()
    {
        Assert.Equal("RATIO idle-10 c-zmq_poll 4.50", Report.Line(_measured));
        Assert.Equal("RATIO idle-10:ours-netmq c-zmq_poll 4.50", Report.Line(_onNetMQ));
    }

    [Fact]
    public void A_missing_peer_is_named_with_the_reason() =>
        Assert.Equal("MISSING idle-10 c-epoll There is no | compiler.", Report.Line(_missing));

    [Fact]
    public void A_noisy_ratio_is_not_called_one() =>
        Assert.Equal("NOISY idle-10 pyzmq-stream 4.50 The machine was busy.", Report.Line(_noisy));

    [Fact]
    public void The_table_has_medians_spreads_and_dates_and_names_the_missing_and_the_noisy()
    {
        string[] rows = [.. Report.Table(Keep(_measured, _onNetMQ, _missing, _noisy).Comparisons).Skip(2)];
        Assert.Equal(
            [
                "| idle-10 | ours-netmq | c-zmq_poll | 2.00 (2.00 to 4.00) | 9.00 (8.00 to 10.0) | µs | **4.50** (2.50 to 4.50) | "
                + "abc1234, 2026-11-28 |",
                "| idle-10 | ours | c-zmq_poll | 2.00 (1.00 to 3.00) | 9.00 (8.00 to 10.0) | µs | **4.50** (3.33 to 8.00) | abc1234, "
                + "2026-11-28 |",
                "| idle-10 | ours | pyzmq-stream | | | | noisy: The machine was busy. | abc1234, 2026-11-28 |",
                "| idle-10 | ours | c-epoll | | | | missing: There is no / compiler. | abc1234, 2026-11-28 |",
            ],
            rows);
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
    public void The_picture_has_a_bar_for_each_engine_and_the_spread_of_its_rounds()
    {
        XDocument picture = XDocument.Parse(BarChart.Draw("idle & more", [_onNetMQ, _measured]));
        // the key's, and the bars
        Assert.Equal(["netmq", "libzmq", "netmq", "libzmq"], Classes(picture, "rect").Where(static one => one != "ground"));
        Assert.Equal(2, Classes(picture, "line").Count(static one => one == "rounds"));
        string[] texts = [.. picture.Descendants(_svg + "text").Select(static text => text.Value)];
        Assert.Contains("idle & more", texts);
        Assert.Contains("One message beside 10 idle sockets", texts);
        Assert.Contains("C, zmq_poll", texts);
        Assert.DoesNotContain(
            texts,
            static text => text.Contains("idle-10", StringComparison.Ordinal) || text.Contains("c-zmq_poll", StringComparison.Ordinal));
    }

    [Fact]
    public void Bars_begin_at_1_and_go_right_where_we_are_better()
    {
        Comparison worse = _measured with { Peer = Peers.CEpoll, Ours = [20], Theirs = [10] };
        IEnumerable<XElement> drawn = XDocument.Parse(BarChart.Draw("both", [_measured, worse])).Descendants(_svg + "rect");
        XElement[] bars = [.. drawn.Where(static rect => (string?)rect.Attribute("class") == "libzmq").Skip(1)];
        double oneOfBetter = (double)bars[0].Attribute("x")!;
        double oneOfWorse = (double)bars[1].Attribute("x")! + (double)bars[1].Attribute("width")!;
        Assert.Equal(oneOfBetter, oneOfWorse, 0.2);
    }

    [Fact]
    public void Every_class_of_a_picture_has_a_colour_for_light_and_one_for_dark()
    {
        string picture = BarChart.Draw("both", [_onNetMQ, _measured]);
        XElement style = XDocument.Parse(picture).Descendants(_svg + "style").Single();
        string[] colours = style.Value.Split("@media (prefers-color-scheme: dark)");
        Assert.Equal(2, colours.Length);
        foreach (string name in Classes(XDocument.Parse(picture), "rect", "line", "text").Distinct())
            Assert.All(colours, ofOne => Assert.Contains($".{name} {{", ofOne, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_written_draws_and_prints_only_what_was_quiet()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            Results.Write(
                folder.FullName,
                Keep(_measured, _noisy, _missing, Make.Comparison("posts-1", Peers.OursOnNetMQ, Peers.NetMQPoller, [10, 10], [90, 100])));
            string picture = File.ReadAllText(Path.Combine(folder.FullName, "idle.svg"));
            Assert.Contains("C, zmq_poll", picture, StringComparison.Ordinal);
            Assert.DoesNotContain("pyzmq", picture, StringComparison.Ordinal);
            Assert.Contains("NetMQPoller", File.ReadAllText(Path.Combine(folder.FullName, "overview.svg")), StringComparison.Ordinal);
            string page = File.ReadAllText(Path.Combine(folder.FullName, "netmq.md"));
            Assert.Contains("| posts-1 | ours-netmq | netmq-poller |", page, StringComparison.Ordinal);
            Assert.Contains("| 9.50 (at least 8) | yes |", page, StringComparison.Ordinal);
            Assert.DoesNotContain("| idle-10 |", page, StringComparison.Ordinal);
            Assert.Contains(
                "noisy: The machine was busy.", File.ReadAllText(Path.Combine(folder.FullName, "compare.md")), StringComparison.Ordinal);
            Assert.Equal(4, Archive.Load(Results.FileIn(folder.FullName)).Comparisons.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Archive Keep(params Comparison[] comparisons) => new Archive([], []).With(Make.Run("2026-11-28 10:00 UTC"), comparisons);

    private static IEnumerable<string> Classes(XDocument picture, params string[] elements) =>
        picture.Descendants().Where(element => elements.Contains(element.Name.LocalName))
            .Select(static element => (string?)element.Attribute("class")).OfType<string>();
}
