namespace ZmqLoop.Streams.Tests;

public sealed class FlushTests
{
    [Fact]
    public void Pausing_inside_a_callback_stops_a_flush_at_once_and_nothing_is_lost()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3", "4", "5");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            world.Stream.StopOnRecv();
        });
        Assert.Equal(1, world.Stream.Flush());
        Assert.Equal(4, world.Socket.Waiting);
        world.LogReceived();
        world.Run();
        Assert.Equal(["1", "2", "3", "4", "5"], world.Log);
    }

    [Fact]
    public void A_flush_sends_the_replies_it_provokes()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(message => world.Stream.Send(message));
        Assert.Equal(6, world.Stream.Flush());
        Assert.Equal(["1", "2", "3"], world.Socket.Outbox);
        Assert.False(world.Stream.IsSending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(100)]
    public void A_flush_handles_at_most_its_limit(int limit)
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            world.Stream.Send(message);
        });
        int handled = world.Stream.Flush(limit: limit);
        Assert.Equal(Math.Min(limit, 6), handled);
        Assert.Equal(handled, world.Log.Count + world.Socket.Outbox.Count);
        world.Run();
        Assert.Equal(["1", "2", "3"], world.Socket.Outbox);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_below_1_is_refused(int limit)
    {
        using StreamWorld world = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Stream.Flush(limit: limit));
    }

    [Fact]
    public void An_empty_flush_changes_nothing()
    {
        using StreamWorld world = new();
        Assert.Equal(0, world.Stream.Flush());
        world.LogReceived();
        Assert.Equal(0, world.Stream.Flush());
        Assert.Equal(0, world.Stream.Flush(IOEvents.None));
        world.Socket.Arrive("1");
        world.Run();
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public void A_flush_without_a_receive_callback_leaves_the_messages_alone()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        Assert.Equal(0, world.Stream.Flush());
        Assert.Equal(1, world.Socket.Waiting);
    }

    [Fact]
    public void A_flush_of_one_side_leaves_the_other_to_the_loop()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.Send("2");
        world.LogReceived();
        Assert.Equal(1, world.Stream.Flush(IOEvents.Write));
        Assert.Empty(world.Log);
        world.Stream.Send("3");
        Assert.Equal(1, world.Stream.Flush(IOEvents.Read));
        Assert.Equal(["2"], world.Socket.Outbox);
        world.Run();
        Assert.Equal(["2", "3"], world.Socket.Outbox);
    }

    [Fact]
    public void A_flush_inside_the_callback_with_100_000_messages_queued_does_not_recurse()
    {
        using StreamWorld world = new();
        for (int i = 0; i < 100_000; i++) world.Socket.Arrive("x");
        int received = 0;
        int depth = 0;
        world.Stream.OnRecv(message =>
        {
            Assert.Equal(1, ++depth);
            received++;
            world.Stream.Send(message);
            Assert.Equal(0, world.Stream.Flush());
            depth--;
        });
        Assert.Equal(200_000, world.Stream.Flush());
        Assert.Equal(100_000, received);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_flush_inside_a_send_callback_does_not_recurse()
    {
        using StreamWorld world = new();
        int depth = 0;
        world.Stream.OnSend((_, _) =>
        {
            Assert.Equal(1, ++depth);
            world.Stream.Flush();
            depth--;
        });
        for (int i = 0; i < 1000; i++) world.Stream.Send("x");
        Assert.Equal(1000, world.Stream.Flush(IOEvents.Write));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Another_streams_flush_inside_a_callback_works()
    {
        using StreamWorld world = new();
        using ScriptedSocket socket = new();
        using ZMQStream control = new(socket, world.Loop);
        control.OnRecv(message => world.Log.Add(message.Text()));
        socket.Arrive("control");
        world.Socket.Arrive("1");
        world.Stream.OnRecv(message =>
        {
            Assert.Equal(1, control.Flush(IOEvents.Read));
            world.Log.Add(message.Text());
        });
        world.Run();
        Assert.Equal(["control", "1"], world.Log);
    }

    [Fact]
    public void A_flush_stops_where_the_socket_would_block_and_the_loop_goes_on_when_there_is_room()
    {
        using StreamWorld world = new();
        world.Socket.Room = 1;
        world.Stream.Send("1");
        world.Stream.Send("2");
        Assert.Equal(1, world.Stream.Flush());
        Assert.Equal(1, world.Stream.SendQueueLength);
        world.Socket.Room = 1;
        world.Run();
        Assert.Equal(["1", "2"], world.Socket.Outbox);
    }

    [Fact]
    public void Closing_inside_a_callback_ends_the_flush()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(_ => world.Stream.Close());
        Assert.Equal(1, world.Stream.Flush());
        Assert.Throws<ObjectDisposedException>(() => world.Stream.Flush());
    }

    [Fact]
    public void A_callback_that_throws_does_not_end_the_flush()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(_ => throw StreamWorld.Oops);
        Assert.Equal(2, world.Stream.Flush());
        Assert.Equal(["oops", "oops"], world.Errors);
    }

    [Fact]
    public void A_flush_does_not_keep_the_rest_from_its_turn()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.LogReceived();
        world.Loop.AddCallback(() =>
        {
            Assert.Equal(1, world.Stream.Flush(IOEvents.Read, limit: 1)); // pyzmq: nothing more in this turn
            world.Stream.Send("reply");
            world.Loop.AddCallback(() => world.Log.Add($"next turn, {world.Socket.Outbox.Count} sent"));
        });
        world.Run();
        Assert.Equal(["1", "2", "next turn, 1 sent"], world.Log);
    }

    [Fact]
    public void A_limit_counts_the_messages_that_cancelled_receives_have_left_as_well()
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        Task<Message> receive = world.Stream.ReceiveAsync(cancel.Token).AsTask();
        world.Socket.OnReceive = cancel.Cancel; // in the very moment
        world.Socket.Arrive("1", "2", "3");
        world.Run();
        Assert.True(receive.IsCanceled);
        world.LogReceived();
        Assert.Equal(1, world.Stream.Flush(IOEvents.Read, limit: 1));
        Assert.Equal(["1"], world.Log);
        Assert.Equal(2, world.Stream.Flush());
        Assert.Equal(["1", "2", "3"], world.Log);
    }

    [Fact]
    public void A_context_in_force_at_the_flush_does_not_reach_the_callbacks()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(_ => throw StreamWorld.Oops);
        new ExceptionStackContext(_ => true).Run(() => world.Stream.Flush());
        Assert.Equal(["oops"], world.Errors);
    }
}
