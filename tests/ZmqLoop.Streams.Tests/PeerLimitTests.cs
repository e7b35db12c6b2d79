using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams.Tests;

/// <summary>A limit for each peer: one that does not read fills neither the queue nor the memory, and costs nobody else a
/// message.</summary>
public sealed class PeerLimitTests
{
    private static StreamWorld Limited(SendQueueFullMode mode, int perPeer = 2, int limit = int.MaxValue)
    {
        StreamWorld world = new(new ZMQStreamOptions { MaxQueuedPerPeer = perPeer, SendQueueFullMode = mode, SendQueueLimit = limit },
            SocketType.Router);
        world.Socket.AlwaysSaysWritable = true;
        world.Socket.FullPeers.Add("slow");
        world.Stream.OnSend((message, error) => world.Log.Add(
            $"{message.Text()} {(error is MessageNotSentException dropped ? dropped.Reason : error is null ? "sent" : error.Message)}"));
        return world;
    }

    [Theory]
    [InlineData(false, SendQueueFullMode.DropOldest, "1 2", "3 4")]
    [InlineData(false, SendQueueFullMode.DropNewest, "2 3", "1 4")]
    [InlineData(false, SendQueueFullMode.DropWrite, "3 4", "1 2")]
    [InlineData(true, SendQueueFullMode.DropOldest, "1 2", "3 4")]
    [InlineData(true, SendQueueFullMode.DropNewest, "2 3", "1 4")]
    [InlineData(true, SendQueueFullMode.DropWrite, "3 4", "1 2")]
    public void Of_a_peer_at_its_limit_is_dropped_what_the_mode_says_and_of_no_other(
        bool aside, SendQueueFullMode mode, string dropped, string sent)
    {
        using StreamWorld world = Limited(mode);
        world.Loop.AddCallback(() =>
        {
            foreach (string number in (string[])["1", "2", "3", "4"])
            {
                world.Stream.SendMultipart("slow", number);
                world.Stream.SendMultipart("fast", number);
                if (aside) world.Stream.Flush(); // what waits for the slow one is set aside; else it is all in the queue yet
            }
        });
        world.Loop.CallLater(1, () => world.Socket.FullPeers.Clear());
        world.Run();
        Assert.Equal(dropped.Split(' ').Select(static number => $"slow|{number} PeerQueueFull"), world.Log.Where(IsDrop("slow")));
        Assert.Equal(
            ["fast|1", "fast|2", "fast|3", "fast|4", .. sent.Split(' ').Select(static number => $"slow|{number}")], world.Socket.Outbox);
        Assert.Equal(2, world.Stream.DroppedMessages);
        Assert.Equal((0, 0), (world.Stream.SendQueueLength, world.Stream.SendQueueBytes));
        Assert.Empty(world.Loop.Errors);

        static Func<string, bool> IsDrop(string peer) =>
            line => line.StartsWith(peer, StringComparison.Ordinal) && !line.EndsWith("sent", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SendQueueFullMode.Throw)]
    [InlineData(SendQueueFullMode.DropOldest)]
    [InlineData(SendQueueFullMode.DropNewest)]
    [InlineData(SendQueueFullMode.DropWrite)]
    public void A_peer_that_reads_gets_all_that_one_callback_sends_it(SendQueueFullMode mode)
    {
        using StreamWorld world = Limited(mode);
        world.Stream.OnSend(null);
        world.Loop.AddCallback(() =>
        {
            for (int i = 0; i < 100; i++) world.Stream.SendMultipart("fast", $"{i}");
        });
        world.Run();
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"fast|{i}"), world.Socket.Outbox);
        Assert.Equal(0, world.Stream.DroppedMessages);
    }

    [Theory]
    [InlineData(SendQueueFullMode.Wait)]
    [InlineData(SendQueueFullMode.Throw)]
    public void Where_nothing_is_dropped_Send_to_the_slow_peer_throws_and_the_others_go_on(SendQueueFullMode mode)
    {
        using StreamWorld world = Limited(mode);
        world.Stream.SendMultipart("slow", "1");
        world.Stream.SendMultipart("slow", "2");
        world.Stream.Flush(); // both have been tried
        MessageNotSentException error = Assert.Throws<MessageNotSentException>(() => world.Stream.SendMultipart("slow", "3"));
        Assert.Equal(NotSentReason.PeerQueueFull, error.Reason);
        Assert.Contains("MaxQueuedPerPeer", error.Message, StringComparison.Ordinal);
        Assert.False(world.Stream.TrySend(new Message("slow", "3")));
        Assert.True(world.Stream.TrySend(new Message("fast", "1")));
        world.Loop.CallLater(1, () =>
        {
            Assert.False(world.Stream.TrySend(new Message("slow", "3")));
            for (int i = 2; i < 10; i++) world.Stream.SendMultipart("fast", $"{i}"); // one at a time has room
        });
        world.Loop.CallLater(2, () => world.Socket.FullPeers.Clear());
        world.Loop.CallLater(3, () => Assert.True(world.Stream.TrySend(new Message("slow", "3"))));
        world.Stream.OnSend(null);
        world.Loop.CallLater(0.5, () => Assert.Equal(["fast|1"], world.Socket.Outbox));
        Exception? failed = Record.Exception(world.Run);
        Assert.Null(failed);
    }

    [Fact]
    public async Task SendAsync_to_the_slow_peer_waits_for_its_room_and_can_be_cancelled()
    {
        using StreamWorld world = Limited(SendQueueFullMode.Wait, perPeer: 1);
        using CancellationTokenSource cancel = new();
        world.Stream.SendMultipart("slow", "1");
        Task second = world.Stream.SendAsync(new Message("slow", "2"), cancel.Token);
        Task third = world.Stream.SendAsync(new Message("slow", "3"), CancellationToken.None);
        Task other = world.Stream.SendAsync(new Message("fast", "1"), CancellationToken.None);
        world.Loop.CallLater(1, () =>
        {
            Assert.True(other.IsCompletedSuccessfully);
            Assert.False(third.IsCompleted);
            cancel.Cancel();
            world.Socket.FullPeers.Clear();
        });
        world.Run();
        await third;
        Assert.True(second.IsCanceled);
        Assert.Equal(["fast|1", "slow|1", "slow|3"], world.Socket.Outbox);

        using StreamWorld strict = Limited(SendQueueFullMode.Throw, perPeer: 1);
        strict.Stream.SendMultipart("slow", "1");
        strict.Stream.Flush(); // it has been tried
        MessageNotSentException error = await Assert.ThrowsAsync<MessageNotSentException>(
            () => strict.Stream.SendAsync(new Message("slow", "2"), CancellationToken.None));
        Assert.Equal(NotSentReason.PeerQueueFull, error.Reason);
    }

    [Fact]
    public void A_peer_that_goes_has_room_again_for_its_next_life()
    {
        using StreamWorld world = Limited(SendQueueFullMode.Throw);
        world.Stream.SendMultipart("slow", "1");
        world.Stream.SendMultipart("slow", "2");
        world.Loop.CallLater(1, () => world.Socket.GonePeers.Add("slow"));
        world.Loop.CallLater(2, () =>
        {
            Assert.Equal(0, world.Stream.SendQueueLength);
            world.Socket.GonePeers.Clear();
            world.Socket.FullPeers.Clear();
            world.Stream.SendMultipart("slow", "3");
            world.Stream.SendMultipart("slow", "4");
        });
        world.Run();
        Assert.Equal(["slow|3", "slow|4"], world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void The_limit_of_the_queue_counts_beside_the_peers()
    {
        using StreamWorld world = Limited(SendQueueFullMode.DropOldest, perPeer: 3, limit: 4);
        world.Socket.FullPeers.Add("idle");
        for (int i = 1; i <= 4; i++)
        {
            world.Stream.SendMultipart("slow", $"{i}");
            world.Stream.SendMultipart("idle", $"{i}");
        }

        world.Loop.CallLater(1, () => world.Socket.FullPeers.Clear());
        world.Run();
        Assert.Equal(["slow|1 QueueFull", "idle|1 QueueFull", "slow|2 QueueFull", "idle|2 QueueFull"], world.Log[..4]);
        Assert.Equal(["slow|3", "slow|4", "idle|3", "idle|4"], world.Socket.Outbox.OrderByDescending(static text => text[..4]));
    }

    [Fact]
    public void What_is_dropped_behind_a_message_that_waits_for_its_peer_is_held_by_nobody()
    {
        using StreamWorld world = Limited(SendQueueFullMode.DropNewest);
        List<WeakReference> states = [];
        for (int i = 0; i < 100; i++) Send(world, states);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(2, world.Stream.SendQueueLength);
        Assert.InRange(states.Count(static state => state.IsAlive), 2, 4); // those that wait, and what a stack may show of the last

        // In a method of its own, so that none of it lies on the test's stack.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Send(StreamWorld world, List<WeakReference> states)
        {
            object state = new();
            states.Add(new WeakReference(state));
            world.Stream.Send(new Message("slow", "x"), (_, _) => GC.KeepAlive(state));
            world.Stream.Flush();
        }
    }

    [Fact]
    public void A_limit_for_each_peer_is_refused_where_messages_name_none()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket dealer = new(SocketType.Dealer);
        ArgumentException error =
            Assert.Throws<ArgumentException>(() => new ZMQStream(dealer, loop, new ZMQStreamOptions { MaxQueuedPerPeer = 10 }));
        Assert.Contains("ROUTER and STREAM; this is a Dealer", error.Message, StringComparison.Ordinal);
        using ScriptedSocket router = new(SocketType.Router);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZMQStream(router, loop, new ZMQStreamOptions { MaxQueuedPerPeer = 0 }));
        using ZMQStream stream = new(router, loop, new ZMQStreamOptions { MaxQueuedPerPeer = 1 });
    }
}
