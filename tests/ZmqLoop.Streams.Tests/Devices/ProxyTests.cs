namespace ZmqLoop.Streams.Tests;

public sealed class ProxyTests
{
    [Fact]
    public void The_open_ones_can_be_asked_for_with_their_names_and_one_that_is_held_up_says_so()
    {
        using ProxyWorld world = new(options: new ProxyOptions { Name = "broker" });
        using ProxyWorld other = new();
        Assert.Equal([world.Proxy], ZMQProxy.GetOpenProxies(world.Loop));
        Assert.Subset(ZMQProxy.GetOpenProxies().ToHashSet(), new HashSet<ZMQProxy> { world.Proxy, other.Proxy });
        Assert.Equal(("broker", false), (world.Proxy.Name, world.Proxy.IsHeldUp));
        world.Back.Room = 0;
        world.Front.Arrive("1");
        world.Loop.CallLater(1, () =>
        {
            Assert.True(world.Proxy.IsHeldUp);
            world.Back.Room = 10;
        });
        world.Run();
        Assert.Equal(["1"], world.Back.Outbox);
        world.Proxy.Dispose();
        Assert.Empty(ZMQProxy.GetOpenProxies(world.Loop));
    }

    [Fact]
    public void Messages_go_both_ways_whole_and_in_order()
    {
        using ProxyWorld world = new();
        world.Front.Arrive(new Message("a", "", "b"));
        world.Front.Arrive("2", "3");
        world.Back.Arrive(new Message("", "x"));
        world.Run();
        Assert.Equal(["a||b", "2", "3"], world.Back.Outbox);
        Assert.Equal(["|x"], world.Front.Outbox);
        Assert.Equal(new ProxyStatistics(3, 4, 1, 1, 0), world.Proxy.Statistics);
    }

    [Fact]
    public void Where_the_other_side_has_no_room_nothing_is_taken_and_all_goes_on_when_it_has()
    {
        using ProxyWorld world = new();
        world.Back.Room = 2;
        world.Front.Arrive("1", "2", "3", "4");
        world.Back.Arrive("x"); // the other way is not held up
        world.Run();
        Assert.Equal(["1", "2"], world.Back.Outbox);
        Assert.Equal(2, world.Front.Waiting);
        Assert.Equal(["x"], world.Front.Outbox);
        world.Back.Room = 1;
        world.Run();
        Assert.Equal(1, world.Front.Waiting);
        world.Back.Room = int.MaxValue;
        world.Run();
        Assert.Equal(["1", "2", "3", "4"], world.Back.Outbox);
        Assert.Empty(world.Errors);
    }

    [Fact]
    public void A_full_side_does_not_make_the_loop_spin()
    {
        using ProxyWorld world = new();
        world.Back.Room = 0;
        world.Front.Room = 0;
        world.Front.Arrive("1");
        world.Back.Arrive("2");
        world.Run();
        int polls = world.Loop.Poller.Polls.Count;
        Assert.InRange(polls, 1, 5);
        Assert.Equal((1, 1), (world.Front.Waiting, world.Back.Waiting));
    }

    [Fact]
    public void A_peer_without_room_behind_a_socket_that_calls_itself_writable_is_tried_again_and_its_message_comes_first()
    {
        using ProxyWorld world = new(SocketType.Dealer, SocketType.Router);
        world.Back.AlwaysSaysWritable = true;
        world.Back.Room = 1;
        world.Front.Arrive("1", "2", "3");
        world.Loop.CallLater(1, () => world.Back.Room = int.MaxValue);
        world.Run();
        Assert.Equal(["1", "2", "3"], world.Back.Outbox);
        Assert.InRange(world.Loop.Poller.Polls.Count, 2, 50); // every 50 ms for a second, and not all the time
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sign_of_activity_on_either_side_wakes_the_message_that_waits_for_it(bool outward)
    {
        using ProxyWorld world = new(SocketType.Router, SocketType.Router);
        ScriptedSocket target = outward ? world.Back : world.Front;
        target.AlwaysSaysWritable = true;
        target.Room = 0;
        (outward ? world.Front : world.Back).Arrive(new Message("from", "to", "1"));
        world.Loop.CallLater(TimeSpan.FromMilliseconds(6), () =>
        {
            target.Room = 1;
            world.Loop.Poller.Fire(target, IOEvents.Activity);
        });
        world.Loop.CallLater(TimeSpan.FromMilliseconds(7), () => Assert.Equal(["to|from|1"], target.Outbox));
        world.Run();
        Assert.Empty(world.Errors);
    }

    [Fact]
    public void At_most_a_budget_of_messages_goes_through_before_others_get_their_turn()
    {
        using ProxyWorld world = new(options: new ProxyOptions { MessagesPerTurn = 10 });
        for (int i = 0; i < 100; i++) world.Front.Arrive($"{i}");
        List<int> seen = [];
        Look();
        world.Run();
        Assert.All(seen.Zip(seen.Skip(1)), static pair => Assert.InRange(pair.Second - pair.First, 0, 10));
        Assert.Equal(MessageText.Numbers(100), world.Back.Outbox);

        void Look()
        {
            seen.Add(world.Back.Outbox.Count);
            if (seen[^1] < 100) world.Loop.AddCallback(Look);
        }
    }

    [Fact]
    public void A_budget_counts_bytes_too()
    {
        using ProxyWorld world = new(options: new ProxyOptions { BytesPerTurn = 25 });
        for (int i = 0; i < 6; i++) world.Front.Arrive("ten bytes!");
        int first = -1;
        world.Loop.AddCallback(() => world.Loop.AddCallback(() => first = world.Back.Outbox.Count));
        world.Run();
        Assert.Equal(3, first); // the message that reaches the limit included
        Assert.Equal(6, world.Back.Outbox.Count);
    }

    [Fact]
    public void What_a_socket_refuses_is_reported_with_its_message_and_the_next_one_goes()
    {
        using ProxyWorld world = new();
        world.Back.FailSend(2, StreamWorld.Oops);
        world.Front.FailReceive(4, new InvalidOperationException("cannot receive"));
        world.Front.Arrive("1", "2", "3", "4");
        List<string> lost = [];
        world.Loop.OnError = _ =>
        {
            if (world.Loop.Errors[^1].Origin.Item is Message message) lost.Add(message.Text()); // the reporter's until it returns
        };
        world.Run();
        Assert.Equal(["1", "3", "4"], world.Back.Outbox);
        Assert.Equal(["oops", "cannot receive"], world.Errors);
        Assert.Same(world.Proxy, world.Loop.Errors[0].Origin.Owner);
        Assert.Equal(["2"], lost);
    }

    [Fact]
    public void Paused_it_takes_nothing_and_resumed_it_goes_on()
    {
        using ProxyWorld world = new();
        world.Front.Arrive("1");
        world.Run();
        world.Proxy.Pause();
        world.Front.Arrive("2");
        world.Back.Arrive("3");
        world.Run();
        Assert.True(world.Proxy.IsPaused);
        Assert.Equal((1, 1), (world.Front.Waiting, world.Back.Waiting));
        world.Proxy.Resume();
        world.Run();
        Assert.Equal(["1", "2"], world.Back.Outbox);
        Assert.Equal(["3"], world.Front.Outbox);
    }

    [Fact]
    public void Closing_closes_the_sockets_once_and_a_message_in_hand_is_tried_once_more()
    {
        using ProxyWorld world = new(SocketType.Dealer, SocketType.Router, capture: true);
        TakeOneInHand(world);
        world.Back.Room = 1;
        world.Proxy.Close(TimeSpan.FromSeconds(3));
        world.Proxy.Close();
        Assert.Equal(["1"], world.Back.Outbox);
        Assert.Equal(TimeSpan.FromSeconds(3), world.Front.ClosedWithLinger);
        Assert.True(world.Front.IsClosed && world.Back.IsClosed && world.CaptureSocket!.IsClosed && world.Proxy.IsClosed);
        Assert.True(world.Proxy.Completion.IsCompletedSuccessfully);
        Assert.Empty(world.Errors);
        world.Proxy.Pause();
        world.Proxy.Resume();
        world.Run();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_loops_end_is_the_proxys_also_where_closing_was_asked_for_and_the_loop_never_came_to_it(bool isAskedFor)
    {
        using ProxyWorld world = new(SocketType.Dealer, SocketType.Router, capture: true);
        world.Loop.AddCallback(() =>
        {
            if (isAskedFor) Deadline.RunThread(() => world.Proxy.Close());
            world.Loop.Stop();
        });
        world.Run();
        Assert.False(world.Proxy.Completion.IsCompleted);
        world.Loop.Close();
        Assert.True(world.Proxy.Completion.IsCompletedSuccessfully);
        Assert.True(world.Front.IsClosed && world.Back.IsClosed && world.CaptureSocket!.IsClosed);
        Assert.Empty(world.Errors);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("socket")]
    [InlineData("loop")]
    public void A_message_in_hand_that_cannot_be_given_any_more_is_reported(string how)
    {
        using ProxyWorld world = new(SocketType.Dealer, SocketType.Router);
        TakeOneInHand(world);
        world.Loop.OnError = _ => Assert.IsType<Message>(world.Loop.Errors[^1].Origin.Item).Keep();
        if (how == "socket")
        {
            world.Back.Close(TimeSpan.Zero);
            world.Run();
        }
        else if (how == "loop")
        {
            world.Loop.Close(allFds: true);
        }

        world.Proxy.Close();
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.IsType<ObjectDisposedException>(error);
        Assert.Equal("1", Assert.IsType<Message>(origin.Item).Text());
    }

    [Fact]
    public void A_message_in_hand_whose_peer_goes_is_counted_and_the_next_go_on()
    {
        using ProxyWorld world = new(SocketType.Dealer, SocketType.Router);
        TakeOneInHand(world);
        world.Back.AlwaysSaysWritable = false; // no peer has room, so the socket is silent for ever
        world.Front.Arrive("2");
        world.Loop.CallLater(1, () =>
        {
            world.Back.GonePeers.Add("1");
            world.Loop.CallLater(1, () => world.Back.Room = 1);
        });
        world.Run();
        Assert.Equal(1, world.Proxy.UnroutableMessages);
        Assert.Equal(["2"], world.Back.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_context_that_ends_while_a_message_is_tried_again_is_no_error()
    {
        using ScriptedEngine engine = new();
        using ScriptedLoop loop = new();
        using ScriptedSocket front = new(SocketType.Dealer);
        using ScriptedSocket back = new(SocketType.Router, engine) { AlwaysSaysWritable = true, Room = 0 };
        using ZMQProxy proxy = new(front, back, loop: loop);
        front.Arrive("1");
        loop.CallLater(0.001, loop.Stop);
        loop.RunUntilIdle();
        engine.Dispose();
        loop.RemoveHandler(back); // whose poller would say the same
        loop.RunUntilIdle();
        Assert.Empty(loop.Errors);
    }

    [Fact]
    public void The_capture_socket_sees_each_message_that_went_through_with_its_way_before_it()
    {
        using ProxyWorld world = new(options: new ProxyOptions { InPrefix = "in", OutPrefix = "out" }, capture: true);
        world.Back.FailSend(2, StreamWorld.Oops);
        world.Front.Arrive("1", "refused", "2");
        world.Back.Arrive(new Message("a", "b"));
        world.Run();
        Assert.Equal(["in|1", "in|2", "out|a|b"], world.CaptureSocket!.Outbox.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_prefixes_the_capture_socket_gets_the_messages_as_they_are()
    {
        using ProxyWorld world = new(capture: true);
        world.Front.Arrive(new Message("a", "", "b"));
        world.Run();
        Assert.Equal(["a||b"], world.CaptureSocket!.Outbox);
        Assert.Equal(["a||b"], world.Back.Outbox);
    }

    [Fact]
    public void A_capture_socket_without_room_or_closed_holds_nobody_up_and_is_counted()
    {
        using ProxyWorld world = new(capture: true);
        world.CaptureSocket!.Room = 1;
        world.CaptureSocket.FailSend(3, StreamWorld.Oops);
        world.Front.Arrive("1", "2", "3");
        world.Run();
        world.CaptureSocket.Close(TimeSpan.Zero);
        world.Front.Arrive("4");
        world.Run();
        Assert.Equal(["1", "2", "3", "4"], world.Back.Outbox);
        Assert.Equal(3, world.Proxy.Statistics.CaptureDropped);
        Assert.Equal(["oops"], world.Errors);
    }

    [Fact]
    public void Two_ROUTERs_name_each_others_peers()
    {
        using ProxyWorld world = new(SocketType.Router, SocketType.Router, new ProxyOptions { InPrefix = "in" }, capture: true);
        world.Front.Arrive(new Message("alice", "bob", "hello"));
        world.Front.Arrive(new Message("nobody else"));
        world.Front.Arrive(new Message("alice", "bob", "again"));
        world.Run();
        Assert.Equal(["bob|alice|hello", "bob|alice|again"], world.Back.Outbox);
        Assert.Equal(["in|bob|alice|hello", "in|bob|alice|again"], world.CaptureSocket!.Outbox);
        Assert.Contains("ROUTER", Assert.Single(world.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void For_logs_it_says_between_which_sockets_it_stands_and_how()
    {
        using ProxyWorld world = new();
        Assert.Equal("Proxy between scripted DEALER and scripted DEALER", world.Proxy.ToString());
        world.Proxy.Pause();
        Assert.EndsWith(", paused", world.Proxy.ToString(), StringComparison.Ordinal);
        world.Proxy.Close();
        Assert.EndsWith(", closed", world.Proxy.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_that_cannot_be_used_are_refused_and_nothing_has_changed()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket free = new();
        using ScriptedSocket other = new();
        using ScriptedSocket owned = new();
        using ScriptedSocket closed = new();
        closed.Close();
        using ZMQStream owner = new(owned, loop);
        Assert.Throws<InvalidOperationException>(() => new ZMQProxy(free, owned, loop: loop));
        Assert.Throws<InvalidOperationException>(() => new ZMQProxy(owned, free, loop: loop));
        Assert.Throws<InvalidOperationException>(() => new ZMQProxy(free, other));
        Assert.Throws<ObjectDisposedException>(() => new ZMQProxy(free, closed, loop: loop));
        Assert.Throws<ObjectDisposedException>(() => new ZMQProxy(free, other, closed, loop));
        Assert.Throws<ArgumentException>(() => new ZMQProxy(free, other, free, loop));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new ZMQProxy(free, other, loop: loop, options: new ProxyOptions { MessagesPerTurn = 0 }));
        Assert.Throws<ArgumentNullException>(() => ZMQProxy.MonitoredQueue(free, other, null!, loop: loop));
        Assert.Throws<ArgumentNullException>(() => new ZMQProxy(null!, other, loop: loop));
        using ZMQProxy proxy = new(free, other, loop: loop); // still free
        free.Arrive("1");
        loop.RunUntilIdle();
        Assert.Equal(["1"], other.Outbox);
    }

    [Fact]
    public void Other_threads_pause_resume_and_close()
    {
        using ProxyWorld world = new();
        world.Loop.Poller.WaitForWake = true;
        world.Loop.AddCallback(() => ThreadPool.QueueUserWorkItem(_ =>
        {
            world.Proxy.Pause();
            world.Proxy.Resume();
            world.Front.Arrive("1");
            Deadline.WaitUntil(() => world.Proxy.Statistics.MessagesIn == 1);
            world.Proxy.Close();
            Deadline.WaitUntil(() => world.Proxy.IsClosed);
            world.Loop.Stop();
        }));
        world.Run();
        Assert.Equal(["1"], world.Back.Outbox);
        Assert.Empty(world.Errors);
    }

    /// <summary>Has the proxy take "1" for a socket that calls itself writable, and has no room.</summary>
    private static void TakeOneInHand(ProxyWorld world)
    {
        world.Back.AlwaysSaysWritable = true;
        world.Back.Room = 0;
        world.Front.Arrive("1");
        world.Loop.CallLater(0.001, world.Loop.Stop);
        world.Run();
        Assert.Equal(0, world.Front.Waiting);
        Assert.Empty(world.Back.Outbox);
    }
}
