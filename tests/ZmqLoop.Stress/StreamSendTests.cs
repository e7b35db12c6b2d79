using System.Globalization;
using ZmqLoop.Streams;

namespace ZmqLoop.Stress;

public sealed class StreamSendTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Eight_threads_send_100_000_messages_each_to_a_sleeping_loop_and_all_arrive_in_order(bool tcp)
    {
        const int Threads = 8;
        const int Each = 100_000;
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        using ZMQStream receiver = new(engine.CreateSocket(SocketType.Pull), loop);
        using ZMQStream sender = new(engine.CreateSocket(SocketType.Push), loop);
        receiver.Bind(tcp ? "tcp://127.0.0.1:*" : "inproc://stress");
        sender.Connect(receiver.Socket.LastEndpoint);
        int[] next = new int[Threads];
        int received = 0;
        receiver.OnRecv(message =>
        {
            int thread = message[0].Span[0];
            Assert.Equal(next[thread]++, int.Parse(message[1].Span, CultureInfo.InvariantCulture));
            received++;
        }, copy: false);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            Frame id = new[] { (byte)number };
            for (int i = 0; i < Each; i++) sender.SendMultipart(id, $"{i}");
        }))];
        loop.AddCallback(() => Array.ForEach(threads, thread => thread.Start()));
        Deadline.RunUntil(loop, () => received == Threads * Each, () => $"{received} received");
        Array.ForEach(threads, thread => thread.Join());
        Assert.All(next, count => Assert.Equal(Each, count));
    }

    [Fact]
    public void Of_200_000_sends_to_a_loop_that_is_about_to_sleep_none_is_left_lying()
    {
        const int Rounds = 200_000;
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        using ZMQStream receiver = new(engine.CreateSocket(SocketType.Pull), loop);
        using ZMQStream sender = new(engine.CreateSocket(SocketType.Push), loop);
        receiver.Bind("inproc://wakes");
        sender.Connect("inproc://wakes");
        int received = 0;
        receiver.OnRecv(_ => Interlocked.Increment(ref received), copy: false);
        Message ping = new("x");
        Thread pinger = new(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                int sent = i;
                sender.Send(ping);
                Deadline.WaitUntil(() => Volatile.Read(ref received) > sent);
            }

            loop.Stop();
        });
        pinger.Start();
        loop.Start();
        pinger.Join();
        Assert.Equal(Rounds, received);
    }
}
