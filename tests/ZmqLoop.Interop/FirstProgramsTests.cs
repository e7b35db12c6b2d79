using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Interop;

/// <summary>The programs of README.md, docs/getting-started.md and docs/publish-subscribe.md do what the pages say.</summary>
public sealed class FirstProgramsTests
{
    [Fact]
    public async Task The_client_that_is_started_first_gets_its_hello()
    {
        string endpoint = FreeEndpoint();
        using ExampleProcess client = ExampleProcess.Start("HelloClient", [endpoint], EngineUnderTest.Current.Environment);
        using ExampleProcess server = ExampleProcess.Start("HelloServer", [endpoint], EngineUnderTest.Current.Environment);
        (int exitCode, string output) = await client.EndAsync();
        Assert.True(exitCode == 0, client.Errors);
        Assert.Equal("hello world", output.Trim());
    }

    [Fact]
    public async Task A_late_subscriber_gets_the_last_value_and_then_the_news() =>
        Assert.Equal(["apples 17", "apples 18"], await ExampleProcess.RunAsync("PubSub", "last-values"));

    [Fact]
    public async Task A_subscriber_sees_what_it_missed_by_the_numbers() =>
        Assert.Equal(["missed 2 to 3: ask for the state anew"], await ExampleProcess.RunAsync("PubSub", "gaps"));

    private static string FreeEndpoint()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return "tcp://" + listener.LocalEndpoint;
    }
}
