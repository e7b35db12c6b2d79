namespace ZmqLoop.Interop;

public sealed class HostedServiceTests
{
    private const int Requests = 100;

    [Fact]
    public async Task A_host_that_is_told_to_stop_answers_all_that_had_come_and_ends_with_0()
    {
        using ExampleProcess service = ExampleProcess.Start("HostedService", []);
        string endpoint = await service.ReadToAsync("info: Orders[0] serving ");
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQSocket client = engine.CreateSocket(SocketType.Dealer);
        client.Linger = TimeSpan.Zero;
        client.Connect(endpoint);
        for (int i = 0; i < Requests; i++)
        {
            using Message request = new(Frame.Empty, $"{i}");
            Deadline.WaitUntil(() => client.TrySend(request));
        }

        Assert.Equal("done: 0", Receive(client)); // seven more are under way, and nearly all others wait in the socket
        await service.InterruptAsync();
        HashSet<string> answers = [];
        while (answers.Count < Requests - 1) answers.Add(Receive(client));
        (int exitCode, string output) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
        Assert.Contains("stopped", output, StringComparison.Ordinal);
    }

    private static string Receive(ZMQSocket client)
    {
        Message? reply = null;
        Deadline.WaitUntil(() => client.TryReceive(out reply));
        return reply![^1].ToText();
    }
}
