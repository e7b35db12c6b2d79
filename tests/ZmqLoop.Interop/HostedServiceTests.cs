namespace ZmqLoop.Interop;

public sealed class HostedServiceTests
{
    private const int Requests = 100;

    [Fact]
    public async Task A_host_that_is_told_to_stop_answers_all_that_had_come_and_ends_with_0()
    {
        using ExampleProcess service = ExampleProcess.Start("HostedService", []);
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQSocket client = await ConnectAsync(engine, service);
        for (int i = 0; i < Requests; i++)
        {
            using Message request = new($"{i}");
            Deadline.WaitUntil(() => client.TrySend(request));
        }

        HashSet<string> answers = [Receive(client)]; // of eight that wait at once; nearly all others wait in the socket
        await service.InterruptAsync();
        while (answers.Count < Requests) answers.Add(Receive(client));
        Assert.Equal(Enumerable.Range(0, Requests).Select(static i => $"done: {i}").Order(), answers.Order());
        (int exitCode, string output) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
        Assert.Contains("Stream 'orders' has finished", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_frames_a_client_sends_it_is_answered_and_the_next_is_served()
    {
        using ExampleProcess service = ExampleProcess.Start("HostedService", []);
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQSocket client = await ConnectAsync(engine, service);
        foreach (Message request in (Message[])[new(""), new("", ""), new("", "order"), new("a", "", "b"), new("order")])
            Deadline.WaitUntil(() => client.TrySend(request));
        List<string> answers = [];
        while (answers.Count < 5) answers.Add(Receive(client));
        Assert.Equal(4, answers.Count(static answer => answer == "error: an order is one frame"));
        Assert.Contains("done: order", answers);
        await service.InterruptAsync();
        (int exitCode, _) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
        Assert.DoesNotContain("fail:", service.Errors, StringComparison.Ordinal);
    }

    private static async Task<ZMQSocket> ConnectAsync(ZMQEngine engine, ExampleProcess service)
    {
        string endpoint = await service.ReadToAsync("info: ZmqLoop.Hosting[1] Stream 'orders' is bound to ");
        ZMQSocket client = engine.CreateSocket(SocketType.Dealer);
        client.Linger = TimeSpan.Zero;
        client.Connect(endpoint);
        return client;
    }

    private static string Receive(ZMQSocket client)
    {
        Message? reply = null;
        Deadline.WaitUntil(() => client.TryReceive(out reply));
        return reply![^1].ToText();
    }
}
