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

    [Fact]
    public async Task A_callback_that_blocks_the_loop_keeps_the_host_no_longer_than_its_time_and_is_named()
    {
        using ManualResetEventSlim end = new();
        await using TestHost host = new(
            static loop => loop
                .AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add("tcp://127.0.0.1:*"))
                .AddStream("events", SocketType.Push, static stream => stream.Bind.Add("tcp://127.0.0.1:*"))
                .AddRequestClient("prices"),
            configure: static options => options.AnswerTime = TimeSpan.FromSeconds(0.1));
        await host.StartAsync();
        IOLoop loop = host.Services.GetRequiredService<IOLoop>();
        loop.AddCallback(end.Wait);
        Deadline.WaitUntil(() => loop.GetCurrentCallback()?.Origin.Callback is Action { Target: ManualResetEventSlim });
        using CancellationTokenSource hostsTime = new(TimeSpan.FromSeconds(0.2));
        try
        {
            await host.StopAsync(hostsTime.Token).WaitAsync(Deadline.Default, TestContext.Current.CancellationToken);
        }
        finally
        {
            end.Set();
        }

        Assert.StartsWith("Critical: Loop 'Shop' is left as it is, since the host's time is over: Callback ManualResetEventSlim.Wait "
            + "has been running on it for ", Assert.Single(host.Log, static line => line.StartsWith("Critical", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        Assert.Equal(3, host.Log.Count(static line => line.Contains(" had not finished after ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_provider_of_services_without_a_host_ends_its_loops_and_closes_their_sockets()
    {
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ServiceCollection services = new();
        services.ConfigureAll<HostedLoopOptions>(options => options.Engine = engine);
        services.AddZmqLoop().AddRequestClient("prices");
        RequestClient client;
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            client = provider.GetRequiredKeyedService<RequestClient>("prices");
            Assert.Same(client.IOLoop, provider.GetRequiredService<IOLoop>());
        }

        Assert.Equal((true, true), (client.Socket.IsClosed, client.IOLoop.IsClosed));
    }

    [Fact]
    public async Task A_loop_that_ends_by_itself_while_its_streams_finish_keeps_the_host_no_longer_than_its_time()
    {
        await using TestHost host = new(
            static loop => loop.AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add("tcp://127.0.0.1:*")),
            configure: static options => options.AnswerTime = TimeSpan.FromSeconds(0.1));
        await host.StartAsync();
        TestHost.Send(host.Connect(SocketType.Dealer, "Stream 'orders'"), "order");
        Deadline.WaitUntil(() => host.Stream("orders").HandlersRunning == 1);
        IOLoop loop = host.Services.GetRequiredService<IOLoop>();
        using CancellationTokenSource hostsTime = new(TimeSpan.FromSeconds(1));
        Task stopped = host.StopAsync(hostsTime.Token);
        loop.Stop();
        await stopped.WaitAsync(Deadline.Default, TestContext.Current.CancellationToken);
        Assert.True(loop.IsClosed);
        Assert.Contains(host.Log, static line => line.Contains("Given up: 1 handlers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_is_disposed_without_a_stop_sends_what_is_queued_and_then_ends_its_loops_without_a_warning()
    {
        TestHost host = new(static loop => loop
            .AddStream("events", SocketType.Push, static stream => stream.Bind.Add("tcp://127.0.0.1:*")));
        ZMQStream events = host.Stream("events"); // before all else, as by a service that was added before
        await host.StartAsync();
        Assert.Same(events.IOLoop, host.Services.GetRequiredService<IOLoop>());
        await host.CheckAsync();
        ZMQSocket peer = host.Connect(SocketType.Pull, "Stream 'events'");
        events.Send("first");
        Assert.Equal("first", TestHost.Receive(peer));
        events.Send("last");
        await host.DisposeServicesAsync();
        Assert.Equal("last", TestHost.Receive(peer));
        Assert.Equal((true, true), (events.Socket.IsClosed, events.IOLoop.IsClosed));
        Assert.DoesNotContain(host.Log, static line => line.StartsWith("Warning", StringComparison.Ordinal)
            || line.StartsWith("Critical", StringComparison.Ordinal));
        await host.DisposeAsync();
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
