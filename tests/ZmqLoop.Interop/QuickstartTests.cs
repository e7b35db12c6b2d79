namespace ZmqLoop.Interop;

public sealed class QuickstartTests
{
    [Fact]
    public async Task The_service_of_the_readme_answers_good_requests_and_bad_ones_and_ends_on_Ctrl_C()
    {
        using ExampleProcess service = ExampleProcess.Start("Quickstart", ["tcp://127.0.0.1:*"]);
        string endpoint = await service.ReadToAsync("serving on ");

        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQSocket client = engine.CreateSocket(SocketType.Req);
        client.Linger = TimeSpan.Zero;
        client.Connect(endpoint);
        Assert.Equal("4", Ask(client, "16"));
        Assert.StartsWith("error: ", Ask(client, "sixteen"), StringComparison.Ordinal); // thrown in a timer, and answered
        Assert.Equal("5", Ask(client, "25"));

        (int exitCode, _) = await service.EndByCtrlCAsync();
        Assert.True(exitCode == 0, service.Errors);
    }

    private static string Ask(ZMQSocket client, string question)
    {
        using Message request = new(question);
        Deadline.WaitUntil(() => client.TrySend(request));
        Deadline.WaitUntil(() => (client.Events & IOEvents.Read) != 0);
        Assert.True(client.TryReceive(out Message? reply));
        return reply[0].ToText();
    }
}
