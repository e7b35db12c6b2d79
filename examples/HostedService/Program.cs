using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZmqLoop;
using ZmqLoop.Hosting;
using ZmqLoop.Streams;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddSimpleConsole(static console => console.SingleLine = true);
builder.Services.AddZmqLoop().AddStream<Orders>("orders", SocketType.Router, static stream =>
{
    stream.Bind.Add("tcp://127.0.0.1:*");
    stream.Options = new()
    {
        MaxConcurrency = 8,
        MaxQueuedPerPeer = 1000, SendQueueFullMode = SendQueueFullMode.DropWrite, // who does not read loses answers of their own
    };
});
await builder.Build().RunAsync();

internal sealed class Orders(ILogger<Orders> logger) : IMessageHandler
{
    public async Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken)
    {
        if (message.Body is not [Frame { IsEmpty: false } order]) // what comes is up to the client
        {
            stream.Send(message.Reply("error: an order is one frame"));
            return;
        }

        using IDisposable? scope = logger.BeginScope(order);
        await Task.Delay(20, cancellationToken); // the work
        stream.Send(message.Reply("done: " + order.ToText()));
    }
}
