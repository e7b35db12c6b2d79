namespace ZmqLoop.Streams.Tests;

public sealed class StreamStatisticsTests
{
    [Fact]
    public void What_was_received_and_sent_is_counted_though_nobody_listens_to_the_meter()
    {
        using StreamWorld world = new();
        Assert.Equal(default, world.Stream.Statistics);
        world.LogReceived();
        world.Socket.Arrive("one");
        world.Socket.Arrive("three");
        world.Stream.Send("four");
        world.Loop.CallLater(3, () => { });
        world.Run();
        StreamStatistics counts = world.Stream.Statistics;
        Assert.Equal((2, 8, 1, 4), (counts.Received, counts.ReceivedBytes, counts.Sent, counts.SentBytes));
        Assert.Equal((TimeSpan.FromSeconds(3), 1, false), (counts.SinceReceived, counts.MostQueued, counts.IsHeldUp));
    }

    [Fact]
    public async Task What_somebody_awaited_is_counted_as_well()
    {
        using StreamWorld world = new();
        ValueTask<Message> waits = world.Stream.ReceiveAsync();
        world.Socket.Arrive("one");
        world.Run();
        Assert.Equal("one", (await waits).Text());
        Assert.Equal((1, TimeSpan.Zero), (world.Stream.Statistics.Received, world.Stream.Statistics.SinceReceived));
    }

    [Fact]
    public void A_queue_says_how_full_it_was_that_it_is_held_up_and_why_it_dropped()
    {
        using StreamWorld world = new(new ZMQStreamOptions { SendQueueLimit = 3, SendQueueFullMode = SendQueueFullMode.DropOldest });
        world.Socket.Room = 0;
        world.Loop.AddCallback(() =>
        {
            for (int i = 0; i < 5; i++) world.Stream.Send($"{i}");
        });
        world.Loop.CallLater(1, () =>
        {
            Assert.True(world.Stream.Statistics.IsHeldUp);
            world.Stream.ClearSendQueue();
            world.Stream.Send(new Message("late"), TimeSpan.FromSeconds(1));
        });
        world.Run();
        StreamStatistics counts = world.Stream.Statistics;
        Assert.Equal((3, 2, 3, 1), (counts.MostQueued, counts.DroppedForFullQueue, counts.Cleared, counts.Expired));
        Assert.Equal(6, world.Stream.DroppedMessages);
        Assert.Equal(3, world.Stream.Options.SendQueueLimit);
    }

    [Fact]
    public void A_ROUTER_says_how_many_peers_have_no_room()
    {
        using StreamWorld world = new(null, SocketType.Router);
        world.Socket.AlwaysSaysWritable = true;
        world.Socket.FullPeers.Add("slow");
        world.Socket.FullPeers.Add("slower");
        foreach (string peer in (string[])["slow", "slower", "fast"]) world.Stream.SendMultipart(peer, "1");
        world.Loop.CallLater(0.1, () =>
        {
            Assert.Equal((2, true), (world.Stream.Statistics.PeersWithoutRoom, world.Stream.Statistics.IsHeldUp));
            world.Socket.FullPeers.Clear();
        });
        world.Run();
        Assert.Equal((0, false), (world.Stream.Statistics.PeersWithoutRoom, world.Stream.Statistics.IsHeldUp));
    }

    [Fact]
    public void What_the_engine_refuses_is_counted()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(1, new ZMQException(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "nobody"));
        world.Stream.Send("1");
        world.Run();
        Assert.Equal((1, 0), (world.Stream.Statistics.Refused, world.Stream.Statistics.Sent));
    }
}
