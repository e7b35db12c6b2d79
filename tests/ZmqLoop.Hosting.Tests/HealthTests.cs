using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ZmqLoop.Hosting;

public sealed class HealthTests
{
    private const string Loopback = "tcp://127.0.0.1:*";

    [Fact]
    public async Task A_loop_that_answers_is_healthy_and_one_that_a_callback_blocks_is_not()
    {
        await using TestHost host = new(static _ => { }, configure: static options => options.AnswerTime = TimeSpan.FromSeconds(0.1));
        await host.StartAsync();
        Deadline.WaitUntil(() => host.CheckAsync().GetAwaiter().GetResult().Status == HealthStatus.Healthy);
        using ManualResetEventSlim end = new();
        host.Services.GetRequiredService<IOLoop>().AddCallback(end.Wait);
        HealthReportEntry entry = (await host.CheckAsync()).Entries[ZmqLoopHealthChecksBuilderExtensions.Live];
        end.Set();
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.StartsWith("Loop 'Shop' has not answered within 0.1 s", entry.Description, StringComparison.Ordinal);
        await host.StopAsync();
        Assert.Equal("Loop 'Shop' has ended.", (await host.CheckAsync()).Entries[ZmqLoopHealthChecksBuilderExtensions.Live].Description);
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_not_healthy()
    {
        await using TestHost host = new(
            static loop => loop.AddStream<Waiter>("orders", SocketType.Router, static stream => stream.Bind.Add(Loopback)),
            configure: static options =>
            {
                options.StuckTime = TimeSpan.FromMilliseconds(1);
                options.AnswerTime = TimeSpan.FromSeconds(20);
            });
        await host.StartAsync();
        Assert.Equal(HealthStatus.Healthy, (await host.CheckAsync()).Status);
        TestHost.Send(host.Connect(SocketType.Dealer, "Stream 'orders'"), "order");
        Deadline.WaitUntil(() => host.Stream("orders").OldestHandlerAge > TimeSpan.FromMilliseconds(1));
        string? fault = (await host.CheckAsync()).Entries[ZmqLoopHealthChecksBuilderExtensions.Live].Description;
        Assert.StartsWith("Stream 'orders' has a handler that has been running for ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_that_must_be_there_are_counted_as_they_come_and_go()
    {
        EngineUnderTest.Current.Need(Abilities.Monitor);
        await using TestHost host = new(static loop => loop.AddStream("orders", SocketType.Pull, static stream =>
        {
            stream.Bind.Add(Loopback);
            stream.RequiredPeers = 1;
        }));
        await host.StartAsync();
        Assert.Equal("Stream 'orders' has 0 of the 1 connections that it needs.", Ready(host).Description);
        ZMQSocket peer = host.Connect(SocketType.Push, "Stream 'orders'");
        Deadline.WaitUntil(() => Ready(host).Status == HealthStatus.Healthy);
        peer.Dispose();
        Deadline.WaitUntil(() => Ready(host).Status == HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task An_application_that_begins_to_stop_is_ready_no_more()
    {
        await using TestHost host = new(static loop => loop.AddStream("orders", SocketType.Pull));
        await host.StartAsync();
        Assert.Equal(HealthStatus.Healthy, Ready(host).Status);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal("The application stops.", Ready(host).Description);
    }

    private static HealthReportEntry Ready(TestHost host) =>
        host.CheckAsync().GetAwaiter().GetResult().Entries[ZmqLoopHealthChecksBuilderExtensions.Ready];
}
