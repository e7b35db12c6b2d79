using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZmqLoop;
using ZmqLoop.Streams;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddSimpleConsole(static console => console.SingleLine = true);
builder.Services.AddHostedService<Orders>();
await builder.Build().RunAsync();

internal sealed class Orders(IHostEnvironment host, ILoggerFactory loggers, ILogger<Orders> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The loop has a thread of its own, and all of ServeAsync runs there, after each await, too.
        await using IOLoopThread thread =
            IOLoopThread.Start(() => new ZMQIOLoop(new IOLoopOptions { LoggerFactory = loggers, Debug = host.IsDevelopment() }), "orders");
        await thread.Loop.InvokeAsync(() => ServeAsync(thread.Loop, stoppingToken));
    }

    private async Task ServeAsync(IOLoop loop, CancellationToken stopping)
    {
        await using ZMQStream orders = new(ZMQSocket.Create(SocketType.Router), loop,
            new ZMQStreamOptions
            {
                Name = "orders", MaxConcurrency = 8,
                MaxQueuedPerPeer = 1000, SendQueueFullMode = SendQueueFullMode.DropWrite, // who does not read loses answers of their own
            });
        orders.Bind("tcp://127.0.0.1:*");
        orders.OnRecv(async request =>
        {
            if (request.Body is not [Frame { IsEmpty: false } order]) // what comes is up to the client
            {
                orders.Send(request.Reply("error: an order is one frame"));
                return;
            }

            using IDisposable? scope = logger.BeginScope(order);
            await Task.Delay(20, CancellationToken.None); // the work; what was begun is finished
            orders.Send(request.Reply("done: " + order.ToText()));
        });
        logger.LogInformation("serving {Endpoint}", orders.Socket.LastEndpoint);
        await Task.Delay(Timeout.Infinite, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        await orders.FinishAsync(TimeSpan.FromSeconds(15));
        logger.LogInformation("stopped");
    }
}
