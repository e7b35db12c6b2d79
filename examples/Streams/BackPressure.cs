using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class BackPressure
{
    public static void Run()
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine);
        loop.RunSync(() => WaitAsync(engine, loop));
        loop.RunSync(() => DropAsync(engine, loop));
    }

    /// <summary>Every job counts: a slow worker slows the producer down, through both sockets' high-water marks.</summary>
    private static async Task WaitAsync(LibZmqEngine engine, ZMQIOLoop loop)
    {
        using ZMQStream jobs = new(engine.CreateSocket(SocketType.Push), loop, new ZMQStreamOptions { SendQueueLimit = 10 });
        using ZMQStream worker = new(engine.CreateSocket(SocketType.Pull), loop);
        (jobs.Socket.SendHighWaterMark, worker.Socket.ReceiveHighWaterMark) = (1, 1);
        jobs.Bind("inproc://jobs");
        worker.Connect("inproc://jobs");
        int begun = 0;
        worker.OnRecv(async _ =>
        {
            begun++; // the next job waits in the socket until this one has ended
            await Task.Delay(1);
        });

        int mostAhead = 0;
        for (int sent = 0; sent < 100; sent++)
        {
            await jobs.SendAsync(new Message("job")); // waits for room
            mostAhead = Math.Max(mostAhead, sent - begun);
        }

        Console.WriteLine($"never more than 20 ahead: {mostAhead <= 20}");
    }

    /// <summary>Only the newest counts: nobody reads, and the queue stays short.</summary>
    private static async Task DropAsync(LibZmqEngine engine, ZMQIOLoop loop)
    {
        using ZMQStream prices = new(engine.CreateSocket(SocketType.Push), loop, new ZMQStreamOptions
        {
            SendQueueLimit = 3,
            SendQueueFullMode = SendQueueFullMode.DropOldest,
            TimeToLive = TimeSpan.FromSeconds(0.1), // and old ones are worth nothing
        });
        for (int i = 1; i <= 10; i++) prices.Send(new Message($"price {i}"),
            (price, error) => Console.WriteLine($"{price[0].ToText()}: {((MessageNotSentException)error!).Reason}"));
        await prices.PollAsync(IOEvents.Write, timeout: TimeSpan.FromSeconds(0.3)); // there is no peer
        Console.WriteLine($"dropped: {prices.DroppedMessages}");
    }
}
