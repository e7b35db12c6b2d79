using Microsoft.Extensions.Logging;
using ZmqLoop;
using ZmqLoop.Streams;

namespace Devices;

internal static class Logs
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        PubLoggerProvider publisher = new("tcp://127.0.0.1:*", loop, new PubLoggerOptions { RootTopic = "shop" });
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(publisher)); // disposes of it
        ILogger orders = loggers.CreateLogger("orders");

        // What `python -m zmq.log tcp://… -t shop` shows, too.
        using ZMQStream reader = new(ZMQSocket.Create(SocketType.Sub));
        reader.Connect(publisher.Socket.LastEndpoint);
        reader.Subscribe("shop.WARNING");
        reader.Subscribe("shop.INFO.orders");
        int lines = 0;
        reader.OnRecv(message =>
        {
            Console.WriteLine($"{message[0].ToText()} | {message[1].ToText().Trim()}");
            if (++lines == 2) loop.Stop();
        });
        loop.CallLater(0.3, () => Task.Run(() => Work(orders))); // a PUB drops what comes before its subscriber
        loop.Start();
        Console.WriteLine($"dropped: {publisher.Dropped}");
    }

    private static void Work(ILogger orders) // on any thread
    {
        orders.LogInformation("order {Number} paid", 7);
        orders.LogDebug("nobody has subscribed to this");
        orders.LogWarning("order {Number} is late", 8);
    }
}
