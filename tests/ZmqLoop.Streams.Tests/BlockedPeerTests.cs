namespace ZmqLoop.Streams.Tests;

/// <summary>A ROUTER peer without room holds up nobody else.</summary>
public sealed class BlockedPeerTests
{
    private static StreamWorld Router(ZMQStreamOptions? options = null)
    {
        StreamWorld world = new(options, SocketType.Router);
        world.Socket.AlwaysSaysWritable = true;
        return world;
    }

    [Fact]
    public void The_others_get_theirs_and_each_peers_messages_stay_in_order()
    {
        using StreamWorld world = Router();
        world.Socket.FullPeers.Add("slow");
        for (int i = 0; i < 3; i++)
        {
            world.Stream.SendMultipart("slow", $"{i}");
            world.Stream.SendMultipart("fast", $"{i}");
        }

        world.Loop.CallLater(0.1, () =>
        {
            Assert.Equal(["fast|0", "fast|1", "fast|2"], world.Socket.Outbox);
            world.Stream.SendMultipart("slow", "3");
            world.Stream.SendMultipart("fast", "3");
        });
        world.Loop.CallLater(0.2, () =>
        {
            Assert.Equal("fast|3", world.Socket.Outbox[^1]);
            Assert.Equal(4, world.Stream.SendQueueLength);
            world.Socket.FullPeers.Clear();
        });
        world.Run();
        Assert.Equal(["slow|0", "slow|1", "slow|2", "slow|3"], world.Socket.Outbox[4..]);
        Assert.Equal(0, world.Stream.SendQueueLength);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_blocked_peer_is_asked_again_now_and_then_whatever_waits_for_it()
    {
        using StreamWorld world = Router();
        world.Socket.FullPeers.Add("slow");
        for (int i = 0; i < 10_000; i++) world.Stream.SendMultipart("slow", $"{i}");
        world.Loop.CallLater(1, () => world.Socket.FullPeers.Clear());
        world.Run();
        Assert.Equal(10_000, world.Socket.Outbox.Count);
        Assert.Equal([.. Enumerable.Range(0, 10_000).Select(i => $"slow|{i}")], world.Socket.Outbox);
        Assert.InRange(world.Socket.SendAttempts, 10_000, 10_050); // every 50 ms, and not for each message
    }

    [Fact]
    public void Oldest_is_what_waits_for_the_blocked_peer()
    {
        using StreamWorld world = Router(new ZMQStreamOptions { SendQueueLimit = 2, SendQueueFullMode = SendQueueFullMode.DropOldest });
        world.Socket.FullPeers.Add("slow");
        world.Stream.OnSend((message, error) => world.Log.Add($"{message.Text()} {(error is null ? "sent" : "dropped")}"));
        world.Stream.SendMultipart("slow", "1");
        world.Stream.SendMultipart("slow", "2");
        world.Loop.CallLater(1, () => world.Stream.SendMultipart("fast", "3"));
        world.Loop.CallLater(2, () => world.Socket.FullPeers.Clear());
        world.Run();
        Assert.Equal(["slow|1 dropped", "fast|3 sent", "slow|2 sent"], world.Log);
    }

    [Fact]
    public async Task What_waits_for_a_blocked_peer_can_be_cancelled_cleared_and_expires()
    {
        using StreamWorld world = Router();
        using CancellationTokenSource cancel = new();
        world.Socket.FullPeers.Add("slow");
        Task cancelled = world.Stream.SendAsync(new Message("slow", "1"), cancel.Token);
        Task expired = world.Stream.SendAsync(new Message("slow", "2"), TimeSpan.FromSeconds(1));
        Task cleared = world.Stream.SendAsync(new Message("slow", "3"), CancellationToken.None);
        Task sent = Task.CompletedTask;
        world.Loop.CallLater(0.5, cancel.Cancel);
        world.Loop.CallLater(2, () =>
        {
            Assert.Equal(1, world.Stream.ClearSendQueue());
            sent = world.Stream.SendAsync(new Message("slow", "4"));
        });
        world.Loop.CallLater(3, () => world.Socket.FullPeers.Clear());
        world.Run();
        await sent;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAsync<MessageNotSentException>(() => expired);
        await Assert.ThrowsAsync<MessageNotSentException>(() => cleared);
        Assert.Equal(["slow|4"], world.Socket.Outbox);
    }

    [Fact]
    public void A_drain_waits_for_the_blocked_peer_within_its_time_and_what_is_left_is_told()
    {
        using StreamWorld world = Router();
        world.Socket.FullPeers.UnionWith(["slow", "dead"]);
        world.Stream.OnSend(world.LogSent());
        foreach (string peer in (string[])["slow", "dead", "fast"]) world.Stream.SendMultipart(peer, "1");
        world.Loop.AddCallback(() => { world.Stream.CloseAsync(TimeSpan.FromSeconds(2)); });
        world.Loop.CallLater(1, () => world.Socket.FullPeers.Remove("slow"));
        world.Run();
        Assert.Equal(["sent fast|1", "sent slow|1", "sent dead|1 ObjectDisposedException"], world.Log);
        Assert.Equal(TimeSpan.FromSeconds(2), world.Loop.ManualTime.Now);
    }

    [Fact]
    public void A_flush_asks_the_blocked_peers_too_and_handles_no_more_than_its_limit()
    {
        using StreamWorld world = Router();
        world.Socket.FullPeers.Add("slow");
        for (int i = 0; i < 4; i++) world.Stream.SendMultipart("slow", $"{i}");
        Assert.Equal(0, world.Stream.Flush());
        world.Socket.FullPeers.Clear();
        Assert.Equal(3, world.Stream.Flush(IOEvents.Write, limit: 3));
        Assert.Equal(1, world.Stream.Flush());
        Assert.Equal(["slow|0", "slow|1", "slow|2", "slow|3"], world.Socket.Outbox);
    }

    [Fact]
    public void A_callback_that_throws_or_closes_while_a_line_is_served_does_no_harm()
    {
        using StreamWorld world = Router();
        world.Socket.FullPeers.Add("slow");
        world.Stream.Send(new Message("slow", "1"), static (_, _) => throw StreamWorld.Oops);
        world.Stream.Send(new Message("slow", "2"), (_, _) => world.Stream.Close());
        world.Stream.Send(new Message("slow", "3"), world.LogSent());
        world.Loop.CallLater(1, () => world.Socket.FullPeers.Clear());
        world.Run();
        Assert.Equal(["oops"], world.Errors);
        Assert.Equal(["sent slow|3 ObjectDisposedException"], world.Log);
    }

    [Theory]
    [InlineData(SocketType.Router, true)]
    [InlineData(SocketType.Router, false)]
    [InlineData(SocketType.Stream, true)]
    public void Who_waits_for_a_peer_that_goes_is_told_and_so_is_who_sends_to_a_peer_that_is_not_there(SocketType type, bool saysWritable)
    {
        using StreamWorld world = new(type: type);
        world.Socket.AlwaysSaysWritable = saysWritable;
        world.Socket.Room = 0; // nobody has any
        world.Socket.GonePeers.Add("unknown");
        foreach (string peer in (string[])["slow", "slow", "unknown", "other"]) world.Stream.Send(new Message(peer, "x"), world.LogSent());
        world.Loop.CallLater(1, () =>
        {
            Assert.Equal(["sent unknown|x ZMQException"], world.Log);
            world.Socket.GonePeers.Add("slow");
        });
        world.Loop.CallLater(2, () => world.Socket.Room = 1);
        world.Run();
        Assert.Equal(["sent unknown|x ZMQException", "sent slow|x ZMQException", "sent slow|x ZMQException", "sent other|x"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Room_that_the_socket_tells_of_wakes_those_that_wait_before_the_timer_does()
    {
        using StreamWorld world = new(type: SocketType.Router);
        world.Socket.Room = 0;
        world.Stream.SendMultipart("peer", "1");
        world.Loop.CallLater(TimeSpan.FromMilliseconds(6), () => world.Socket.Room = 1);
        world.Stream.OnSend((_, _) => world.Log.Add($"{world.Loop.ManualTime.Now.TotalMilliseconds}"));
        world.Run();
        Assert.Equal(["6"], world.Log);
    }

    [Theory]
    [InlineData(SocketType.Router)]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.XPub)]
    public void A_sign_of_activity_wakes_those_that_wait_before_the_timer_does(SocketType type)
    {
        using StreamWorld world = new(type: type);
        world.Socket.AlwaysSaysWritable = true;
        world.Socket.Room = 0;
        world.Stream.Send(new Message("peer", "1"), world.LogSent());
        world.Loop.CallLater(TimeSpan.FromMilliseconds(6), () =>
        {
            world.Socket.Room = 1;
            world.Loop.Poller.Fire(world.Socket, IOEvents.Activity);
        });
        world.Loop.CallLater(TimeSpan.FromMilliseconds(7), () => Assert.Equal(["sent peer|1"], world.Log));
        world.Run();
        Assert.Empty(world.Errors);
    }

    [Fact]
    public void One_sign_is_for_all_peers_that_wait_however_few_a_turn_may_send()
    {
        using StreamWorld world = Router(new ZMQStreamOptions { MessagesPerTurn = 2 });
        world.Socket.FullPeers.UnionWith(MessageText.Numbers(10));
        foreach (string peer in MessageText.Numbers(10))
        {
            for (int i = 0; i < 3; i++) world.Stream.SendMultipart(peer, $"{i}");
        }

        world.Loop.CallLater(TimeSpan.FromMilliseconds(6), () =>
        {
            Assert.Empty(world.Socket.Outbox);
            world.Socket.FullPeers.RemoveWhere(peer => peer != "0");
            world.Loop.Poller.Fire(world.Socket, IOEvents.Activity);
        });
        world.Loop.CallLater(TimeSpan.FromMilliseconds(8), () =>
        {
            Assert.Equal(27, world.Socket.Outbox.Count);
            world.Socket.FullPeers.Clear();
        });
        world.Run();
        Assert.Empty(world.Errors);
        Assert.Equal(30, world.Socket.Outbox.Count);
    }

    [Fact]
    public void While_nobody_waits_activity_is_not_asked_for()
    {
        using StreamWorld world = Router();
        world.LogReceived();
        world.Socket.FullPeers.Add("slow");
        world.Stream.SendMultipart("slow", "1");
        world.Loop.CallLater(TimeSpan.FromMilliseconds(1), world.Socket.FullPeers.Clear);
        world.Loop.CallLater(1, () => world.Loop.Poller.Fire(world.Socket, IOEvents.Activity));
        world.Run();
        Assert.Equal(["slow|1"], world.Socket.Outbox);
        Assert.Equal(IOEvents.Activity, world.Loop.Poller.Ready[world.Socket]); // nobody took it
    }
}
