using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>The five incidents of docs/operations.md: what the page says of each is what its readers are told that it says.</summary>
public sealed partial class IncidentTests
{
    [Fact]
    public async Task Each_of_the_five_incidents_is_named_by_itself_in_the_words_of_the_operations_page()
    {
        string text = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "docs", "operations.md"), TestContext.Current.CancellationToken);
        string section = Spaces().Replace(text.Split("## Five incidents")[1].Split("## What the live page finds")[0], " ");
        string[] incidents = [.. section.Split("**").Where(static (_, i) => i % 2 == 0).Skip(1)];
        Assert.Equal(5, incidents.Length);
        string[][] told = [.. incidents.Select(static incident =>
            Quoted().Matches(incident).Select(static match => match.Groups[1].Value).ToArray())];
        Assert.All(told, static words => Assert.NotEmpty(words));

        await using IncidentService service = await IncidentService.StartAsync();
        await using DashboardSite site = await DashboardSite.StartAsync();
        JsonElement data = await site.DataAsync(data =>
            told.All(words => words.All(quoted => Findings(data).Any(finding => IsSaid(quoted, Text(finding))))));
        Assert.Equal(("front", "AnswerAsync"), Named(data, "A handler of front"));
        Assert.Equal(("orders", "ReadPrices"), Named(data, "A callback of loop orders"));
        Assert.Equal("jobs", Named(data, "The send queue of jobs").Whose);
        Assert.Equal("answers", Named(data, "A peer of answers").Whose);
        Assert.Equal("front", Named(data, "Peers of front").Whose);
        Assert.Equal("prices", Named(data, "prices has received nothing").Whose);
    }

    private static JsonElement.ArrayEnumerator Findings(JsonElement data) => data.GetProperty("findings").EnumerateArray();

    /// <summary>As <c>zmqloop top</c> shows it.</summary>
    private static string Text(JsonElement finding) =>
        $"{finding.GetProperty("severity").GetString()}: {finding.GetProperty("title").GetString()}";

    /// <summary>What a finding names by its id, and a callback of this project's that is in it.</summary>
    private static (string? Whose, string? Callback) Named(JsonElement data, string title)
    {
        JsonElement finding = Findings(data).First(finding =>
            finding.GetProperty("title").GetString()!.StartsWith(title, StringComparison.Ordinal));
        (string list, JsonElement id) = finding.GetProperty("stream").ValueKind == JsonValueKind.Null
            ? ("loops", finding.GetProperty("loop")) : ("streams", finding.GetProperty("stream"));
        JsonElement named = data.GetProperty(list).EnumerateArray().Single(one => one.GetProperty("id").GetInt64() == id.GetInt64());
        Match callback = Callback().Match(finding.GetProperty("title").GetString()!);
        return (named.GetProperty("title").GetString(), callback.Success ? callback.Groups[1].Value : null);
    }

    /// <summary>The same but for numbers and times, which are of the moment.</summary>
    private static bool IsSaid(string quoted, string text)
    {
        string pattern = Number().Replace(Regex.Escape(quoted).Replace("\\ ", " ", StringComparison.Ordinal), "[0-9,.]+");
        return Regex.IsMatch(text, "^" + Unit().Replace(pattern, "+ (ms|s|min|h)"));
    }

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("`((?:critical|warning|notice): [^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[0-9]([0-9,.]|\\\.)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=\])\+ (ms|s|min|h)\b")]
    private static partial Regex Unit();

    [GeneratedRegex("IncidentService\\.(\\w+)")]
    private static partial Regex Callback();
}
