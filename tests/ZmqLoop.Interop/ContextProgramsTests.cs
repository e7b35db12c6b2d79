namespace ZmqLoop.Interop;

/// <summary>The programs of docs/contexts.md do what the page says.</summary>
public sealed class ContextProgramsTests
{
    [Fact]
    public async Task The_error_of_a_late_callback_is_answered_to_the_request_that_led_to_it()
    {
        string[] lines = await RunAsync("errors");
        Assert.Equal(["16: 4", "25: 5", "sixteen: error, FormatException"], lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_log_scope_is_there_once_in_callbacks_timers_and_after_awaits_and_nowhere_else()
    {
        string[] lines = await RunAsync("log-scopes");
        Assert.Equal(
            [
                "info: Demo[0] => request 1 accepted",
                "info: Demo[0] => request 1 done",
                "info: Demo[0] => request 2 accepted",
                "info: Demo[0] => request 2 done",
                "info: Demo[0] nobody's",
            ],
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_request_whose_time_is_over_ends_with_all_it_started()
    {
        string[] lines = await RunAsync("time-limit");
        Assert.Equal(["progress", "tidied up", "TimedOut, pending: 0"], lines.Distinct());
    }

    [Fact]
    public async Task Each_request_has_its_errors_and_its_time_limit()
    {
        string[] lines = await RunAsync("requests");
        Assert.Equal(["16: 4", "soup: error, FormatException", "slow: took too long"], lines);
    }

    [Fact]
    public async Task Die_on_error_ends_the_process_from_a_late_callback()
    {
        using ExampleProcess program = ExampleProcess.Start("Contexts", ["die-on-error"]);
        (int exitCode, string output) = await program.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Equal("started", output.Trim());
        Assert.Contains("exception in asynchronous operation: the connection is gone", program.Errors, StringComparison.Ordinal);
    }

    private static Task<string[]> RunAsync(string name) => ExampleProcess.RunAsync("Contexts", name);
}
