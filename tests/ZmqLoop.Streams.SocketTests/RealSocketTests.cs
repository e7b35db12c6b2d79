using System.Diagnostics;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>What depends on a real engine: native libzmq over inproc and tcp.</summary>
public sealed class RealSocketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_already_waiting_is_delivered_when_a_callback_is_registered(bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp);
        RealWorld.Send(peer, "a", "", "b");
        Deadline.WaitUntil(() => (stream.Socket.Events & IOEvents.Read) != 0);
        Deadline.RunUntil(world.Loop, () => true);
        world.LogReceived(stream);
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Equal(["a||b"], world.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_wakes_an_idle_loop(bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp);
        stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            world.Loop.Stop();
        });
        world.Loop.AddCallback(() => ThreadPool.QueueUserWorkItem(_ => RealWorld.Send(peer, "1")));
        Deadline.Run(world.Loop);
        Assert.Equal(["1"], world.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_of_callbacks_without_end_keeps_neither_messages_nor_timers_away(bool tcp)
    {
        const int Messages = 20;
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp);
        world.LogReceived(stream);
        int ticks = 0;
        PeriodicCallback timer = new(() => ticks++, TimeSpan.FromMilliseconds(1), world.Loop);
        timer.Start();
        Action hop = null!;
        hop = () => world.Loop.AddCallback(hop); // the loop never sleeps
        world.Loop.AddCallback(hop);
        for (int i = 1; i <= Messages; i++)
        {
            Deadline.RunThread(() => RealWorld.Send(peer, "1"));
            world.RunUntil(() => world.Log.Count == i && ticks >= i);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sleeping_loop_that_hears_of_a_new_peer_first_still_hears_of_its_message(bool tcp)
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Pull);
        ZMQSocket peer = world.Socket(SocketType.Push);
        stream.Bind(tcp ? "tcp://127.0.0.1:*" : RealWorld.Inproc());
        string endpoint = stream.Socket.LastEndpoint;
        stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            world.Loop.Stop();
        });
        Thread sender = new(() =>
        {
            peer.Connect(endpoint);
            long connected = Stopwatch.GetTimestamp(); // time enough for the loop to look at the connection, and to sleep again
            Deadline.WaitUntil(() => Stopwatch.GetElapsedTime(connected) > TimeSpan.FromMilliseconds(50));
            RealWorld.Send(peer, "1");
        });
        world.Loop.AddCallback(sender.Start);
        Deadline.Run(world.Loop);
        sender.Join();
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public void An_async_callback_is_awaited_and_its_exception_is_reported_with_its_message()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        stream.OnRecv(async message =>
        {
            await Task.Yield();
            world.Log.Add(message.Text());
            throw StreamWorld.Oops;
        });
        RealWorld.Send(peer, "1");
        RealWorld.Send(peer, "2");
        world.RunUntil(() => world.Loop.Errors.Count == 2);
        Assert.Equal(["1", "2"], world.Log);
        Assert.Equal("2", Assert.IsType<Message>(world.Loop.Errors[1].Origin.Item).Text());
    }

    [Theory]
    [InlineData("send")]
    [InlineData("receive")]
    [InlineData("events")]
    [InlineData("set option")]
    [InlineData("get option")]
    [InlineData("connect")]
    [InlineData("disconnect")]
    [InlineData("native handle")]
    public void Using_the_socket_past_the_stream_loses_no_message(string use)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Dealer, SocketType.Dealer, tcp: true);
        world.LogReceived(stream);
        stream.Send("hello"); // the connection stands
        world.RunUntil(() => peer.TryReceive(out _));
        if (use == "disconnect") stream.Connect("tcp://127.0.0.1:10");
        string? taken = null;
        int turns = 0;
        world.Loop.AddCallback(() =>
        {
            RealWorld.Send(peer, "1");
            RealWorld.Send(peer, "2");
            ZMQSocket socket = stream.Socket;
            // Arrived for certain: the question swallows the edge, so each of the uses is asked after it.
            Deadline.WaitUntil(() => (socket.Events & IOEvents.Read) != 0);
            switch (use)
            {
                case "send": Assert.True(socket.TrySend(new Message("x"))); break;
                case "receive":
                    Assert.True(socket.TryReceive(out Message? message));
                    taken = message.Text();
                    Deadline.WaitUntil(() => (socket.Events & IOEvents.Read) != 0);
                    break;
                case "events": _ = socket.Events; break;
                case "set option": socket.Set(ZMQSocketOptions.SndHwm, 10); break;
                case "get option": _ = socket.Get(ZMQSocketOptions.SndHwm); break;
                case "connect": socket.Connect("tcp://127.0.0.1:9"); break;
                case "disconnect": socket.Disconnect("tcp://127.0.0.1:10"); break;
                default: EngineUnderTest.Current.HandOut(socket); break;
            }

            world.Loop.AddCallback(() =>
            {
                turns++;
                world.Loop.Stop();
            });
        });
        Deadline.Run(world.Loop);
        Assert.Equal(1, turns);
        Assert.Equal(taken is null ? "1" : "2", world.Log.FirstOrDefault()); // in that very turn
        world.RunUntil(() => world.Log.Count == (taken is null ? 2 : 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Streams_of_REQ_and_REP_keep_step_also_when_two_requests_are_sent_in_a_row(bool tcp)
    {
        using RealWorld world = new();
        ZMQStream client = world.Stream(SocketType.Req);
        ZMQStream server = world.Stream(SocketType.Rep);
        if (tcp)
        {
            client.Connect($"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}");
        }
        else
        {
            string name = RealWorld.Inproc();
            server.Bind(name);
            client.Connect(name);
        }

        server.OnRecv(message => world.Loop.CallLater(TimeSpan.FromMilliseconds(1), () => server.Send("re: " + message.Text())));
        world.LogReceived(client);
        for (int i = 0; i < 5; i++) client.Send($"{i}");
        world.RunUntil(() => world.Log.Count == 5);
        Assert.Equal(["re: 0", "re: 1", "re: 2", "re: 3", "re: 4"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_flush_of_REQ_and_REP_out_of_turn_does_nothing()
    {
        using RealWorld world = new();
        ZMQStream client = world.Stream(SocketType.Req);
        ZMQStream server = world.Stream(SocketType.Rep);
        string name = RealWorld.Inproc();
        server.Bind(name);
        client.Connect(name);
        world.LogReceived(client);
        world.LogReceived(server);
        Assert.Equal(0, client.Flush());
        client.Send("1");
        client.Send("2");
        Assert.Equal(1, client.Flush());
        Assert.Equal(1, server.Flush()); // and does not ask for a second request before the reply
        Assert.Equal(["1"], world.Log);
        server.Send("reply");
        Assert.Equal(1, server.Flush());
        Assert.Equal(2, client.Flush());
        Assert.Equal(["1", "reply"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void ROUTER_MANDATORY_with_an_unknown_peer_fails_that_send_and_the_next_goes()
    {
        using RealWorld world = new();
        ZMQStream router = world.Stream(SocketType.Router);
        ZMQSocket dealer = world.Socket(SocketType.Dealer);
        router.Socket.RouterMandatory = true;
        dealer.RoutingId = "known"u8.ToArray();
        string name = RealWorld.Inproc();
        router.Bind(name);
        dealer.Connect(name);
        RealWorld.Send(dealer, "hello");
        world.LogReceived(router);
        world.RunUntil(() => world.Log.Count == 1);

        ZMQErrorCode? code = null;
        router.Send(new Message("nobody", "1"), (_, error) => code = Assert.IsType<ZMQException>(error).Code);
        router.SendMultipart("known", "2");
        Task failed = router.SendAsync(new Message("nobody", "3"));
        world.RunUntil(() => code is not null && failed.IsCompleted);
        Assert.Equal(ZMQErrorCode.HostUnreachable, code);
        Assert.Equal(ZMQErrorCode.HostUnreachable, Assert.IsType<ZMQException>(failed.Exception!.InnerException).Code);
        Assert.Equal("2", RealWorld.Receive(dealer));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void What_a_PUSH_without_a_peer_was_given_goes_out_when_the_peer_arrives()
    {
        using RealWorld world = new();
        ZMQStream push = world.Stream(SocketType.Push);
        push.Socket.SendHighWaterMark = 1;
        string name = RealWorld.Inproc();
        push.Bind(name);
        int sent = 0;
        push.OnSend((_, error) => sent += error is null ? 1 : 100);
        for (int i = 0; i < 50; i++) push.Send($"{i}");
        Deadline.RunUntil(world.Loop, () => true);
        Assert.Equal(50, push.SendQueueLength);
        Assert.Equal(0, sent);

        ZMQSocket pull = world.Socket(SocketType.Pull);
        pull.ReceiveHighWaterMark = 1;
        pull.Connect(name);
        world.RunUntil(() =>
        {
            if (pull.TryReceive(out Message? message)) world.Log.Add(message.Text());
            return world.Log.Count == 50;
        });
        Assert.Equal(MessageText.Numbers(50), world.Log);
        Assert.Equal(50, sent);
    }

    [Theory]
    [InlineData(SocketType.Router)]
    [InlineData(SocketType.XPub)]
    public void A_socket_that_says_it_is_writable_at_its_high_water_mark_does_not_make_the_loop_spin(SocketType type)
    {
        if (type == SocketType.XPub) EngineUnderTest.Current.Need(Abilities.NoDrop);
        using RealWorld world = new();
        ZMQStream stream = world.Stream(type);
        ZMQSocket peer = world.Socket(type == SocketType.Router ? SocketType.Dealer : SocketType.Sub);
        stream.Socket.SendHighWaterMark = 1;
        peer.ReceiveHighWaterMark = 1;
        string name = RealWorld.Inproc();
        stream.Bind(name);
        if (type == SocketType.Router)
        {
            stream.Socket.RouterMandatory = true;
            peer.RoutingId = "peer"u8.ToArray();
            peer.Connect(name);
            RealWorld.Send(peer, "hello");
        }
        else
        {
            stream.Set(ZMQSocketOptions.XPubNoDrop, true);
            peer.Subscribe("");
            peer.Connect(name);
        }

        world.LogReceived(stream);
        world.RunUntil(() => world.Log.Count == 1);
        stream.StopOnRecv();
        for (int i = 0; i < 10; i++) stream.SendMultipart("peer", $"{i}");
        world.RunUntil(() => stream.SendQueueLength is > 0 and < 10);

        // A loop that spins makes thousands of polls while this timer waits; one that sleeps makes a few for its retries.
        int before = world.Polls;
        world.Loop.CallLater(TimeSpan.FromMilliseconds(100), world.Loop.Stop);
        Deadline.Run(world.Loop);
        Assert.InRange(world.Polls - before, 1, 100);

        List<string> got = [];
        world.RunUntil(() =>
        {
            if (peer.TryReceive(out Message? message)) got.Add(message[^1].ToText());
            return got.Count == 10;
        });
        Assert.Equal(MessageText.Numbers(10), got);
    }

    [Fact]
    public void A_terminated_context_ends_the_loop_quietly_with_messages_queued()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push);
        stream.Bind(RealWorld.Inproc());
        stream.OnSend((_, _) => world.Log.Add("sent"));
        stream.Send("1");
        world.Loop.AddCallback(() => EngineUnderTest.Current.Terminate(world.Engine));
        world.Loop.AddCallback(() => stream.Send("2"));
        world.Loop.Start();
        Assert.Empty(world.Loop.Errors);
        stream.Close();
        Assert.Equal(["sent", "sent"], world.Log); // both of them with the stream's end
        Assert.True(stream.IsClosed);
    }

    [Fact]
    public void A_socket_disposed_behind_the_streams_back_closes_it_once_and_a_new_one_gets_its_own_messages()
    {
        using RealWorld world = new();
        (ZMQStream gone, ZMQSocket _) = world.Pair(SocketType.Pair, SocketType.Pair);
        (ZMQStream other, ZMQSocket otherPeer) = world.Pair(SocketType.Pull, SocketType.Push);
        ZMQStream? fresh = null;
        gone.SetCloseCallback(() => world.Log.Add("closed"));
        world.LogReceived(gone);
        world.LogReceived(other);
        RealWorld.Send(otherPeer, "other");
        world.Loop.AddCallback(() =>
        {
            gone.Send("unsent", (_, error) => world.Log.Add(error!.GetType().Name));
            gone.Socket.Dispose();
            (fresh, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
            fresh.OnRecv(message => world.Log.Add("fresh " + message.Text()));
            RealWorld.Send(peer, "1");
        });
        world.RunUntil(() => world.Log.Count == 4);
        Assert.Equal(["ObjectDisposedException", "closed", "fresh 1", "other"], world.Log.Order(StringComparer.Ordinal));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_slow_async_handler_lets_the_sender_feel_the_high_water_mark()
    {
        using RealWorld world = new();
        ZMQStream pull = world.Stream(SocketType.Pull);
        ZMQSocket push = world.Socket(SocketType.Push);
        pull.Socket.ReceiveHighWaterMark = 1;
        push.SendHighWaterMark = 1;
        string name = RealWorld.Inproc();
        pull.Bind(name);
        push.Connect(name);
        TaskCompletionSource gate = new();
        pull.OnRecv(async message =>
        {
            world.Log.Add(message.Text());
            await gate.Task;
        });
        int sent = 0;
        int tries = 0;
        using PeriodicCallback sending = new(() =>
        {
            while (push.TrySend(new Message($"{sent}"))) sent++;
            if (world.Log.Count > 0 && ++tries == 10) world.Loop.Stop(); // the handler is under way, and has been for ten turns
        }, TimeSpan.FromMilliseconds(1), world.Loop);
        sending.Start();
        Deadline.Run(world.Loop);
        sending.Stop();
        Assert.InRange(sent, 1, 5);
        Assert.Equal(["0"], world.Log);
        gate.SetResult();
        world.RunUntil(() => world.Log.Count == sent);
        Assert.Equal(MessageText.Numbers(sent), world.Log);
    }
}
