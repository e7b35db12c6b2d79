namespace ZmqLoop.Streams.Tests;

/// <summary>What the scripted tests pin in order, once more over libzmq.</summary>
public sealed class RealContractTests
{
    [Fact]
    public void A_callback_that_throws_on_the_first_and_third_of_five_gets_all_and_is_reported_twice()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp: true);
        stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            if (message.Text() is "1" or "3") throw StreamWorld.Oops;
        });
        for (int i = 1; i <= 5; i++) RealWorld.Send(peer, $"{i}");
        world.RunUntil(() => world.Log.Count == 5);
        Assert.Equal(["1", "2", "3", "4", "5"], world.Log);
        Assert.Equal(["1", "3"], world.Loop.Errors.Select(error => ((Message)error.Origin.Item!).Text()));
        Assert.All(world.Loop.Errors, error => Assert.Same(stream, error.Origin.Owner));
        Assert.False(stream.IsClosed);
    }

    [Fact]
    public void Pausing_inside_a_callback_stops_a_flush_at_once_and_the_others_come_later()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        for (int i = 1; i <= 5; i++) RealWorld.Send(peer, $"{i}");
        stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            stream.StopOnRecv();
        });
        Assert.Equal(1, stream.Flush());
        Assert.Equal(["1"], world.Log);
        world.LogReceived(stream);
        world.RunUntil(() => world.Log.Count == 5);
        Assert.Equal(["1", "2", "3", "4", "5"], world.Log);
    }

    [Fact]
    public void A_flush_sends_the_replies_it_provokes_and_handles_no_more_than_its_limit()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Dealer, SocketType.Dealer);
        for (int i = 1; i <= 3; i++) RealWorld.Send(peer, $"{i}");
        stream.OnRecv(request => stream.Send(request));
        Assert.Equal(2, stream.Flush(limit: 2));
        Assert.Equal(4, stream.Flush());
        for (int i = 1; i <= 3; i++) Assert.Equal($"{i}", RealWorld.Receive(peer));
    }

    [Fact]
    public void Each_send_has_its_own_callback_and_what_the_caller_changes_later_changes_nothing()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Push, SocketType.Pull);
        stream.OnSend((message, _) => world.Log.Add("stream " + message.Text()));
        byte[] bytes = "a"u8.ToArray();
        Message first = new(bytes);
        stream.Send(first, (message, _) => world.Log.Add("own " + message.Text()));
        bytes[0] = (byte)'x';
        first.Append("y");
        stream.Send("b");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["own a", "stream b"], world.Log);
        Assert.Equal("a", RealWorld.Receive(peer));
        Assert.Equal("b", RealWorld.Receive(peer));
    }

    [Fact]
    public void A_bounded_queue_without_a_peer_keeps_the_newest_and_delivers_them_when_one_comes()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push, new ZMQStreamOptions { SendQueueLimit = 3, SendQueueFullMode = SendQueueFullMode.DropOldest });
        string name = RealWorld.Inproc();
        stream.Bind(name);
        int dropped = 0;
        stream.OnSend((_, error) => dropped += error is MessageNotSentException ? 1 : 0);
        for (int i = 0; i < 10; i++) stream.Send($"{i}");
        world.RunUntil(() => dropped == 7);
        ZMQSocket peer = world.Socket(SocketType.Pull);
        peer.Connect(name);
        world.RunUntil(() => !stream.IsSending);
        foreach (string expected in (string[])["7", "8", "9"]) Assert.Equal(expected, RealWorld.Receive(peer));
        Assert.Equal(7, stream.DroppedMessages);
    }

    [Fact]
    public void Closing_reports_what_was_not_sent_then_calls_back_once_and_refuses_what_comes_later()
    {
        using RealWorld world = new();
        ZMQStream stream = new(world.Engine.CreateSocket(SocketType.Push), world.Loop); // to nobody
        Assert.Equal(TimeSpan.FromSeconds(1), stream.Socket.Linger);
        stream.SetCloseCallback(() => world.Log.Add("closed"));
        stream.Send("1", (_, error) => world.Log.Add(error!.GetType().Name));
        Deadline.RunUntil(world.Loop, () => true);
        stream.Close();
        stream.Close();
        Assert.Equal(["ObjectDisposedException", "closed"], world.Log);
        Assert.Throws<ObjectDisposedException>(() => stream.Send("2"));
    }

    [Fact]
    public void A_control_stream_with_priority_is_served_before_the_flooded_one_that_is_ready_with_it()
    {
        using RealWorld world = new();
        (ZMQStream work, ZMQSocket flood) = world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { MessagesPerTurn = 5 });
        (ZMQStream control, ZMQSocket chief) = world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { Priority = 1 });
        for (int i = 0; i < 100; i++) RealWorld.Send(flood, "work");
        RealWorld.Send(chief, "control");
        world.LogReceived(work);
        world.LogReceived(control);
        world.RunUntil(() => world.Log.Count == 101);
        Assert.Equal("control", world.Log[0]);
    }

    [Fact]
    public async Task A_drain_sends_what_is_queued_and_cancels_the_handler_it_waits_for()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Dealer, SocketType.Dealer);
        RealWorld.Send(peer, "request");
        Task? closed = null;
        stream.OnRecv(async (request, closing) =>
        {
            stream.Send("reply");
            closed = stream.CloseAsync(Deadline.Default);
            Assert.Throws<ObjectDisposedException>(() => stream.Send("late"));
            await Task.Delay(Timeout.Infinite, closing);
        });
        world.RunUntil(() => closed is { IsCompleted: true });
        await closed!;
        Assert.Equal("reply", RealWorld.Receive(peer));
        Assert.Empty(world.Loop.Errors);
    }
}
