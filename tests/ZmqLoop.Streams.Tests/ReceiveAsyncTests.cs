namespace ZmqLoop.Streams.Tests;

public sealed class ReceiveAsyncTests
{
    [Fact]
    public void ReceiveAsync_completes_with_all_frames_and_resumes_on_the_loop()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(async () =>
        {
            Message message = await world.Stream.ReceiveAsync();
            Assert.True(world.Loop.CheckAccess() && world.Loop.IsRunning);
            world.Log.Add(message.Text());
        });
        world.Loop.CallLater(1, () => world.Socket.Arrive(new Message("a", "", "b")));
        world.Run();
        Assert.Equal(["a||b"], world.Log);
    }

    [Fact]
    public void A_message_that_waits_is_received_without_waiting_for_the_loop()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Loop.AddCallback(() =>
        {
            Task<Message> next = world.Stream.ReceiveAsync().AsTask();
            Assert.True(next.IsCompletedSuccessfully);
            world.Log.Add(next.Result.Text());
        });
        world.Run();
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public void No_more_leaves_the_socket_than_is_asked_for()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(async () => world.Log.Add((await world.Stream.ReceiveAsync()).Text()));
        world.Loop.CallLater(1, () => world.Socket.Arrive("1", "2", "3"));
        world.Run();
        Assert.Equal(["1"], world.Log);
        Assert.Equal(2, world.Socket.Waiting);
        Assert.False(world.Stream.IsReceiving);
    }

    [Fact]
    public void Receives_that_wait_get_the_messages_in_the_order_in_which_they_were_called()
    {
        using StreamWorld world = new();
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            world.Loop.AddCallback(async () => world.Log.Add($"{number}:{(await world.Stream.ReceiveAsync()).Text()}"));
        }

        world.Loop.CallLater(1, () => world.Socket.Arrive("a", "b"));
        world.Loop.CallLater(2, () => world.Socket.Arrive("c"));
        world.Run();
        Assert.Equal(["0:a", "1:b", "2:c"], world.Log);
    }

    [Fact]
    public void A_loop_of_receives_takes_a_budget_a_turn_and_lets_the_others_have_theirs()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 4 });
        world.Socket.Arrive(MessageText.Numbers(100));
        int received = 0;
        int between = 0;
        int most = 0;
        void Count()
        {
            most = Math.Max(most, received - between);
            between = received;
            if (received < 100) world.Loop.AddCallback(Count);
        }

        world.Loop.AddCallback(Count);
        world.Loop.AddCallback(async () =>
        {
            while (received < 100)
            {
                Assert.Equal($"{received}", (await world.Stream.ReceiveAsync()).Text());
                received++;
            }
        });
        world.Run();
        Assert.Equal(100, received);
        Assert.InRange(most, 1, 5); // the budget, and the one that was waited for
    }

    [Fact]
    public void A_cancelled_receive_takes_no_message_and_the_next_gets_it()
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        ValueTask<Message> first = default;
        world.Loop.AddCallback(() => first = world.Stream.ReceiveAsync(cancel.Token));
        world.Loop.AddCallback(async () => world.Log.Add((await world.Stream.ReceiveAsync()).Text()));
        world.Loop.CallLater(1, cancel.Cancel);
        world.Loop.CallLater(2, () => world.Socket.Arrive("1"));
        world.Run();
        Assert.True(first.IsCanceled);
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public async Task Cancelled_carries_the_token_and_a_token_that_is_cancelled_already_takes_nothing()
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();
        world.Socket.Arrive("1");
        OperationCanceledException cancelled =
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await world.Stream.ReceiveAsync(cancel.Token));
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void A_receive_whose_time_is_over_throws_TimeoutException_and_the_next_one_works()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(async () =>
        {
            await Assert.ThrowsAsync<TimeoutException>(async () => await world.Stream.ReceiveAsync(TimeSpan.FromMilliseconds(100)));
            world.Log.Add($"{world.Loop.ManualTime.Now.TotalMilliseconds}");
            world.Log.Add((await world.Stream.ReceiveAsync(TimeSpan.FromMilliseconds(1000))).Text());
        });
        world.Loop.CallLater(0.5, () => world.Socket.Arrive("1"));
        world.Run();
        Assert.Equal(["100", "1"], world.Log);
        Assert.Equal(TimeSpan.FromMilliseconds(500), world.Loop.ManualTime.Now); // its own timer has gone
    }

    [Fact]
    public void A_receive_without_time_takes_what_waits_or_nothing()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Loop.AddCallback(async () =>
        {
            world.Log.Add((await world.Stream.ReceiveAsync(TimeSpan.Zero)).Text());
            await Assert.ThrowsAsync<TimeoutException>(async () => await world.Stream.ReceiveAsync(TimeSpan.Zero));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await world.Stream.ReceiveAsync(TimeSpan.FromSeconds(-2)));
        });
        world.Run();
        Assert.Equal(["1"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public async Task Closing_ends_the_receives_that_wait_and_those_that_come_later()
    {
        using StreamWorld world = new();
        ValueTask<Message> waiting = default;
        world.Loop.AddCallback(() => waiting = world.Stream.ReceiveAsync());
        world.Loop.CallLater(1, () => world.Stream.Close());
        world.Run();
        Assert.Contains("closed", (await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiting)).Message,
            StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await world.Stream.ReceiveAsync());
    }

    [Fact]
    public async Task A_drain_ends_the_receives_at_once()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        Task<Message>? waiting = null;
        world.Loop.AddCallback(() => waiting = world.Stream.ReceiveAsync().AsTask());
        world.Loop.AddCallback(() =>
        {
            world.Stream.Send("unsent", (_, _) => { });
            world.Stream.CloseAsync(TimeSpan.FromSeconds(10));
            world.Log.Add($"{waiting!.IsFaulted}");
        });
        world.Run();
        Assert.Equal(["True"], world.Log);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting!);
    }

    [Fact]
    public void OnRecv_and_ReceiveAsync_do_not_mix_and_say_so_at_the_call()
    {
        using StreamWorld world = new();
        world.LogReceived();
        Action receive = () => world.Stream.ReceiveAsync().AsTask();
        Assert.Contains("StopOnRecv", Assert.Throws<InvalidOperationException>(receive).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => world.Stream.Reader.TryRead(out _));
        Action wait = () => world.Stream.Reader.WaitToReadAsync().AsTask();
        Assert.Throws<InvalidOperationException>(wait);

        world.Stream.StopOnRecv();
        Task<Message> waiting = world.Stream.ReceiveAsync().AsTask();
        Assert.Contains("ReceiveAsync", Assert.Throws<InvalidOperationException>(world.LogReceived).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => world.Stream.OnRecv(async _ => await Task.Yield()));
        world.Socket.Arrive("1", "2");
        world.Run();
        Assert.Equal("1", waiting.Result.Text());
        world.LogReceived(); // nobody waits any more
        world.Run();
        Assert.Equal(["2"], world.Log);
    }

    [Fact]
    public async Task A_receive_that_fails_throws_at_its_await_and_the_next_one_goes_on()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Socket.FailReceive(1, StreamWorld.Oops);
        Task<Message> first = world.Stream.ReceiveAsync().AsTask();
        Task<Message> second = world.Stream.ReceiveAsync().AsTask();
        world.Run();
        Assert.Same(StreamWorld.Oops, await Assert.ThrowsAsync<InvalidOperationException>(() => first));
        Assert.Equal("1", (await second).Text());
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_flush_serves_the_receives_that_wait()
    {
        using StreamWorld world = new();
        Task<Message> first = world.Stream.ReceiveAsync().AsTask();
        Task<Message> second = world.Stream.ReceiveAsync().AsTask();
        world.Socket.Arrive("1", "2", "3");
        Assert.Equal(1, world.Stream.Flush(IOEvents.Read, limit: 1));
        Assert.Equal(1, world.Stream.Flush());
        Assert.Equal(("1", "2"), (first.Result.Text(), second.Result.Text()));
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void ReadAllAsync_gives_each_message_and_ends_with_the_stream()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 3 });
        world.Socket.Arrive(MessageText.Numbers(10));
        world.Loop.AddCallback(async () =>
        {
            await foreach (Message message in world.Stream.ReadAllAsync())
            {
                Assert.True(world.Loop.CheckAccess());
                world.Log.Add(message.Text());
            }

            world.Log.Add("end");
        });
        world.Loop.CallLater(1, () => world.Stream.Close());
        world.Run();
        Assert.Equal([.. MessageText.Numbers(10), "end"], world.Log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cancelled_ReadAllAsync_throws_and_loses_no_message(bool tokenOfTheLoop)
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        world.Loop.AddCallback(async () =>
        {
            try
            {
                await foreach (Message message in tokenOfTheLoop ? world.Stream.ReadAllAsync().WithCancellation(cancel.Token)
                    : world.Stream.ReadAllAsync(cancel.Token).WithCancellation(CancellationToken.None))
                    world.Log.Add(message.Text());
            }
            catch (OperationCanceledException)
            {
                world.Log.Add("cancelled");
                world.Socket.Arrive("2", "3");
                await foreach (Message message in world.Stream.ReadAllAsync())
                {
                    world.Log.Add(message.Text());
                    break;
                }

                world.Log.Add((await world.Stream.ReceiveAsync()).Text());
            }
        });
        world.Loop.CallLater(1, () => world.Socket.Arrive("1"));
        world.Loop.CallLater(2, cancel.Cancel);
        world.Run();
        Assert.Equal(["1", "cancelled", "2", "3"], world.Log);
    }

    [Fact]
    public void What_a_REP_receives_waits_for_its_turn()
    {
        using StreamWorld world = new(type: SocketType.Rep);
        world.Socket.Arrive("1", "2");
        world.Loop.AddCallback(async () =>
        {
            await foreach (Message message in world.Stream.ReadAllAsync())
            {
                await world.Stream.SendAsync(message);
                world.Log.Add(message.Text());
                if (world.Log.Count == 2) break;
            }
        });
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.Equal(["1", "2"], world.Socket.Outbox);
    }

    [Fact]
    public void Discard_throws_away_what_waits_and_counts_it()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3", "4");
        Assert.Equal(1, world.Stream.Discard(1));
        Assert.Equal(3, world.Stream.Discard());
        Assert.Equal(0, world.Stream.Discard());
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Stream.Discard(0));
        Assert.Equal(0, world.Socket.Waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_whose_receive_was_cancelled_in_that_moment_is_the_next_ones(bool callback)
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        Task<Message> receive = world.Stream.ReceiveAsync(cancel.Token).AsTask();
        world.Socket.OnReceive = cancel.Cancel; // the stream has seen that a message is wanted
        world.Socket.Arrive("1", "2");
        world.Run();
        Assert.True(receive.IsCanceled);
        Assert.Equal(1, world.Socket.Waiting);
        if (callback) world.LogReceived();
        else world.Loop.AddCallback(async () =>
            world.Log.AddRange([(await world.Stream.ReceiveAsync()).Text(), (await world.Stream.ReceiveAsync()).Text()]));
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
    }

    [Fact]
    public void A_message_left_that_way_waits_for_an_async_callback_under_way_and_comes_before_those_in_the_socket()
    {
        using StreamWorld world = new();
        TaskCompletionSource gate = new();
        async Task Log(Message message)
        {
            world.Log.Add(message.Text());
            await gate.Task;
        }

        world.Stream.OnRecv(Log);
        world.Socket.Arrive("1");
        world.Run();
        world.Stream.StopOnRecv();
        using CancellationTokenSource cancel = new();
        _ = world.Stream.ReceiveAsync(cancel.Token).AsTask();
        world.Socket.OnReceive = cancel.Cancel;
        world.Socket.Arrive("2", "3");
        world.Run();
        world.Stream.OnRecv(Log);
        world.Run();
        Assert.Equal(["1"], world.Log);
        gate.SetResult();
        world.Run();
        Assert.Equal(["1", "2", "3"], world.Log);
    }

    [Fact]
    public void Ten_thousand_cancelled_receives_and_polls_leave_nothing_behind()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                using CancellationTokenSource cancel = new();
                _ = world.Stream.ReceiveAsync(cancel.Token).AsTask();
                _ = world.Stream.PollAsync(IOEvents.Read, TimeSpan.FromHours(1), cancel.Token);
                cancel.Cancel();
            }
        });
        world.Run();
        Assert.False(world.Stream.IsReceiving);
        Assert.Equal(0, world.Loop.Statistics.Timeouts);
        Assert.Equal(TimeSpan.Zero, world.Loop.ManualTime.Now);
    }
}
