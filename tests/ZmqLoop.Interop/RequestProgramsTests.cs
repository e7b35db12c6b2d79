namespace ZmqLoop.Interop;

/// <summary>The programs of README.md and docs/requests.md do what the pages say, on the engine of this run.</summary>
public sealed class RequestProgramsTests
{
    [Fact]
    public async Task The_server_and_the_client_of_the_README_talk()
    {
        using ExampleProcess server = ExampleProcess.Start("RequestServer", ["tcp://127.0.0.1:*"], EngineUnderTest.Current.Environment);
        string endpoint = await server.ReadToAsync("serving on ");
        string[] lines = await RunAsync("RequestClient", endpoint);
        Assert.Equal("1 2 3 4 5 6 7 8 9", lines[0]);
        Assert.StartsWith("FormatException: ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_was_lost_is_sent_again_and_one_whose_time_is_over_says_so()
    {
        string[] lines = await RunAsync("Requests", "times");
        string[] first = ["the handler hears of it, since the client told its time", "sent 1 times, 1 in flight"];
        Assert.Equal(first.Order(), lines[..2].Order());
        Assert.Equal("try 3", lines[2]);
        Assert.Matches("^late answers: [01]$", lines[3]);
    }

    [Fact]
    public async Task Errors_are_answers_by_the_users_rule()
    {
        string[] lines = await RunAsync("Requests", "errors");
        Assert.Equal(["log: /var/lib/shop/orders is full", "internal: 'save' failed; the log says more.", "sold-out: There is none left.",
            "unknown-name: There is no handler of the name 'steal'."], lines[2..]);
        Assert.StartsWith("log: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("FormatException: ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Typed_messages_go_by_JSON_and_by_protobuf() => Assert.Equal([
        "reported: MessageFormatException", "3 apples", "JsonFrameSerializer: 42 and 14",
        "reported: MessageFormatException", "3 apples", "ProtobufSerializer: 42 and 14",
    ], await RunAsync("TypedMessages"));

    private static async Task<string[]> RunAsync(string name, params string[] arguments)
    {
        using ExampleProcess program = ExampleProcess.Start(name, arguments, EngineUnderTest.Current.Environment);
        (int exitCode, string output) = await program.EndAsync();
        Assert.True(exitCode == 0, program.Errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
