namespace ZmqLoop.Streams.Tests;

public sealed class ReceiveTests
{
    [Fact]
    public void A_callback_that_throws_gets_all_the_other_messages_in_order()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3", "4", "5");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            if (message.Text() is "1" or "3") throw new InvalidOperationException(message.Text());
        });
        world.Run();

        Assert.Equal(["1", "2", "3", "4", "5"], world.Log);
        Assert.Equal(["1", "3"], world.Errors);
        Assert.All(world.Loop.Errors, error =>
        {
            Assert.Equal(CallbackKind.Stream, error.Origin.Kind);
            Assert.Same(world.Stream, error.Origin.Owner);
            Assert.Equal(error.Exception.Message, Assert.IsType<Message>(error.Origin.Item).Text());
        });
        Assert.False(world.Stream.IsClosed);
    }

    [Fact]
    public void An_error_names_the_callback_as_it_was_given()
    {
        using StreamWorld world = new();
        Action<Message> callback = static _ => throw StreamWorld.Oops;
        world.Socket.Arrive("1");
        world.Stream.OnRecv(callback);
        world.Run();
        Assert.Same(callback, Assert.Single(world.Loop.Errors).Origin.Callback);
    }

    [Fact]
    public void With_the_policy_pause_the_messages_after_the_error_stay_in_the_socket()
    {
        using StreamWorld world = new(new ZMQStreamOptions { ErrorPolicy = StreamErrorPolicy.Pause });
        world.Socket.Arrive("1", "2", "3", "4", "5");
        world.Stream.OnRecv(_ => throw StreamWorld.Oops);
        world.Run();
        Assert.Single(world.Loop.Errors);
        Assert.Equal(4, world.Socket.Waiting);
        Assert.False(world.Stream.IsReceiving);

        world.LogReceived();
        world.Run();
        Assert.Equal(["2", "3", "4", "5"], world.Log);
    }

    [Fact]
    public void With_the_policy_close_the_first_error_closes_the_stream_once()
    {
        using StreamWorld world = new(new ZMQStreamOptions { ErrorPolicy = StreamErrorPolicy.Close });
        world.Socket.Arrive("1", "2");
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Stream.OnRecv(_ => throw StreamWorld.Oops);
        world.Run();
        Assert.Equal(["oops"], world.Errors);
        Assert.Equal(["closed"], world.Log);
        Assert.True(world.Socket.IsClosed);
    }

    [Theory]
    [InlineData(StreamErrorPolicy.Continue)]
    [InlineData(StreamErrorPolicy.Pause)]
    [InlineData(StreamErrorPolicy.Close)]
    public void A_context_that_consumes_the_error_makes_it_not_have_happened(StreamErrorPolicy policy)
    {
        using StreamWorld world = new(new ZMQStreamOptions { ErrorPolicy = policy });
        world.Socket.Arrive("1", "2");
        new ExceptionStackContext(error =>
        {
            world.Log.Add(error.Message);
            return true;
        }).Run(() => world.Stream.OnRecv(message => throw new InvalidOperationException(message.Text())));
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.Empty(world.Loop.Errors);
        Assert.True(world.Stream.IsReceiving);
    }

    [Fact]
    public void A_context_that_does_not_consume_the_error_sees_it_before_the_reporter()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Loop.OnError = _ => world.Log.Add("reported");
        new ExceptionStackContext(_ =>
        {
            world.Log.Add("seen");
            return false;
        }).Run(() => world.Stream.OnRecv(_ => throw StreamWorld.Oops));
        world.Run();
        Assert.Equal(["seen", "reported"], world.Log);
    }

    [Fact]
    public void A_message_that_waits_already_is_delivered_but_never_inside_OnRecv()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Run();
        world.LogReceived();
        world.Log.Add("registered");
        world.Run();
        Assert.Equal(["registered", "1"], world.Log);
    }

    [Fact]
    public void OnRecv_with_null_pauses_and_nothing_is_lost()
    {
        using StreamWorld world = new();
        world.LogReceived();
        Assert.True(world.Stream.IsReceiving);
        world.Stream.OnRecv(null);
        Assert.False(world.Stream.IsReceiving);
        world.Socket.Arrive("1");
        world.Run();
        Assert.Empty(world.Log);
        world.LogReceived();
        world.Run();
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public void A_second_callback_replaces_the_first_also_from_inside()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add("first " + message.Text());
            world.LogReceived();
        });
        world.Run();
        Assert.Equal(["first 1", "2", "3"], world.Log);
    }

    [Fact]
    public void StopOnRecv_in_a_callback_stops_at_once()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            world.Stream.StopOnRecv();
        });
        world.Run();
        Assert.Equal(["1"], world.Log);
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void OnRecvStream_gives_the_stream_too()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecvStream((stream, message) =>
        {
            Assert.Same(world.Stream, stream);
            world.Log.Add(message.Text());
        });
        world.Run();
        Assert.Equal(["1"], world.Log);
        world.Stream.OnRecvStream(null);
        Assert.False(world.Stream.IsReceiving);
    }

    [Fact]
    public void OnRecvStream_waits_for_an_async_callback()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecvStream(async (stream, message) =>
        {
            world.Log.Add("begin " + message.Text());
            await Task.Yield();
            world.Log.Add($"end {message.Text()} {ReferenceEquals(stream, world.Stream)}");
        });
        world.Run();
        Assert.Equal(["begin 1", "end 1 True", "begin 2", "end 2 True"], world.Log);
    }

    [Fact]
    public void All_frames_come_as_one_message()
    {
        using StreamWorld world = new();
        world.Socket.Arrive(new Message("a", "", "b"));
        world.LogReceived();
        world.Run();
        Assert.Equal(["a||b"], world.Log);
    }

    [Fact]
    public void With_copy_the_messages_may_be_kept()
    {
        using StreamWorld world = new();
        List<Message> kept = [];
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(kept.Add);
        world.Run();
        Assert.Equal(["1", "2"], kept.Select(MessageText.Text));
        Assert.All(kept, message => Assert.False(message[0].IsBorrowed));
    }

    [Fact]
    public void Without_copy_a_frame_cannot_be_read_after_the_callback()
    {
        using StreamWorld world = new();
        List<Frame> frames = [];
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message => frames.Add(message[0]), copy: false);
        world.Run();
        Assert.Equal(2, frames.Count);
        Assert.All(frames, frame => Assert.Throws<ObjectDisposedException>(() => frame.ToText()));
    }

    [Fact]
    public void Without_copy_a_kept_message_stays_valid()
    {
        using StreamWorld world = new();
        List<Message> seen = [];
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(message =>
        {
            seen.Add(message);
            if (message.Text() == "1") message.Keep();
        }, copy: false);
        world.Run();
        Assert.Equal("1", seen[0].Text());
        Assert.Equal(3, seen.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void A_kept_message_stays_valid_when_its_callback_throws_and_the_error_leaves_the_loop()
    {
        using StreamWorld world = new();
        Message? kept = null;
        world.Loop.OnError = static error => throw error;
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            kept ??= message.Keep();
            throw StreamWorld.Oops;
        }, copy: false);
        Assert.Throws<InvalidOperationException>(world.Run);
        Assert.Throws<InvalidOperationException>(world.Run);
        Assert.Equal("1", kept!.Text());
    }

    [Fact]
    public void A_receive_that_fails_is_reported_with_the_stream_and_the_next_message_comes()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Socket.FailReceive(1, new ZMQException("too long"));
        world.LogReceived();
        world.Run();
        Assert.Equal(["too long"], world.Errors);
        Assert.Same(world.Stream, world.Loop.Errors[0].Origin.Owner);
        Assert.Equal(["1", "2"], world.Log);
    }

    [Fact]
    public void Null_takes_a_callback_of_any_kind_away_and_is_no_ambiguous_call()
    {
        using StreamWorld world = new();
        world.LogReceived();
        world.Stream.OnRecvStream(null);
        world.Stream.OnSendStream((_, _, _) => world.Log.Add("sent"));
        world.Stream.OnSendStream(null);
        world.Stream.OnSend((_, _) => world.Log.Add("sent"));
        world.Stream.OnSend(null);
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Stream.SetCloseCallback(null);
        Assert.Throws<ArgumentNullException>(() => world.Stream.OnRecv((Func<Message, CancellationToken, Task>)null!));
        world.Socket.Arrive("1");
        world.Stream.Send("2");
        world.Run();
        world.Stream.Close();
        Assert.Empty(world.Log);
        Assert.Equal(["2"], world.Socket.Outbox);
    }

    [Fact]
    public void A_cancellation_that_leaves_a_callback_is_reported_and_no_reason_to_close()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            new CancellationToken(canceled: true).ThrowIfCancellationRequested();
        });
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.All(world.Loop.Errors, static error => Assert.IsType<OperationCanceledException>(error.Exception));
        Assert.False(world.Stream.IsClosed);
    }

    [Fact]
    [Obsolete("They do nothing.")]
    public void OnErr_does_nothing()
    {
        using StreamWorld world = new();
        world.Stream.OnErr(() => world.Log.Add("error"));
        world.Stream.StopOnErr();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(static _ => throw StreamWorld.Oops);
        world.Run();
        Assert.Empty(world.Log);
    }
}
