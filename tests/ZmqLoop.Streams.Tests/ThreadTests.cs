using System.Globalization;

namespace ZmqLoop.Streams.Tests;

public sealed class ThreadTests
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
    public void A_send_from_another_thread_wakes_a_loop_that_sleeps_for_ever()
    {
        using StreamWorld world = new();
        world.Loop.Poller.WaitForWake = true;
        world.Stream.OnSend((_, _) => world.Loop.Stop());
        world.Loop.AddCallback(() => ThreadPool.QueueUserWorkItem(_ => world.Stream.Send("1")));
        world.Run();
        Assert.Equal(["1"], world.Socket.Outbox);
    }

    [Fact]
    public void From_another_thread_everything_but_sending_and_closing_throws()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(() => Deadline.RunThread(() =>
        {
            ZMQStream stream = world.Stream;
            Assert.Throws<InvalidOperationException>(() => stream.OnRecv(_ => { }));
            Assert.Throws<InvalidOperationException>(() => stream.OnRecv(async _ => await Task.Yield()));
            Assert.Throws<InvalidOperationException>(() => stream.OnRecvStream((_, _) => { }));
            Assert.Throws<InvalidOperationException>(() => stream.OnRecv((_, _) => Task.CompletedTask));
            Assert.Throws<InvalidOperationException>(() => stream.OnRecvStream(async (_, _) => await Task.Yield()));
            Assert.Throws<InvalidOperationException>(() => stream.OnRecvStream((_, _, _) => Task.CompletedTask));
            Assert.Throws<InvalidOperationException>(() => stream.OnRecv(null));
            Assert.Throws<InvalidOperationException>(stream.StopOnRecv);
            Assert.Throws<InvalidOperationException>(() => stream.OnSend((_, _) => { }));
            Assert.Throws<InvalidOperationException>(() => stream.OnSendStream((_, _, _) => { }));
            Assert.Throws<InvalidOperationException>(stream.StopOnSend);
            Assert.Throws<InvalidOperationException>(() => stream.SetCloseCallback(() => { }));
            Assert.Throws<InvalidOperationException>(() => stream.Flush());
            Assert.Throws<InvalidOperationException>(() => stream.Bind("inproc://x"));
            Assert.Throws<InvalidOperationException>(() => stream.BindToRandomPort("tcp://127.0.0.1"));
            Assert.Throws<InvalidOperationException>(() => stream.Connect("inproc://x"));
            Assert.Throws<InvalidOperationException>(() => stream.Unbind("inproc://x"));
            Assert.Throws<InvalidOperationException>(() => stream.Disconnect("inproc://x"));
            Assert.Throws<InvalidOperationException>(() => stream.Subscribe("x"));
            Assert.Throws<InvalidOperationException>(() => stream.Discard());
            Assert.Throws<InvalidOperationException>(() => stream.Get(SocketOptions.SndHwm));
            Assert.Throws<InvalidOperationException>(() => stream.Set(SocketOptions.SndHwm, 1));
            Assert.Throws<InvalidOperationException>(() => new ZMQStream(new ScriptedSocket(), world.Loop));
            Assert.False(stream.IsReceiving);
            Assert.False(stream.IsSending);
            Assert.False(stream.IsClosed);
            stream.Send("1");
        }));
        world.Run();
        Assert.Equal(["1"], world.Socket.Outbox);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Close_from_another_thread_with_the_loop_running_happens_on_the_loop(bool drain)
    {
        using StreamWorld world = new();
        world.Loop.Poller.WaitForWake = true;
        world.Stream.Send("1", world.LogSent());
        world.Stream.SetCloseCallback(() =>
        {
            Assert.True(world.Loop.IsRunning && world.Loop.CheckAccess());
            world.Log.Add("closed");
            world.Loop.Stop();
        });
        world.Loop.CallLater(TimeSpan.FromSeconds(1), () => Deadline.RunThread(() =>
        {
            if (drain) world.Stream.CloseAsync(TimeSpan.FromSeconds(1));
            else world.Stream.Close();
            world.Stream.Close();
            Assert.True(world.Stream.IsClosed);
            Assert.Throws<ObjectDisposedException>(() => world.Stream.Send("2"));
        }));
        world.Run();
        Assert.Equal(["sent 1", "closed"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Close_from_another_thread_with_the_loop_stopped_or_closed_happens_at_once(bool closed)
    {
        using StreamWorld world = new();
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Run();
        if (closed) world.Loop.Close();
        Deadline.RunThread(() => world.Stream.Close());
        world.Stream.Close();
        Assert.True(world.Socket.IsClosed);
        Assert.Equal(["closed"], world.Log);
    }

    [Fact]
    public void Many_threads_may_close_at_once_in_every_state_of_the_loop()
    {
        foreach (bool running in new[] { true, false })
        {
            using StreamWorld world = new();
            int closed = 0;
            world.Stream.SetCloseCallback(() => Interlocked.Increment(ref closed));
            void CloseAll() => Parallel.For(0, 8, i =>
            {
                if (i % 2 == 0) world.Stream.Close();
                else world.Stream.CloseAsync(TimeSpan.Zero);
            });
            if (running) world.Loop.AddCallback(CloseAll);
            else CloseAll();
            world.Run();
            Assert.Equal(1, closed);
            Assert.True(world.Socket.IsClosed);
            Assert.Empty(world.Loop.Errors);
        }
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
}
