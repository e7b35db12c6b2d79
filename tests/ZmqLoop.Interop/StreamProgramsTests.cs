using System.Text.RegularExpressions;

namespace ZmqLoop.Interop;

/// <summary>The programs of docs/streams.md and docs/tracing.md do what the page says.</summary>
public sealed partial class StreamProgramsTests
{
    [Theory]
    [InlineData("threads", "where: answer 1", "when: answer 2", "on the loop: True")]
    [InlineData("closing", "job short", "job long", "worker closed", "a closed stream queues nothing")]
    [InlineData("linger", "linger 0: given up", "linger 10: delivered")]
    [InlineData("errors", "reported: FormatException, for soup", "4", "callback: HostUnreachable", "await: HostUnreachable")]
    [InlineData("traces", "process orders: 3 apples, the trace of the shop: True", "after the await: True")]
    public async Task A_program_prints_what_the_page_says(string name, params string[] expected) =>
        Assert.Equal(expected, await RunAsync(name));

    [Fact]
    public async Task A_bounded_queue_holds_the_producer_back_or_drops_and_tells()
    {
        string[] expected = ["never more than 20 ahead: True",
            .. Enumerable.Range(1, 7).Select(number => $"price {number}: QueueFull"),
            .. Enumerable.Range(8, 3).Select(number => $"price {number}: Expired"), "dropped: 10"];
        Assert.Equal(expected, await RunAsync("back-pressure"));
    }

    [Fact]
    public async Task A_stream_with_priority_is_heard_within_a_few_turns_of_a_flooded_one()
    {
        string[] lines = await RunAsync("priorities");
        int done = int.Parse(Numbers().Match(lines[0]).Value, System.Globalization.CultureInfo.InvariantCulture);
        int left = int.Parse(Numbers().Match(lines[1]).Value, System.Globalization.CultureInfo.InvariantCulture);
        // it may take the poller some turns of a few microseconds to hear of it, and this machine may be busy
        Assert.InRange(done, 25, 250);
        Assert.Equal(500, done + left);
    }

    private static async Task<string[]> RunAsync(string name)
    {
        using ExampleProcess program = ExampleProcess.Start("Streams", [name]);
        (int exitCode, string output) = await program.EndAsync();
        Assert.True(exitCode == 0, program.Errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();
}
