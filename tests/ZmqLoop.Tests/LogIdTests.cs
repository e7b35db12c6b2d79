using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Who filters a log by the id of an event gets that event alone.</summary>
public sealed partial class LogIdTests
{
    [Theory]
    [InlineData("ZmqLoop", "ZmqLoop.Streams")] // streams log where their loop does
    [InlineData("ZmqLoop.NetMQ")]
    [InlineData("ZmqLoop.LibZmq")]
    [InlineData("ZmqLoop.Hosting")]
    public void An_id_is_of_one_event_in_what_logs_together(params string[] projects)
    {
        string[] twice = [.. projects
            .SelectMany(static project => Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", project), "*.cs",
                SearchOption.AllDirectories))
            .SelectMany(static file => Event().Matches(File.ReadAllText(file)).Select(match => (Id: match.Groups[1].Value, File: file)))
            .GroupBy(static found => found.Id)
            .Where(static group => group.Count() > 1)
            .Select(static group => $"{group.Key}: {string.Join(", ", group.Select(static found => Path.GetFileName(found.File)))}")];
        Assert.Empty(twice);
    }

    [GeneratedRegex(@"LoggerMessage\(\s*(\d+)")]
    private static partial Regex Event();
}
