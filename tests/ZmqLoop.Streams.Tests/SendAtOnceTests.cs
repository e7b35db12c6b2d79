using System.Text;

namespace ZmqLoop.Streams.Tests;

/// <summary>On the loop's thread <c>TrySend</c> gives the socket at once what has nothing to wait behind; nothing else may be seen of
/// that.</summary>
[Collection(nameof(MeterTests))]
public sealed class SendAtOnceTests
{
    [Fact]
    public void What_has_nothing_to_wait_behind_is_sent_before_the_call_returns()
    {
        using StreamWorld world = new();
        OnLoop(world, () =>
        {
            Assert.True(world.Stream.TrySend("1"));
            Assert.Equal(["1"], world.Socket.Outbox);
            Assert.Equal((0, false), (world.Stream.SendQueueLength, world.Stream.IsSending));
            Assert.Equal((1, 1), (world.Stream.Statistics.Sent, world.Stream.Statistics.SentBytes));
        });
        Assert.Equal(1, world.Socket.SendAttempts);
    }

    [Fact]
    public void It_does_not_overtake_what_waits()
    {
        using StreamWorld world = new();
        OnLoop(world, () =>
        {
            world.Stream.Send("1");
            Assert.True(world.Stream.TrySend("2"));
            Assert.Empty(world.Socket.Outbox);
        });
        Assert.Equal(["1", "2"], world.Socket.Outbox);
    }

    [Fact]
    public void Where_the_socket_has_no_room_it_waits_in_the_queue_and_goes_in_order()
    {
        using StreamWorld world = new();
        world.Socket.Room = 1;
        OnLoop(world, () =>
        {
            for (int i = 1; i <= 3; i++) Assert.True(world.Stream.TrySend($"{i}"));
            Assert.Equal(["1"], world.Socket.Outbox);
            Assert.Equal(2, world.Stream.SendQueueLength);
        });
        Assert.Equal(["1"], world.Socket.Outbox);
        world.Socket.Room = int.MaxValue;
        world.Run();
        Assert.Equal(["1", "2", "3"], world.Socket.Outbox);
    }

    [Fact]
    public void Whoever_sends_in_a_loop_comes_to_the_queue_and_to_its_end_though_the_socket_takes_all()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 10, SendQueueLimit = 5 });
        int sent = 0;
        OnLoop(world, () =>
        {
            while (world.Stream.TrySend($"{sent}")) sent++;
            Assert.Equal((10, 5), (world.Socket.Outbox.Count, world.Stream.SendQueueLength));
        });
        Assert.Equal(15, sent);
        OnLoop(world, () => Assert.True(world.Stream.TrySend("15"))); // the queue was flushed since
        Assert.Equal(Enumerable.Range(0, 16).Select(static i => $"{i}"), world.Socket.Outbox);
    }

    [Fact]
    public void Who_is_to_be_told_is_told_after_the_call_as_ever()
    {
        using StreamWorld world = new();
        OnLoop(world, () =>
        {
            Assert.True(world.Stream.TrySend("1", world.LogSent()));
            world.Log.Add("after");
            world.Stream.OnSend(world.LogSent());
        });
        OnLoop(world, () =>
        {
            Assert.True(world.Stream.TrySend("2"));
            world.Log.Add("after");
        });
        Assert.Equal(["after", "sent 1", "after", "sent 2"], world.Log);
    }

    [Fact]
    public void What_the_socket_refuses_is_reported_once_by_the_loop()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(1, new ZMQException("no"));
        world.Socket.FailSend(2, new ZMQException("no"));
        OnLoop(world, () => Assert.True(world.Stream.TrySend("1")));
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Equal(("no", "1"), (error.Message, Assert.IsType<Message>(origin.Item).Text()));
        Assert.Equal((0, 1), (world.Stream.Statistics.Sent, world.Stream.Statistics.Refused));
    }

    [Fact]
    public void Messages_with_a_time_to_live_and_from_other_threads_go_through_the_queue()
    {
        using StreamWorld world = new(new ZMQStreamOptions { TimeToLive = TimeSpan.FromMinutes(1) });
        OnLoop(world, () =>
        {
            Assert.True(world.Stream.TrySend("1"));
            Assert.Empty(world.Socket.Outbox);
        });
        Assert.Equal(["1"], world.Socket.Outbox);

        using StreamWorld other = new();
        Assert.True(other.Stream.TrySend("1")); // nobody runs the loop: no thread is its own
        Assert.Empty(other.Socket.Outbox);
        other.Run();
        Assert.Equal(["1"], other.Socket.Outbox);
    }

    [Theory]
    [InlineData(SocketType.Rep)]
    [InlineData(SocketType.Req)]
    [InlineData(SocketType.XSub)]
    public void Where_it_has_to_be_looked_at_first_it_goes_through_the_queue(SocketType type)
    {
        using StreamWorld world = new(type: type);
        OnLoop(world, () =>
        {
            Assert.True(world.Stream.TrySend("\u0001x"));
            Assert.Empty(world.Socket.Outbox);
        });
        Assert.Equal(["0x0178"], world.Socket.Outbox.ConvertAll(static text => "0x" + Convert.ToHexString(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void A_stream_that_is_closed_refuses_it()
    {
        using StreamWorld world = new();
        OnLoop(world, () =>
        {
            world.Stream.Close();
            Assert.Throws<ObjectDisposedException>(() => world.Stream.TrySend("1"));
        });
    }

    private static void OnLoop(StreamWorld world, Action action)
    {
        Exception? error = null;
        world.Loop.AddCallback(() => error = Record.Exception(action));
        world.Run();
        Assert.Null(error);
    }
}
