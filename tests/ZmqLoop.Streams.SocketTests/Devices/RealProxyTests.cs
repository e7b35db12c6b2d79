namespace ZmqLoop.Streams.SocketTests;

/// <summary>Proxies between real sockets, with the rows of pyzmq's test_monqueue, test_device and test_proxy_steerable.</summary>
public sealed class RealProxyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Requests_of_many_clients_go_to_workers_and_each_reply_comes_back_to_its_client(bool tcp)
    {
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.Router, tcp);
        (ZMQSocket back, string backend) = Bound(world, SocketType.Dealer, tcp);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        ZMQStream[] clients = [.. Enumerable.Range(0, 5).Select(_ => Connected(world, SocketType.Req, frontend))];
        ZMQStream[] workers = [.. Enumerable.Range(0, 2).Select(_ => Connected(world, SocketType.Rep, backend))];
        foreach (ZMQStream worker in workers) worker.OnRecv(request => worker.Send("re: " + request.Text()));
        for (int i = 0; i < clients.Length; i++)
        {
            int client = i;
            int round = 0;
            clients[i].OnRecv(reply =>
            {
                world.Log.Add(reply.Text());
                if (++round < 10) clients[client].Send($"{client}.{round}");
            });
            clients[i].Send($"{i}.0");
        }

        world.RunUntil(() => world.Log.Count == 50);
        Assert.Equal(
            Enumerable.Range(0, 50).Select(static n => $"re: {n / 10}.{n % 10}").Order(StringComparer.Ordinal),
            world.Log.Order(StringComparer.Ordinal));
        Assert.Equal((50, 50), (proxy.Statistics.MessagesIn, proxy.Statistics.MessagesOut));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Subscriptions_flow_upstream_and_what_nobody_wants_does_not_come()
    {
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.XSub, tcp: true);
        (ZMQSocket back, string backend) = Bound(world, SocketType.XPub, tcp: true);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        ZMQStream publisher = world.Stream(SocketType.XPub);
        publisher.Connect(frontend);
        ZMQStream subscriber = Connected(world, SocketType.Sub, backend);
        List<string> subscriptions = [];
        publisher.OnRecv(message => subscriptions.Add(message.Text()));
        world.LogReceived(subscriber);
        subscriber.Subscribe("news");
        world.RunUntil(() => subscriptions.Count == 1);
        Assert.Equal("\u0001news", subscriptions[0]);
        publisher.SendMultipart("other", "0");
        publisher.SendMultipart("news", "1");
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Equal(["news|1"], world.Log);
        subscriber.Socket.Unsubscribe("news");
        world.RunUntil(() => subscriptions.Count == 2);
        Assert.Equal("\0news", subscriptions[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_slow_worker_is_felt_by_the_source_and_nothing_is_lost(bool tcp)
    {
        const int Count = 2_000;
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.Pull, tcp, static socket => socket.ReceiveHighWaterMark = 5);
        (ZMQSocket back, string backend) = Bound(world, SocketType.Push, tcp, static socket => socket.SendHighWaterMark = 5);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        ZMQSocket source = world.Socket(SocketType.Push);
        source.SendHighWaterMark = 5;
        source.Connect(frontend);
        byte[] big = new byte[16 * 1024]; // so that what the system's own buffers take is little beside the whole
        int sent = 0;
        Deadline.RunUntil(world.Loop, () => TrySendOne() || sent > 0); // connected
        bool stuck = false;
        world.Loop.CallLater(TimeSpan.FromMilliseconds(200), () => stuck = true);
        world.RunUntil(() =>
        {
            while (sent < Count && TrySendOne())
            {
            }

            return stuck;
        });
        Assert.InRange(sent, 1, Count - 1); // the source felt it

        ZMQSocket worker = world.Socket(SocketType.Pull);
        worker.ReceiveHighWaterMark = 5;
        worker.Connect(backend);
        List<int> got = [];
        world.RunUntil(() =>
        {
            while (worker.TryReceive(out Message? message))
                got.Add(int.Parse(message[0].ToText(), System.Globalization.CultureInfo.InvariantCulture));
            while (sent < Count && TrySendOne())
            {
            }

            return got.Count == Count;
        });
        Assert.Equal(Enumerable.Range(0, Count), got);

        bool TrySendOne()
        {
            if (!source.TrySend(new Message($"{sent}", Frame.Own(big)))) return false;
            sent++;
            return true;
        }
    }

    [Fact]
    public void A_flood_does_not_keep_timers_and_other_streams_from_their_turn()
    {
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.Pull, tcp: false, static socket => socket.ReceiveHighWaterMark = 0);
        (ZMQSocket back, string backend) = Bound(world, SocketType.Push, tcp: false, static socket => socket.SendHighWaterMark = 0);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        ZMQSocket source = world.Socket(SocketType.Push);
        ZMQSocket worker = world.Socket(SocketType.Pull);
        (source.SendHighWaterMark, worker.ReceiveHighWaterMark) = (0, 0);
        source.Connect(frontend);
        worker.Connect(backend);
        for (int i = 0; i < 50_000; i++) RealWorld.Send(source, "x");
        (ZMQStream other, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        long atTimer = -1;
        long atMessage = -1;
        world.Loop.AddCallback(() => world.Loop.AddCallback(() => atTimer = proxy.Statistics.MessagesIn));
        other.OnRecv(_ => atMessage = proxy.Statistics.MessagesIn);
        RealWorld.Send(peer, "1");
        world.RunUntil(() => proxy.Statistics.MessagesIn == 50_000);
        Assert.InRange(atTimer, 0, 256);
        Assert.InRange(atMessage, 0, 512);
    }

    [Fact]
    public void Long_frames_are_forwarded_without_a_copy()
    {
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.Pull, tcp: false);
        (ZMQSocket back, string backend) = Bound(world, SocketType.Push, tcp: false);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        ZMQSocket source = world.Socket(SocketType.Push);
        ZMQSocket worker = world.Socket(SocketType.Pull);
        source.Connect(frontend);
        worker.Connect(backend);
        Message big = new(Frame.Own(new byte[1_000_000]));
        Message received = new();
        RealWorld.Send(source, "warm");
        world.RunUntil(() => worker.TryReceive(received));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Deadline.WaitUntil(() => source.TrySend(big));
            world.RunUntil(() => worker.TryReceive(received));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000); // 20 frames of a million bytes
    }

    [Theory]
    [InlineData("in", "out", "")]
    [InlineData("foo", "bar", "")]
    [InlineData("in", "out", "out")]
    public void A_monitored_queue_tells_which_way_each_message_went(string inPrefix, string outPrefix, string subscription)
    {
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.Pair, tcp: true);
        (ZMQSocket back, string backend) = Bound(world, SocketType.Pair, tcp: true);
        (ZMQSocket monitor, string watched) = Bound(world, SocketType.XPub, tcp: true); // tells when the watcher is there
        ZMQSocket alice = world.Socket(SocketType.Pair);
        ZMQSocket bob = world.Socket(SocketType.Pair);
        alice.Connect(frontend);
        bob.Connect(backend);
        ZMQSocket watcher = world.Socket(SocketType.Sub);
        watcher.Subscribe(subscription);
        watcher.Connect(watched);
        Deadline.WaitUntil(() => monitor.TryReceive(out _));
        using ZMQProxy proxy = ZMQProxy.MonitoredQueue(front, back, monitor, inPrefix, outPrefix, world.Loop);
        List<string> bobs = [];
        List<string> alices = [];
        List<string> seen = [];
        RealWorld.Send(alice, "hello", "bob");
        RealWorld.Send(alice, "hello", "again");
        Collect(world, bob, bobs, 2);
        RealWorld.Send(bob, "hello", "alice");
        Collect(world, alice, alices, 1);
        Collect(world, watcher, seen, subscription.Length == 0 ? 3 : 1);
        Assert.Equal(["hello|bob", "hello|again"], bobs);
        Assert.Equal(["hello|alice"], alices);
        string[] all = [$"{inPrefix}|hello|bob", $"{inPrefix}|hello|again", $"{outPrefix}|hello|alice"];
        Assert.Equal(all.Where(line => line.StartsWith(subscription, StringComparison.Ordinal)), seen);
    }

    [Fact]
    public void Two_DEALERs_reach_each_other_by_name_through_two_ROUTERs()
    {
        using RealWorld world = new();
        (ZMQSocket front, string frontend) = Bound(world, SocketType.Router, tcp: true, static socket => socket.RouterMandatory = true);
        (ZMQSocket back, string backend) = Bound(world, SocketType.Router, tcp: true, static socket => socket.RouterMandatory = true);
        using ZMQProxy proxy = ZMQProxy.MonitoredQueue(front, back, world.Socket(SocketType.Pub), loop: world.Loop);
        ZMQSocket a = Named("a", frontend);
        ZMQSocket b = Named("b", backend);
        List<string> atB = [];
        RealWorld.Send(a, "b", "hello", "there"); // cannot be routed until b is known
        int sent = 1;
        world.RunUntil(() =>
        {
            if (b.TryReceive(out Message? message)) atB.Add(message.Text());
            else if (proxy.UnroutableMessages == sent && atB.Count == 0)
            {
                sent++;
                RealWorld.Send(a, "b", "hello", "there");
            }

            return atB.Count > 0;
        });
        Assert.Equal("a|hello|there", atB[0]);
        RealWorld.Send(b, "a", "hello", "back");
        List<string> atA = [];
        Collect(world, a, atA, 1);
        Assert.Equal("b|hello|back", atA[0]);

        ZMQSocket Named(string name, string endpoint)
        {
            ZMQSocket socket = world.Socket(SocketType.Dealer);
            socket.RoutingId = System.Text.Encoding.UTF8.GetBytes(name);
            socket.Connect(endpoint);
            return socket;
        }
    }

    [Fact]
    public void A_socket_alone_gives_back_what_it_gets()
    {
        using RealWorld world = new();
        (ZMQSocket rep, string endpoint) = Bound(world, SocketType.Rep, tcp: true);
        using ZMQProxy proxy = new(rep, rep, loop: world.Loop);
        ZMQStream client = Connected(world, SocketType.Req, endpoint);
        world.LogReceived(client);
        client.SendMultipart("a", "b");
        world.RunUntil(() => world.Log.Count == 1);
        client.Send("again");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["a|b", "again"], world.Log);
        Assert.Equal(2, proxy.Statistics.MessagesIn);
    }

    [Fact]
    public void A_terminated_context_ends_the_loop_quietly_and_the_proxy_closes_after_it()
    {
        using RealWorld world = new();
        (ZMQSocket front, string _) = Bound(world, SocketType.Pull, tcp: false);
        (ZMQSocket back, string _) = Bound(world, SocketType.Push, tcp: false);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        world.Loop.AddCallback(() => EngineUnderTest.Current.Terminate(world.Engine));
        Deadline.Run(world.Loop);
        proxy.Close();
        Assert.True(proxy.Completion.IsCompletedSuccessfully);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_proxy_over_a_socket_of_another_loops_stream_names_both(int which)
    {
        using RealWorld world = new();
        using ZMQIOLoop other = new(world.Engine, new IOLoopOptions { MakeCurrent = false });
        ZMQSocket[] sockets = [world.Socket(SocketType.Router), world.Socket(SocketType.Dealer), world.Socket(SocketType.Pub)];
        using ZMQStream stream = new(sockets[which], other, new ZMQStreamOptions { Name = "orders", LeaveOpen = true });
        InvalidOperationException error =
            Assert.Throws<InvalidOperationException>(() => new ZMQProxy(sockets[0], sockets[1], sockets[2], world.Loop));
        Assert.Contains("'orders'", error.Message, StringComparison.Ordinal);
        Assert.Contains(other.ToString()!, error.Message, StringComparison.Ordinal);
        stream.Close();
        using ZMQProxy proxy = new(sockets[0], sockets[1], sockets[2], world.Loop);
    }

    private static (ZMQSocket Socket, string Endpoint) Bound(RealWorld world, SocketType type, bool tcp, Action<ZMQSocket>? prepare = null)
    {
        ZMQSocket socket = world.Socket(type);
        prepare?.Invoke(socket);
        socket.Bind(tcp ? "tcp://127.0.0.1:*" : RealWorld.Inproc());
        return (socket, socket.LastEndpoint);
    }

    private static ZMQStream Connected(RealWorld world, SocketType type, string endpoint)
    {
        ZMQStream stream = world.Stream(type);
        stream.Connect(endpoint);
        return stream;
    }

    private static void Collect(RealWorld world, ZMQSocket socket, List<string> messages, int count) => world.RunUntil(() =>
    {
        while (socket.TryReceive(out Message? message)) messages.Add(message.Text());
        return messages.Count >= count;
    });
}
