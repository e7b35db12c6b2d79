namespace ZmqLoop.Streams.Tests;

public sealed class ThreadTests
{
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
            Assert.Throws<InvalidOperationException>(() => stream.Get(ZMQSocketOptions.SndHwm));
            Assert.Throws<InvalidOperationException>(() => stream.Set(ZMQSocketOptions.SndHwm, 1));
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
    public void A_handler_that_fails_on_another_thread_in_any_moment_is_reported_and_the_next_message_comes()
    {
        const int Count = 10_000;
        using StreamWorld world = new();
        world.Loop.Poller.WaitForWake = true;
        TaskCompletionSource? handed = null;
        int handled = 0;
        Thread failing = new(() =>
        {
            for (int failed = 0; failed < Count;)
            {
                if (Interlocked.Exchange(ref handed, null) is not { } task) continue;
                task.SetException(StreamWorld.Oops);
                failed++;
            }
        });
        world.Loop.OnError = _ =>
        {
            if (world.Loop.Errors.Count == Count) world.Loop.Stop();
        };
        for (int i = 0; i < Count; i++) world.Socket.Arrive("x");
        world.Stream.OnRecv(_ =>
        {
            TaskCompletionSource task = new();
            Volatile.Write(ref handed, task);
            if (++handled % 2 == 0) Thread.SpinWait(handled % 40); // so that it fails before, while, and after it is looked at
            return task.Task;
        });
        failing.IsBackground = true;
        failing.Start();
        world.Run();
        failing.Join();
        Assert.Equal((Count, Count), (handled, world.Loop.Errors.Count));
    }
}
