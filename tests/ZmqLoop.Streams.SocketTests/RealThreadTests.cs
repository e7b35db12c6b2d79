using System.Globalization;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>Streams that other threads use.</summary>
public sealed class RealThreadTests
{
    [Fact]
    public void Sends_of_8_threads_to_a_sleeping_loop_all_arrive_in_the_order_of_each()
    {
        const int Threads = 8;
        const int Each = 20_000;
        using RealWorld world = new();
        ZMQStream sender = world.Stream(SocketType.Push);
        ZMQStream receiver = world.Stream(SocketType.Pull);
        string name = RealWorld.Inproc();
        receiver.Bind(name);
        sender.Connect(name);
        int[] next = new int[Threads];
        int received = 0;
        receiver.OnRecv(message =>
        {
            string[] parts = message.Text().Split('|');
            int thread = int.Parse(parts[0], CultureInfo.InvariantCulture);
            Assert.Equal(next[thread]++, int.Parse(parts[1], CultureInfo.InvariantCulture));
            received++;
        }, copy: false);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            Frame id = $"{number}";
            for (int i = 0; i < Each; i++) sender.SendMultipart(id, $"{i}");
        }))];
        world.Loop.AddCallback(() => Array.ForEach(threads, thread => thread.Start()));
        world.RunUntil(() => received == Threads * Each);
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(world.Loop.Errors);
        Assert.All(next, count => Assert.Equal(Each, count));
    }

    [Fact]
    public async Task SendAsync_from_another_thread_ends_when_the_message_was_handed_over()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Push, SocketType.Pull);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++) await stream.SendAsync(new Message($"{i}")).ConfigureAwait(false);
            world.Loop.Stop();
        });
        Deadline.Run(world.Loop);
        await sending;
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", RealWorld.Receive(peer));
    }

    [Fact]
    public void All_messages_come_in_order_to_another_thread_and_the_reader_ends_with_the_stream_after_what_was_received()
    {
        const int Count = 5_000;
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { ReadAhead = 10 });
        Task consumer = Task.Run(async () =>
        {
            await foreach (Message message in stream.Reader.ReadAllAsync())
            {
                Assert.False(world.Loop.CheckAccess());
                world.Log.Add(message.Text());
                if (world.Log.Count == Count) stream.Close();
            }
        }, TestContext.Current.CancellationToken);
        Thread sender = new(() =>
        {
            for (int i = 0; i < Count; i++) RealWorld.Send(peer, $"{i}");
        });
        sender.Start();
        Deadline.RunUntil(world.Loop, () => consumer.IsCompleted);
        sender.Join();
        Assert.True(consumer.IsCompletedSuccessfully, consumer.Exception?.ToString());
        Assert.Equal(MessageText.Numbers(Count), world.Log);
        Assert.True(stream.Reader.Completion.IsCompletedSuccessfully);
    }
}
