using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using ZmqLoop;
using ZmqLoop.Streams;

namespace ZmqLoop_Service.Tests;

/// <summary>The service in a host, over tcp.</summary>
public sealed class WorkerTests
{
    [Fact]
    public async Task It_answers_over_tcp_is_healthy_and_stops()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("Service:Endpoint", "tcp://127.0.0.1:*")]);
        builder.Services.AddSingleton<Worker>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<Worker>());
        using IHost host = builder.Build();
        await host.StartAsync(cancellation);
        Worker worker = host.Services.GetRequiredService<Worker>();
        string endpoint = await worker.Endpoint.WaitAsync(TimeSpan.FromSeconds(30), cancellation);

        await using IOLoopThread client = IOLoopThread.Start(static () => new ZMQIOLoop(), "client");
        string answer = await client.Loop.InvokeAsync(async () =>
        {
            await using ZMQStream stream = new(ZMQSocket.Create(SocketType.Req));
            stream.Connect(endpoint);
            stream.Send("16");
            using Message reply = await stream.ReceiveAsync(cancellation);
            return reply[0].ToText();
        });
        Assert.Equal("4", answer);
        Assert.Equal(HealthStatus.Healthy, (await new LoopHealth(worker).CheckHealthAsync(new HealthCheckContext(), cancellation)).Status);

        await host.StopAsync(cancellation);
        Assert.Equal(HealthStatus.Unhealthy, (await new LoopHealth(worker).CheckHealthAsync(new HealthCheckContext(), cancellation)).Status);
    }
}
