using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZmqLoop;
using ZmqLoop.Streams;

namespace ZmqLoop_Service.Tests;

/// <summary>The whole service, over tcp.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task It_answers_over_tcp_is_healthy_and_stops()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using WebApplication service = Service.Build(["--Urls=http://127.0.0.1:0", "--Sockets:roots:Bind=tcp://127.0.0.1:*"]);
        await service.StartAsync(cancellation);
        Responder responder = service.Services.GetRequiredKeyedService<Responder>("roots");
        string endpoint = await responder.IOLoop.InvokeAsync(() => responder.Socket.LastEndpoint);

        await using IOLoopThread client = IOLoopThread.Start(static () => new ZMQIOLoop(), "client");
        string answer = await client.Loop.InvokeAsync(async () =>
        {
            using RequestClient roots = new(ZMQSocket.Create(SocketType.Dealer));
            roots.Connect(endpoint);
            using Message reply = await roots.RequestAsync(new Message("16"), cancellation);
            return reply[0].ToText();
        });
        Assert.Equal("4", answer);

        HealthCheckService health = service.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(cancellation)).Status);
        await service.StopAsync(cancellation);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(cancellation)).Status);
    }
}
