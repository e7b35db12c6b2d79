namespace ZmqLoop.Streams.Tests;

public sealed class AsyncHandlerTests
{
    private readonly List<TaskCompletionSource> _gates = [];

    private Func<Message, Task> Gated(StreamWorld world) => async message =>
    {
        string text = message.Text();
        world.Log.Add("begin " + text);
        TaskCompletionSource gate = new();
        _gates.Add(gate);
        await gate.Task;
        Assert.True(world.Loop.CheckAccess());
        world.Log.Add("end " + text);
    };

    [Fact]
    public void The_next_message_waits_for_the_handler_and_the_socket_is_not_read()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(Gated(world));
        world.Run();
        Assert.Equal(["begin 1"], world.Log);
        Assert.Equal(2, world.Socket.Waiting);
        Assert.Equal(1, world.Socket.ReceiveAttempts);

        _gates[0].SetResult();
        world.Run();
        Assert.Equal(["begin 1", "end 1", "begin 2"], world.Log);
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void While_a_handler_runs_other_streams_go_on_and_its_own_sends_go_out()
    {
        using StreamWorld world = new();
        using ScriptedSocket socket = new();
        using ZMQStream other = new(socket, world.Loop);
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(Gated(world));
        other.OnRecv(message => world.Log.Add(message.Text()));
        world.Loop.CallLater(1.0, () =>
        {
            socket.Arrive("other");
            world.Stream.Send("sent");
        });
        world.Run();
        Assert.Equal(["begin 1", "other"], world.Log);
        Assert.Equal(["sent"], world.Socket.Outbox);
    }

    [Fact]
    public void MaxConcurrency_allows_exactly_that_many()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MaxConcurrency = 2 });
        world.Socket.Arrive("1", "2", "3", "4");
        world.Stream.OnRecv(Gated(world));
        world.Run();
        Assert.Equal(["begin 1", "begin 2"], world.Log);
        _gates[1].SetResult();
        world.Run();
        Assert.Equal(["begin 1", "begin 2", "end 2", "begin 3"], world.Log);
        _gates[0].SetResult();
        _gates[2].SetResult();
        world.Run();
        Assert.Equal("begin 4", world.Log[^1]);
        Assert.Equal(4, _gates.Count);
    }

    [Fact]
    public void A_faulted_handler_is_reported_once_and_delivery_goes_on()
    {
        using StreamWorld world = new();
        Func<Message, Task> handler = async message =>
        {
            world.Log.Add(message.Text());
            await Task.Yield();
            if (message.Text() == "1") throw StreamWorld.Oops;
        };
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(handler);
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Same(StreamWorld.Oops, error);
        Assert.Same(handler, origin.Callback);
        Assert.Same(world.Stream, origin.Owner);
        Assert.Equal("1", Assert.IsType<Message>(origin.Item).Text());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_error_policy_holds_for_async_handlers_too(bool throwsBeforeItsFirstAwait)
    {
        using StreamWorld world = new(new ZMQStreamOptions { ErrorPolicy = StreamErrorPolicy.Pause });
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(async _ =>
        {
            if (!throwsBeforeItsFirstAwait) await Task.Yield();
            throw StreamWorld.Oops;
        });
        world.Run();
        Assert.Equal(["oops"], world.Errors);
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void A_handler_that_throws_before_it_has_a_task_is_reported_once()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        Func<Message, Task> handler = static _ => throw StreamWorld.Oops;
        world.Stream.OnRecv(handler, copy: false);
        world.Run();
        Assert.Equal(["oops", "oops"], world.Errors);
    }

    [Fact]
    public void Without_copy_the_message_is_valid_until_the_handler_has_ended_and_no_longer()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MaxConcurrency = 2 });
        List<Message> messages = [];
        List<Frame> frames = [];
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(async message =>
        {
            messages.Add(message);
            frames.Add(message[0]);
            TaskCompletionSource gate = new();
            _gates.Add(gate);
            await gate.Task;
            world.Log.Add(message.Text());
        }, copy: false);
        world.Run();
        Assert.Equal(["1", "2"], messages.Select(MessageText.Text));
        _gates[1].SetResult();
        world.Run();
        _gates[0].SetResult();
        world.Run();
        Assert.Equal(["2", "1"], world.Log);
        Assert.All(frames, frame => Assert.Throws<ObjectDisposedException>(() => frame.ToText()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_copy_a_message_that_the_handler_keeps_stays_valid(bool yields)
    {
        using StreamWorld world = new();
        List<Message> kept = [];
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(async message =>
        {
            if (yields) await Task.Yield();
            kept.Add(message.Keep());
        }, copy: false);
        world.Run();
        Assert.Equal(["1", "2"], kept.Select(MessageText.Text));
    }

    [Fact]
    public void Without_copy_a_message_uses_the_memory_of_the_one_before_and_its_object_when_some_have_passed()
    {
        using StreamWorld world = new();
        List<Message> seen = [];
        for (int i = 0; i < 64; i++) world.Socket.Arrive($"{i}");
        world.Stream.OnRecv(async message =>
        {
            seen.Add(message);
            await Task.Yield();
        }, copy: false);
        world.Run();
        Assert.Equal(64, seen.Count);
        Assert.Equal(16, seen.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void An_async_lambda_is_never_async_void()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(async _ =>
        {
            world.Log.Add("begin");
            await Task.Yield();
            world.Log.Add("end");
        });
        world.Run();
        Assert.Equal(["begin", "end", "begin", "end"], world.Log);
    }

    [Fact]
    public void Stopping_while_a_handler_runs_keeps_the_next_message_back()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(Gated(world));
        world.Run();
        world.Stream.StopOnRecv();
        _gates[0].SetResult();
        world.Run();
        Assert.Equal(["begin 1", "end 1"], world.Log);
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void CloseAsync_waits_for_the_handler_and_sends_what_it_sent()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Stream.OnRecv(Gated(world));
        Task? done = null;
        world.Loop.CallLater(1.0, () => done = world.Stream.CloseAsync(TimeSpan.FromSeconds(10)));
        world.Loop.CallLater(2.0, () => _gates[0].SetResult());
        world.Run();
        Assert.True(done!.IsCompletedSuccessfully);
        Assert.Equal(["begin 1", "end 1", "closed"], world.Log);
        Assert.Equal(1, world.Socket.Waiting);
        Assert.Equal(TimeSpan.FromSeconds(2), world.Loop.ManualTime.Now);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void CloseAsync_waits_for_the_handler_that_calls_it_too_wherever_it_does(bool beforeItsFirstAwait, bool replies)
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        Task? done = null;
        world.Stream.OnRecv(async message =>
        {
            if (!beforeItsFirstAwait) await Task.Yield();
            if (replies) world.Stream.Send(message);
            done = world.Stream.CloseAsync(TimeSpan.FromSeconds(10));
            TaskCompletionSource work = new();
            world.Loop.CallLater(1.0, work.SetResult);
            await work.Task;
            world.Log.Add("end");
        });
        world.Run();
        Assert.True(done!.IsCompletedSuccessfully);
        Assert.Equal(["end", "closed"], world.Log);
        Assert.Equal(replies ? ["1"] : [], world.Socket.Outbox);
        Assert.Equal(TimeSpan.FromSeconds(1), world.Loop.ManualTime.Now);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_handler_that_closes_and_ends_without_waiting_keeps_no_drain_waiting_also_in_a_flush(bool flush)
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(_ =>
        {
            world.Stream.CloseAsync(TimeSpan.FromSeconds(10));
            return Task.CompletedTask;
        });
        if (flush) world.Loop.AddCallback(() => Assert.Equal(1, world.Stream.Flush(IOEvents.Read, limit: 1)));
        world.Run();
        Assert.True(world.Socket.IsClosed);
        Assert.Equal(TimeSpan.Zero, world.Loop.ManualTime.Now);
    }

    [Fact]
    public void A_handler_that_awaits_the_close_of_its_own_stream_waits_out_the_drain_and_no_longer()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(async _ =>
        {
            await world.Stream.CloseAsync(TimeSpan.FromSeconds(3));
            world.Log.Add($"{world.Loop.ManualTime.Now.TotalSeconds} {world.Socket.IsClosed}");
        });
        world.Run();
        Assert.Equal(["3 True"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void CloseAsync_does_not_wait_for_a_handler_longer_than_its_time()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(Gated(world));
        world.Loop.CallLater(1.0, () => { world.Stream.CloseAsync(TimeSpan.FromSeconds(10)); });
        world.Run();
        Assert.True(world.Socket.IsClosed);
        Assert.Equal(TimeSpan.FromSeconds(11), world.Loop.ManualTime.Now);
        _gates[0].SetResult();
        world.Run();
        Assert.Equal(["begin 1", "end 1"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_handlers_token_fires_when_the_stream_begins_to_close_and_giving_up_is_no_error(bool drain)
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        Task? closed = null;
        world.Stream.OnRecv(async (message, closing) =>
        {
            world.Log.Add("begin " + message.Text());
            try
            {
                TaskCompletionSource never = new();
                await using CancellationTokenRegistration registration = closing.Register(() => never.TrySetCanceled(closing));
                await never.Task;
            }
            finally
            {
                world.Log.Add("end");
            }
        });
        world.Loop.CallLater(1, () =>
        {
            if (drain) closed = world.Stream.CloseAsync(TimeSpan.FromSeconds(60));
            else world.Stream.Close();
        });
        world.Run();
        Assert.Equal(["begin 1", "end"], world.Log);
        Assert.Equal(TimeSpan.FromSeconds(1), world.Loop.ManualTime.Now); // the drain was not waited out
        Assert.True(world.Socket.IsClosed);
        Assert.NotEqual(false, closed?.IsCompletedSuccessfully);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void What_a_handler_under_way_answers_is_sent_by_the_drain_that_waits_for_it()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        TaskCompletionSource work = new();
        Task? closed = null;
        world.Stream.OnRecv(async message =>
        {
            await work.Task;
            world.Stream.Send(message, world.LogSent());
            world.Log.Add("answered");
        });
        world.Loop.CallLater(1, () => closed = world.Stream.CloseAsync(TimeSpan.FromSeconds(60)));
        world.Loop.CallLater(2, work.SetResult);
        world.Loop.CallLater(3, () => Assert.Throws<ObjectDisposedException>(() => world.Stream.Send("late")));
        world.Run();
        Assert.Equal(["answered", "sent 1"], world.Log);
        Assert.True(closed!.IsCompletedSuccessfully);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_callback_under_way_answers_though_another_thread_asks_to_close()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            Thread other = new(() => world.Stream.CloseAsync(TimeSpan.FromSeconds(60)));
            other.Start();
            other.Join();
            world.Stream.Send(message, world.LogSent());
        });
        world.Run();
        Assert.Equal(["sent 1"], world.Log);
        Assert.True(world.Socket.IsClosed);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Close_waits_for_no_answers_and_refuses_them()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        TaskCompletionSource work = new();
        world.Stream.OnRecv(async message =>
        {
            await work.Task;
            Assert.Throws<ObjectDisposedException>(() => world.Stream.Send(message));
            world.Log.Add("refused");
        });
        world.Loop.CallLater(1, () => world.Stream.CloseAsync(TimeSpan.FromSeconds(60)));
        world.Loop.CallLater(2, () => world.Stream.Close());
        world.Loop.CallLater(3, work.SetResult);
        world.Run();
        Assert.Equal(["refused"], world.Log);
        Assert.Empty(world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void What_hangs_on_the_token_and_throws_is_reported_and_does_not_keep_the_stream_from_closing()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecvStream((stream, _, closing) =>
        {
            Assert.Same(world.Stream, stream);
            closing.Register(static () => throw StreamWorld.Oops);
            return Task.CompletedTask;
        });
        world.Loop.CallLater(1, () => world.Stream.Close());
        world.Run();
        Assert.Equal(["oops"], world.Errors);
        Assert.True(world.Socket.IsClosed);
    }
}
