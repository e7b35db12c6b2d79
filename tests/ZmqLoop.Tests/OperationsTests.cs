using System.Text.Json;
using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>docs/operations.md has every instrument and every event that there is in src, and the dashboard asks for no other.</summary>
public sealed partial class OperationsTests
{
    private static string Page => File.ReadAllText(Path.Combine(Checkout.Root, "docs", "operations.md"));

    private static IEnumerable<string> Sources => Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.cs",
        SearchOption.AllDirectories);

    /// <summary>The kind of each, by its name.</summary>
    private static Dictionary<string, string> Instruments => Sources.SelectMany(static file => Instrument().Matches(File.ReadAllText(file)))
        .ToDictionary(static match => match.Groups["name"].Value, static match => match.Groups["kind"].Value);

    [Fact]
    public void The_table_of_metrics_has_each_instrument_with_its_kind_and_no_other()
    {
        Dictionary<string, string> listed = MetricRow().Matches(Page)
            .ToDictionary(static row => row.Groups["name"].Value, static row => row.Groups["kind"].Value);
        Dictionary<string, string> kinds = new()
        {
            ["Counter"] = "counter", ["UpDownCounter"] = "up-down counter", ["Gauge"] = "gauge", ["Histogram"] = "histogram",
        };
        Assert.True(Instruments.Count > 20);
        Assert.Equal(Instruments.Select(instrument => $"{instrument.Key}: {kinds[instrument.Value]}").Order(StringComparer.Ordinal),
            listed.Select(static row => $"{row.Key}: {row.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_table_of_events_has_each_event_with_its_level_and_no_other()
    {
        IEnumerable<string> events = Sources.SelectMany(static file => Event().Matches(File.ReadAllText(file))
            .Select(match => $"{CategoryOf(file)} {match.Groups["id"].Value} {match.Groups["level"].Value}"));
        IEnumerable<string> listed = EventRow().Matches(Page).Select(static row =>
            $"{row.Groups["category"].Value} {row.Groups["id"].Value} {row.Groups["level"].Value}");
        Assert.Equal(events.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_dashboard_asks_only_for_instruments_that_there_are_under_the_names_that_prometheus_gives_them()
    {
        using JsonDocument dashboard =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "operations", "grafana.json")));
        JsonElement[] panels = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];
        Assert.True(panels.Length >= 10);
        string[] asked = [.. panels.SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => Labels().Replace(target.GetProperty("expr").GetString()!, ""))
            .SelectMany(static query => Sample().Matches(query)).Select(static match => match.Value)];
        Assert.All(panels, static panel => Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray()));
        string[] known = [.. Instruments.SelectMany(static instrument => NamesInPrometheus(instrument.Key, instrument.Value))];
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(known));
    }

    private static string[] NamesInPrometheus(string name, string kind)
    {
        string plain = name.Replace('.', '_');
        if (kind == "Histogram") return [plain + "_seconds_bucket", plain + "_seconds_sum", plain + "_seconds_count"];
        if (kind == "Counter") return [plain + "_total"];
        return kind == "Gauge" ? [plain + "_seconds"] : [plain];
    }

    private static string CategoryOf(string file) => Path.GetFileNameWithoutExtension(file) switch
    {
        "AuthenticatorLog" => "authenticator's",
        "NetMQLog" => "`ZmqLoop.NetMQ`",
        "HostingLog" => "`ZmqLoop.Hosting`",
        _ => "`ZmqLoop.Loop`",
    };

    [GeneratedRegex(@"\.Create(?:Observable)?(?<kind>Counter|UpDownCounter|Gauge|Histogram)(?:<\w+>)?\(\s*""(?<name>[^""]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^\| `(?<name>[a-z.]+)` \| (?<kind>[a-z-]+(?: counter)?)(?:, \w+)? \|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex(@"LoggerMessage\(\s*(?<id>\d+),\s*LogLevel\.(?<level>\w+)")]
    private static partial Regex Event();

    [GeneratedRegex(@"^\| (?<category>`[\w.]+`|authenticator's) \| (?<id>\d+) \| (?<level>\w+) \|", RegexOptions.Multiline)]
    private static partial Regex EventRow();

    [GeneratedRegex(@"by \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"\b(?:zmqloop|messaging|rpc)_\w+")]
    private static partial Regex Sample();
}
