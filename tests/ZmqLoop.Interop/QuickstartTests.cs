namespace ZmqLoop.Interop;

public sealed class QuickstartTests
{
    [Fact]
    public async Task The_service_of_the_readme_answers_good_requests_and_bad_ones_and_what_had_come_when_it_was_told_to_end()
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

        using (Message last = new("36")) Deadline.WaitUntil(() => client.TrySend(last));
        await service.InterruptAsync(); // SIGTERM, where Ctrl-C cannot be sent
        Assert.Equal("6", Receive(client));
        (int exitCode, _) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
    }

    private static string Ask(ZMQSocket client, string question)
    {
        using Message request = new(question);
        Deadline.WaitUntil(() => client.TrySend(request));
        return Receive(client);
    }

    private static string Receive(ZMQSocket client)
    {
        Deadline.WaitUntil(() => (client.Events & IOEvents.Read) != 0);
        Assert.True(client.TryReceive(out Message? reply));
        return reply[0].ToText();
    }
}
