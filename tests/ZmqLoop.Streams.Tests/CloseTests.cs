namespace ZmqLoop.Streams.Tests;

public sealed class CloseTests
{
    [Fact]
    public void After_close_sending_throws_and_queues_nothing_and_stopping_does_nothing()
    {
        using StreamWorld world = new();
        ZMQStream stream = world.Stream;
        world.LogReceived();
        world.Socket.Room = 0;
        stream.Send("unsent", (_, _) => { });
        stream.Close();

        Assert.Throws<ObjectDisposedException>(() => stream.Send("1"));
        Assert.Throws<ObjectDisposedException>(() => stream.SendMultipart("1"));
        Assert.Throws<ObjectDisposedException>(() => stream.SendString("1"));
        Action sendAsync = () => stream.SendAsync(new Message("1"));
        Assert.Throws<ObjectDisposedException>(sendAsync);
        Assert.Throws<ObjectDisposedException>(() => stream.TrySend(new Message("1")));
        Assert.Throws<ObjectDisposedException>(() => stream.Send(new Message("1"), TimeSpan.FromSeconds(1)));
        Assert.Throws<ObjectDisposedException>(() => stream.OnRecv(_ => { }));
        Assert.Throws<ObjectDisposedException>(() => stream.OnRecv(null));
        Assert.Throws<ObjectDisposedException>(() => stream.OnRecv((_, _) => Task.CompletedTask));
        Assert.Throws<ObjectDisposedException>(() => stream.OnRecvStream((_, _) => { }));
        Assert.Throws<ObjectDisposedException>(() => stream.OnSendStream((_, _, _) => { }));
        Assert.Throws<ObjectDisposedException>(() => stream.OnSend((_, _) => { }));
        Assert.Throws<ObjectDisposedException>(() => stream.SetCloseCallback(() => { }));
        Assert.Throws<ObjectDisposedException>(() => stream.Flush());
        Assert.Throws<ObjectDisposedException>(() => stream.Discard());
        Assert.Throws<ObjectDisposedException>(() => stream.Bind("inproc://x"));
        Assert.Throws<ObjectDisposedException>(() => stream.BindToRandomPort("tcp://127.0.0.1"));
        Assert.Throws<ObjectDisposedException>(() => stream.Connect("inproc://x"));
        Assert.Throws<ObjectDisposedException>(() => stream.Unbind("inproc://x"));
        Assert.Throws<ObjectDisposedException>(() => stream.Disconnect("inproc://x"));
        Assert.Throws<ObjectDisposedException>(() => stream.Subscribe("x"));
        Assert.Throws<ObjectDisposedException>(() => stream.Get(ZMQSocketOptions.SndHwm));
        Assert.Throws<ObjectDisposedException>(() => stream.Set(ZMQSocketOptions.SndHwm, 1));
        Assert.Equal((0, 0), (stream.SendQueueLength, stream.ClearSendQueue()));
        Assert.False(stream.WaitToSendAsync().Result);
        Assert.False(stream.IsSending);
        Assert.False(stream.IsReceiving);
        Assert.True(stream.IsClosed);
        stream.StopOnRecv();
        stream.StopOnSend();
        stream.Close();
        stream.Close(TimeSpan.Zero);
        stream.Dispose();
        Assert.True(stream.CloseAsync(TimeSpan.FromSeconds(1)).IsCompletedSuccessfully);
        Assert.True(stream.DisposeAsync().AsTask().IsCompletedSuccessfully);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public async Task Every_unsent_message_is_reported_in_order_and_then_the_close_callback_runs_once()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        world.Stream.SetCloseCallback(() => world.Log.Add($"closed {world.Socket.IsClosed}"));
        world.Stream.OnSend(world.LogSent("stream"));
        world.Stream.Send("1", world.LogSent());
        world.Stream.Send("2");
        Task third = world.Stream.SendAsync(new Message("3"));
        world.Stream.Close();
        world.Stream.Close();
        Assert.Equal(["sent 1 ObjectDisposedException", "stream 2 ObjectDisposedException", "closed True"], world.Log);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => third);
    }

    [Fact]
    public void Unsent_messages_that_nobody_asked_about_are_reported_together()
    {
        using StreamWorld world = new();
        world.Stream.Send("1");
        world.Stream.Send("2");
        world.Stream.Close();
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Contains("2 unsent messages", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], Assert.IsAssignableFrom<IEnumerable<Message>>(origin.Item).Select(MessageText.Text));
    }

    [Fact]
    public void Linger_is_finite_by_default_and_what_close_is_told()
    {
        using StreamWorld world = new();
        world.Stream.Close();
        Assert.Equal(TimeSpan.FromSeconds(1), world.Socket.ClosedWithLinger);
        using StreamWorld other = new();
        other.Stream.Close(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), other.Socket.ClosedWithLinger);
    }

    [Fact]
    public void Closing_inside_the_receive_callback_delivers_nothing_more()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            world.Stream.Close();
            world.Log.Add(message.Text());
        }, copy: false);
        world.Run();
        Assert.Equal(["1"], world.Log);
        Assert.Empty(world.Loop.Poller.Sources);
    }

    [Fact]
    public void Closing_inside_a_send_callback_reports_the_messages_behind_it()
    {
        using StreamWorld world = new();
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Stream.OnSend((message, error) =>
        {
            world.LogSent()(message, error);
            world.Stream.Close();
        });
        world.Stream.Send("1");
        world.Stream.Send("2");
        world.Stream.Send("3");
        world.Run();
        Assert.Equal(["sent 1", "sent 2 ObjectDisposedException", "sent 3 ObjectDisposedException", "closed"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Closing_and_sending_inside_the_close_callback_is_harmless()
    {
        using StreamWorld world = new();
        world.Stream.SetCloseCallback(() =>
        {
            world.Stream.Close();
            world.Log.Add("closed");
            world.Stream.Send("1");
        });
        world.Stream.Close();
        Assert.Equal(["closed"], world.Log);
        Assert.IsType<ObjectDisposedException>(Assert.Single(world.Loop.Errors).Exception);
    }

    [Fact]
    public void An_error_of_the_close_callback_is_reported_and_does_not_reach_the_caller_of_close()
    {
        using StreamWorld world = new();
        world.Stream.SetCloseCallback(() => throw StreamWorld.Oops);
        world.Stream.Close();
        Assert.Equal(["oops"], world.Errors);
        Assert.Same(world.Stream, world.Loop.Errors[0].Origin.Owner);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_loop_may_be_closed_first(bool allFds)
    {
        using StreamWorld world = new();
        world.LogReceived();
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Stream.Send("1", world.LogSent());
        world.Loop.Close(allFds);

        world.Stream.StopOnRecv();
        world.Stream.StopOnSend();
        world.Stream.Dispose();
        world.Stream.Dispose();
        await world.Stream.DisposeAsync();
        Assert.Equal(["sent 1 ObjectDisposedException", "closed"], world.Log);
        Assert.True(world.Socket.IsClosed);
    }

    [Fact]
    public async Task With_the_loop_closed_CloseAsync_still_hands_over_what_the_socket_takes()
    {
        using StreamWorld world = new();
        world.Stream.Send("1", world.LogSent());
        world.Loop.Close();
        await world.Stream.CloseAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["sent 1"], world.Log);
    }

    [Fact]
    public async Task A_close_that_the_loop_never_came_to_can_be_asked_for_again_when_the_loop_is_closed()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(() =>
        {
            Deadline.RunThread(() => world.Stream.Close()); // queued behind the stop
            world.Loop.Stop();
        });
        world.Run();
        Assert.True(world.Stream.IsClosed);
        Assert.False(world.Socket.IsClosed);
        world.Loop.Close();
        await world.Stream.DisposeAsync();
        Assert.True(world.Socket.IsClosed);
    }

    [Fact]
    public void A_socket_closed_behind_the_back_closes_the_stream_once()
    {
        using StreamWorld world = new();
        using ScriptedSocket socket = new();
        using ZMQStream other = new(socket, world.Loop);
        socket.Arrive("other");
        other.OnRecv(message => world.Log.Add(message.Text()));
        world.LogReceived();
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Stream.Send("1", world.LogSent());
        world.Socket.Close();
        Assert.True(world.Stream.IsClosed);
        world.Run();
        Assert.Equal(["sent 1 ObjectDisposedException", "closed", "other"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void IsClosed_has_no_side_effects()
    {
        using StreamWorld world = new();
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Socket.Close();
        Assert.True(world.Stream.IsClosed);
        Assert.Empty(world.Log);
    }

    [Fact]
    public void CloseAsync_sends_what_is_queued_and_then_closes()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 2 });
        world.Socket.Room = 3;
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        foreach (string text in MessageText.Numbers(5)) world.Stream.Send(text);
        Task? done = null;
        world.Loop.AddCallback(() => done = world.Stream.CloseAsync(TimeSpan.FromSeconds(10)));
        world.Loop.CallLater(TimeSpan.FromSeconds(1), () =>
        {
            world.Log.Add($"{world.Socket.Outbox.Count} sent");
            Assert.Throws<ObjectDisposedException>(() => world.Stream.Send("late"));
            world.Socket.Room = 2;
        });
        world.Run();
        Assert.True(done!.IsCompletedSuccessfully);
        Assert.Equal(["3 sent", "closed"], world.Log);
        Assert.Equal(MessageText.Numbers(5), world.Socket.Outbox);
        Assert.Equal(TimeSpan.FromSeconds(1), world.Loop.ManualTime.Now); // its limit does not keep the loop busy
    }

    [Fact]
    public void CloseAsync_gives_up_when_its_time_is_over()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        world.Stream.Send("1", world.LogSent());
        world.Loop.AddCallback(() => { world.Stream.CloseAsync(TimeSpan.FromSeconds(10)); });
        world.Run();
        Assert.Equal(["sent 1 ObjectDisposedException"], world.Log);
        Assert.Equal(TimeSpan.FromSeconds(10), world.Loop.ManualTime.Now);
        Assert.True(world.Socket.IsClosed);
    }

    [Fact]
    public void CloseAsync_of_a_stopped_loop_hands_over_all_that_the_socket_takes()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 2 });
        foreach (string text in MessageText.Numbers(5)) world.Stream.Send(text);
        Assert.True(world.Stream.CloseAsync(TimeSpan.FromSeconds(10)).IsCompletedSuccessfully);
        Assert.Equal(MessageText.Numbers(5), world.Socket.Outbox);
    }

    [Fact]
    public void Close_cuts_a_drain_short()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        world.Stream.Send("1", world.LogSent());
        world.Loop.AddCallback(() => { world.Stream.CloseAsync(TimeSpan.FromSeconds(10)); });
        world.Loop.CallLater(TimeSpan.FromSeconds(1), () => world.Stream.Close());
        world.Run();
        Assert.Equal(["sent 1 ObjectDisposedException"], world.Log);
        Assert.Equal(TimeSpan.FromSeconds(1), world.Loop.ManualTime.Now);
    }

    [Fact]
    public void CloseAsync_inside_a_callback_sends_the_reply_first()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            world.Stream.Send(message, world.LogSent());
            world.Stream.CloseAsync(TimeSpan.FromSeconds(1));
        });
        world.Run();
        Assert.Equal(["sent 1"], world.Log);
        Assert.True(world.Socket.IsClosed);
    }
}
