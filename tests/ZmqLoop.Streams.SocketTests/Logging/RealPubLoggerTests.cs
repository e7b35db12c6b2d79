using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>Published logs on the wire.</summary>
public sealed class RealPubLoggerTests
{
    private static readonly Func<string, Exception?, string> _asIs = static (text, _) => text;

    [Fact]
    public void Eight_threads_log_at_once_and_each_ones_entries_come_in_order()
    {
        const int Threads = 8;
        const int Each = 1_000;
        using RealWorld world = new();
        using PubLoggerProvider provider =
            new(RealWorld.Inproc(), world.Loop, new PubLoggerOptions { QueueLimit = Threads * Each, CategoryInTopic = false });
        ZMQSocket subscriber = world.Socket(SocketType.Sub);
        subscriber.ReceiveHighWaterMark = 0;
        subscriber.Connect(provider.Socket.LastEndpoint);
        subscriber.Subscribe("INFO");
        ILogger logger = provider.CreateLogger("c");
        bool connected = false;
        world.RunUntil(() =>
        {
            if (!connected) logger.Log(LogLevel.Information, "hello");
            return connected |= subscriber.TryReceive(out _);
        });
        List<string> got = [];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Each; i++) logger.Log(LogLevel.Information, default, $"{thread} {i:0000}", null, _asIs);
        }))];
        world.Loop.AddCallback(() => Array.ForEach(threads, static thread => thread.Start()));
        world.RunUntil(() =>
        {
            while (subscriber.TryReceive(out Message? message))
            {
                if (message[1].ToText() is var text && text != "hello\n") got.Add(text.Trim());
            }

            return got.Count == Threads * Each;
        });
        Array.ForEach(threads, static thread => thread.Join());
        foreach (IGrouping<char, string> thread in got.GroupBy(static line => line[0]))
            Assert.Equal(thread.Order(StringComparer.Ordinal), thread);
        Assert.Equal(0, provider.Dropped);
    }
}
