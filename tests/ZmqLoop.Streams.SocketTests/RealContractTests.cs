namespace ZmqLoop.Streams.SocketTests;

/// <summary>What the scripted tests pin in order, once more over libzmq.</summary>
public sealed class RealContractTests
{
    [Fact]
    public void A_linger_out_of_range_is_refused_and_a_close_in_range_ends_what_waits_and_frees_the_port()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push);
        int port = stream.BindToRandomPort("tcp://127.0.0.1");
        Task sending = stream.SendAsync(new Message("x"));
        Action refused =
            () => Assert.Equal("linger", Assert.Throws<ArgumentOutOfRangeException>(() => stream.Close(TimeSpan.FromDays(30))).ParamName);
        refused();
        Deadline.RunThread(refused);
        Assert.False(stream.IsClosed);
        world.Loop.AddCallback(() => stream.Close(TimeSpan.Zero));
        world.RunUntil(() => sending.IsCompleted && stream.Socket.IsClosed);
        Assert.IsType<ObjectDisposedException>(sending.Exception!.InnerException);
        ZMQSocket next = world.Socket(SocketType.Push);
        Deadline.WaitUntil(() => CanBind(next, $"tcp://127.0.0.1:{port}"));
    }

    private static bool CanBind(ZMQSocket socket, string endpoint)
    {
        try
        {
            socket.Bind(endpoint);
            return true;
        }
        catch (ZMQException error) when (error.Code == ZMQErrorCode.AddressInUse)
        {
            return false; // libzmq frees the port on a thread of its own
        }
    }

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
        ZMQStream stream =
            world.Stream(SocketType.Push, new ZMQStreamOptions { SendQueueLimit = 3, SendQueueFullMode = SendQueueFullMode.DropOldest });
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
        Assert.Equal(TimeSpan.FromSeconds(5), stream.Socket.Linger);
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
        (ZMQStream work, ZMQSocket flood) =
            world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { MessagesPerTurn = 5 });
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
            stream.Send("more"); // a handler that is waited for may still answer
            await new TaskCompletionSource().Task.WaitAsync(closing);
        });
        world.RunUntil(() => closed is { IsCompleted: true });
        await closed!;
        Assert.Equal("reply", RealWorld.Receive(peer));
        Assert.Equal("more", RealWorld.Receive(peer));
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_monitor_begun_between_a_messages_arrival_and_its_dispatch_does_not_hold_it_up(bool asStream)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Dealer, SocketType.Dealer, tcp: true);
        world.LogReceived(stream);
        stream.Send("hello"); // the connection stands
        world.RunUntil(() => peer.TryReceive(out _));
        int turns = 0;
        SocketMonitor? monitor = null;
        world.Loop.AddCallback(() =>
        {
            RealWorld.Send(peer, "1");
            Deadline.WaitUntil(() => (stream.Socket.Events & IOEvents.Read) != 0);
            if (asStream) monitor = new SocketMonitor(stream.Socket, world.Loop);
            else stream.Socket.Monitor().Close(TimeSpan.Zero);
            world.Loop.AddCallback(() =>
            {
                turns++;
                world.Loop.Stop();
            });
        });
        Deadline.Run(world.Loop);
        Assert.Equal((1, "1"), (turns, Assert.Single(world.Log))); // in that very turn
        monitor?.Dispose();
    }

    [Fact]
    public void With_50_000_requests_queued_on_one_stream_a_timer_and_a_second_stream_get_their_turn_within_a_budget()
    {
        const int Requests = 50_000;
        using RealWorld world = new();
        ZMQStream flooded = world.Stream(SocketType.Dealer);
        ZMQSocket flood = world.Socket(SocketType.Dealer);
        foreach (ZMQSocket socket in (ZMQSocket[])[flooded.Socket, flood]) (socket.SendHighWaterMark, socket.ReceiveHighWaterMark) = (0, 0);
        string name = RealWorld.Inproc();
        flooded.Bind(name);
        flood.Connect(name);
        for (int i = 0; i < Requests; i++) Assert.True(flood.TrySend(new Message("request")));
        (ZMQStream second, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        int budget = new ZMQStreamOptions().MessagesPerTurn;
        int received = 0;
        int sinceTimer = 0;
        int sinceSecond = 0;
        int mostForTimer = 0;
        int mostForSecond = 0;
        void Tick()
        {
            mostForTimer = Math.Max(mostForTimer, sinceTimer);
            sinceTimer = 0;
            if (received < Requests) world.Loop.CallLater(TimeSpan.Zero, Tick); // always due
        }

        world.Loop.CallLater(TimeSpan.Zero, Tick);
        second.OnRecv(_ =>
        {
            mostForSecond = Math.Max(mostForSecond, sinceSecond);
            sinceSecond = 0;
            RealWorld.Send(peer, "again"); // always ready
        });
        RealWorld.Send(peer, "first");
        flooded.OnRecv(request =>
        {
            received++;
            sinceTimer++;
            sinceSecond++;
            flooded.Send(request);
        }, copy: false);
        world.RunUntil(() => received == Requests && !flooded.IsSending);
        Assert.InRange(mostForTimer, 1, budget);
        Assert.InRange(mostForSecond, 1, 2 * budget); // the order of the two in a turn changes
    }

    [Fact]
    public void A_ROUTER_peer_that_does_not_read_holds_up_no_other_peer()
    {
        using RealWorld world = new();
        ZMQStream router = world.Stream(SocketType.Router);
        router.Socket.RouterMandatory = true;
        router.Socket.SendHighWaterMark = 1;
        string name = RealWorld.Inproc();
        router.Bind(name);
        ZMQSocket[] peers = [world.Socket(SocketType.Dealer), world.Socket(SocketType.Dealer)];
        string[] names = ["slow", "fast"];
        for (int i = 0; i < 2; i++)
        {
            peers[i].RoutingId = System.Text.Encoding.UTF8.GetBytes(names[i]);
            peers[i].ReceiveHighWaterMark = 1;
            peers[i].Connect(name);
            RealWorld.Send(peers[i], "hello");
        }

        int hellos = 0;
        router.OnRecv(_ => hellos++);
        world.RunUntil(() => hellos == 2);
        for (int i = 0; i < 100; i++)
        {
            router.SendMultipart("slow", $"{i}");
            router.SendMultipart("fast", $"{i}");
        }

        List<string> fast = [];
        world.RunUntil(() =>
        {
            while (peers[1].TryReceive(out Message? message)) fast.Add(message.Text());
            return fast.Count == 100;
        });
        Assert.InRange(router.SendQueueLength, 90, 100); // all of them the slow one's
        List<string> slow = [];
        world.RunUntil(() =>
        {
            while (peers[0].TryReceive(out Message? message)) slow.Add(message.Text());
            return slow.Count == 100;
        });
        Assert.Equal(MessageText.Numbers(100), fast);
        Assert.Equal(MessageText.Numbers(100), slow);
        Assert.Empty(world.Loop.Errors);
    }
}
