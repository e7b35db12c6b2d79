using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZmqLoop.Hosting;

public sealed class HostedSocketTests
{
    private const string Loopback = "tcp://127.0.0.1:*";

    [Fact]
    public async Task A_stream_is_bound_when_the_host_has_started_and_its_handler_answers_on_the_loop_each_message_in_its_own_scope()
    {
        await using TestHost host = new(static loop =>
        {
            loop.Services.AddScoped<ScopeProbe>();
            loop.AddStream<Echo>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback));
        });
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Dealer, "Stream 'orders'");
        TestHost.Send(client, "one");
        TestHost.Send(client, "two");
        string[] answers = [TestHost.Receive(client), TestHost.Receive(client)];
        Assert.StartsWith("one by ", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("two by ", answers[1], StringComparison.Ordinal);
        Assert.NotEqual(answers[0][^2..], answers[1][^2..]);
        Deadline.WaitUntil(static () => ScopeProbe.Open == 0);
        await host.StopAsync();
        Assert.Contains("Information: Stream 'orders' has finished", host.Log);
        Assert.True(host.Stream("orders").IsClosed);
        Assert.True(host.Services.GetRequiredService<IOLoop>().IsClosed);
    }

    [Fact]
    public async Task A_hosted_service_has_its_stream_from_its_constructor_on_and_until_its_stop_has_ended()
    {
        await using TestHost host = new(static loop =>
        {
            loop.AddStream("events", SocketType.Push, static stream => stream.Bind.Add(Loopback));
            loop.Services.AddHostedService<Publisher>();
        });
        await host.StartAsync();
        ZMQSocket peer = host.Connect(SocketType.Pull, "Stream 'events'");
        Assert.Equal("started", TestHost.Receive(peer));
        await host.StopAsync();
        Assert.Equal("stopped", TestHost.Receive(peer));
        Assert.DoesNotContain(host.Log, static line => !line.StartsWith("Information", StringComparison.Ordinal)
            && !line.StartsWith("Debug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_responder_answers_a_request_client_of_the_same_host_on_another_loop()
    {
        await using TestHost host = new(static loop =>
        {
            loop.AddResponder<Doubler>("doubler", static responder => responder.Bind.Add(Loopback));
            loop.Services.AddZmqLoop("clients").AddRequestClient("doubling");
        });
        await host.StartAsync();
        RequestClient client = host.Services.GetRequiredKeyedService<RequestClient>("doubling");
        await client.IOLoop.InvokeAsync(() => client.Connect(host.EndpointOf("Responder 'doubler'")));
        Assert.Same(host.Services.GetRequiredKeyedService<IOLoop>("clients"), client.IOLoop);
        Assert.NotSame(host.Services.GetRequiredService<IOLoop>(), client.IOLoop);
        using Message answer = await client.RequestAsync(new Message("21"), TestContext.Current.CancellationToken);
        Assert.Equal("42", answer[0].ToText());
        await host.StopAsync();
        Assert.Contains("Information: Responder 'doubler' has finished", host.Log);
        Assert.Contains("Information: Request client 'doubling' has finished", host.Log);
    }

    [Fact]
    public async Task A_handler_that_gives_no_task_has_ended_and_gave_no_answer()
    {
        await using TestHost host = new(static loop => loop
            .AddStream<Forgetful>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback))
            .AddResponder<Forgetful>("prices", static responder => responder.Bind.Add(Loopback)));
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Dealer, "Stream 'orders'");
        TestHost.Send(client, "order");
        Assert.Equal("sent", TestHost.Receive(client));
        ZMQSocket asker = host.Connect(SocketType.Req, "Responder 'prices'");
        TestHost.Send(asker, "price");
        Assert.Equal("error|failed|The handler gave no answer.", TestHost.Receive(asker));
        await host.StopAsync();
        Assert.DoesNotContain(host.Log, static line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handlers_that_have_not_ended_in_time_are_told_to_give_up_and_can_still_answer()
    {
        await using TestHost host = new(
            static loop => loop.AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback)),
            configure: static options => options.FinishTime = TimeSpan.FromSeconds(2));
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Dealer, "Stream 'orders'");
        TestHost.Send(client, "order");
        Deadline.WaitUntil(() => host.Stream("orders").HandlersRunning == 1);
        await host.StopAsync();
        Assert.Equal("given up", TestHost.Receive(client));
        Assert.Contains("Information: Stream 'orders' has finished", host.Log);
    }

    [Fact]
    public async Task What_was_given_up_is_told_in_the_log_when_the_loops_time_is_over()
    {
        await using TestHost host = new(
            static loop => loop.AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback)),
            configure: static options => options.FinishTime = TimeSpan.FromSeconds(1));
        await host.StartAsync();
        TestHost.Send(host.Connect(SocketType.Dealer, "Stream 'orders'"), "deaf");
        Deadline.WaitUntil(() => host.Stream("orders").HandlersRunning == 1);
        await host.StopAsync();
        string line = Assert.Single(host.Log, static line => line.Contains("Given up", StringComparison.Ordinal));
        Assert.StartsWith("Warning: Stream 'orders' had not finished", line, StringComparison.Ordinal);
        Assert.Contains("Given up: 1 handlers", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_had_come_and_was_not_read_is_counted_in_the_same_line()
    {
        await using TestHost host = new(
            static loop => loop.AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback)),
            configure: static options => options.FinishTime = TimeSpan.FromSeconds(2));
        await host.StartAsync();
        ZMQSocket client = host.Connect(SocketType.Dealer, "Stream 'orders'");
        foreach (string order in (string[])["deaf", "1", "2", "3"]) TestHost.Send(client, order); // one at a time is handled
        Deadline.WaitUntil(() => host.Stream("orders").HandlersRunning == 1);
        await host.StopAsync();
        string line = Assert.Single(host.Log, static line => line.Contains("Given up", StringComparison.Ordinal));
        Assert.Contains("Given up: 1 handlers", line, StringComparison.Ordinal);
        Assert.EndsWith(", and 3 that had come and were not read", line, StringComparison.Ordinal);
        Assert.Equal(3, host.Stream("orders").UnreadMessages);
    }

    [Fact]
    public async Task The_hosts_own_time_ends_the_finishing_as_well()
    {
        await using TestHost host = new(
            static loop => loop.AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback)),
            configure: static options => options.FinishTime = TimeSpan.FromHours(1));
        await host.StartAsync();
        TestHost.Send(host.Connect(SocketType.Dealer, "Stream 'orders'"), "deaf");
        Deadline.WaitUntil(() => host.Stream("orders").HandlersRunning == 1);
        using CancellationTokenSource hostsTime = new(TimeSpan.FromSeconds(0.5));
        await host.StopAsync(hostsTime.Token);
        Assert.Contains(host.Log, static line => line.Contains("Given up: 1 handlers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_loop_that_ends_by_itself_stops_the_application()
    {
        await using TestHost host = new(static loop => loop.AddStream("events", SocketType.Pull));
        await host.StartAsync();
        CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        IOLoop loop = host.Services.GetRequiredService<IOLoop>();
        loop.AddCallback(loop.Stop);
        Deadline.WaitUntil(() => stopping.IsCancellationRequested);
        Assert.Contains(host.Log, static line => line.StartsWith("Critical: Loop 'Shop' has ended", StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_loop_is_called_as_its_options_say_or_as_it_was_added_or_as_the_application()
    {
        await using TestHost host = new(static loop =>
        {
            loop.Services.AddZmqLoop("clients");
            loop.Services.AddZmqLoop("others", static options => options.Loop = options.Loop with { Name = "its own" });
        });
        await host.StartAsync();
        Assert.Equal("Shop", host.Services.GetRequiredService<IOLoop>().Name);
        Assert.Equal("clients", host.Services.GetRequiredKeyedService<IOLoop>("clients").Name);
        Assert.Equal("its own", host.Services.GetRequiredKeyedService<IOLoop>("others").Name);
    }

    private sealed class Publisher([FromKeyedServices("events")] ZMQStream events) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            events.Send("started");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            events.Send("stopped");
            return Task.CompletedTask;
        }
    }
}
