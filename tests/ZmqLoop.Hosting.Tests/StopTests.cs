using Microsoft.Extensions.DependencyInjection;

namespace ZmqLoop.Hosting;

/// <summary>Requests that are under way when the host stops.</summary>
public sealed class StopTests
{
    private const string GaveUp = "ZLR1!00000001||error|closing|The server closes, and has not carried out the request.";

    [Fact]
    public async Task Each_client_gets_one_answer_or_one_error_whatever_its_handler_does_and_who_calls_off_gets_none()
    {
        await using TestHost host = new(
            static loop =>
            {
                loop.Services.AddSingleton<Gate>();
                loop.AddResponder<Patience>("orders", static responder => responder.Bind.Add("tcp://127.0.0.1:*"));
            },
            configure: static options => options.FinishTime = TimeSpan.FromSeconds(3));
        await host.StartAsync();
        Responder responder = host.Services.GetRequiredKeyedService<Responder>("orders");
        string[] wanted = ["answers", "gives up", "deaf", "called off", "throws"];
        ZMQSocket[] clients = [.. wanted.Select(what =>
        {
            ZMQSocket client = host.Connect(SocketType.Dealer, "Responder 'orders'");
            TestHost.Send(client, "ZLR1?00000001", "", what);
            return client;
        })];
        Deadline.WaitUntil(() => responder.HandlersRunning == wanted.Length);

        Task stopped = host.StopAsync();
        TestHost.Send(clients[3], "ZLR1x00000001", "");
        Deadline.WaitUntil(() => responder.CancelledRequests == 1 || responder.IsClosed); // where the machine is slow it comes too late
        host.Services.GetRequiredService<Gate>().Open();
        await stopped;
        Assert.Equal([
            "ZLR1?00000001||done", GaveUp, "ZLR1!00000001||error|closing|The server closes, and the handler has not ended.",
            responder.CancelledRequests == 1 ? "none" : GaveUp, "ZLR1!00000001||error|FormatException|oops",
        ], clients.Select((client, index) => index == 3 && responder.CancelledRequests == 1 ? "none" : TestHost.Receive(client)));
        Assert.All(clients, static client => Assert.False(client.TryReceive(out Message? _))); // no second one
        Assert.Contains(host.Log, static line => line.Contains("Given up: 1 handlers", StringComparison.Ordinal)
            && line.EndsWith(", and 0 that had come and were not read", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("events", "2 messages or requests that had not gone out or were not answered")]
    [InlineData("prices", "3 messages or requests that had not gone out or were not answered")]
    public async Task What_has_no_handler_tells_how_much_had_not_gone_out_when_its_time_was_over(string name, string lost)
    {
        await using TestHost host = new(static loop => loop
            .AddStream("events", SocketType.Push, static stream => stream.Options = new() { DrainTime = TimeSpan.FromSeconds(0.1) })
            .AddRequestClient("prices", static client => client.Options = new() { DrainTime = TimeSpan.FromSeconds(0.1) }));
        await host.StartAsync();
        for (int i = 0; i < 2; i++) host.Stream("events").Send("nobody is there");
        RequestClient client = host.Services.GetRequiredKeyedService<RequestClient>("prices");
        Task<Message>[] answers = [.. Enumerable.Range(0, 3).Select(_ => client.RequestAsync(new Message("nor here")))];
        Deadline.WaitUntil(() => client.InFlight == 3);
        await host.StopAsync();
        Assert.Contains(lost, Assert.Single(host.Log, line => line.Contains($" '{name}' had not finished", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.All(answers, static answer => Assert.True(answer.IsFaulted));
    }

    /// <summary>Opens when the host is stopping.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Opened => _open.Task;

        public void Open() => _open.SetResult();
    }

    private sealed class Patience(Gate gate) : IRequestHandler
    {
        public async Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken)
        {
            string what = request.Body[0].ToText();
            if (what is "gives up" or "called off") await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            if (what == "deaf") await new TaskCompletionSource().Task;
            await gate.Opened;
            return what == "throws" ? throw new FormatException("oops") : new Message("done");
        }
    }
}
