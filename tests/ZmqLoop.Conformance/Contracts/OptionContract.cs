namespace ZmqLoop.Conformance;

/// <summary>Options, security, monitors.</summary>
public abstract class OptionContract(EngineUnderTest subject) : EngineContract(subject)
{
    [Fact]
    public void What_is_set_can_be_read()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        Assert.Equal(TimeSpan.FromSeconds(5), socket.Linger);
        socket.SendHighWaterMark = 7;
        socket.ReceiveHighWaterMark = 8;
        Assert.Equal((7, 8), (socket.SendHighWaterMark, socket.ReceiveHighWaterMark));
        socket.HighWaterMark = 9;
        Assert.Equal((9, 9, 9), (socket.HighWaterMark, socket.SendHighWaterMark, socket.ReceiveHighWaterMark));
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.HighWaterMark = -1);
        Assert.Equal((9, 9), (socket.SendHighWaterMark, socket.ReceiveHighWaterMark));
        socket.RoutingId = [0, 255, 7];
        Assert.Equal([0, 255, 7], socket.RoutingId);
        socket.MaxMessageSize = 5L << 32;
        Assert.Equal(5L << 32, socket.MaxMessageSize);
        socket.Immediate = true;
        Assert.True(socket.Immediate);
        socket.Set(ZMQSocketOptions.Affinity, 3ul);
        Assert.Equal(3ul, socket.Get(ZMQSocketOptions.Affinity));
    }

    [Fact]
    public void Texts_are_UTF_8()
    {
        Need(Abilities.Plain);
        ZMQSocket socket = Make(SocketType.Dealer);
        socket.PlainUsername = "Zoë";
        Assert.Equal("Zoë", socket.PlainUsername);
    }

    [Fact]
    public void Wrong_values_are_refused()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        Assert.Throws<ArgumentNullException>(() => socket.RoutingId = null!);
        Assert.Throws<ArgumentException>(() => socket.CurveServerKey = new byte[31]);
        ZMQException error = Assert.Throws<ZMQException>(() => socket.RoutingId = new byte[300]);
        Assert.Equal(ZMQErrorCode.InvalidArgument, error.Code);
        Assert.Contains("ZMQ_ROUTING_ID", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Durations_beyond_what_an_option_can_hold_are_refused_alike()
    {
        ZMQSocket socket = Make(SocketType.Push);
        TimeSpan before = socket.Linger;
        foreach (TimeSpan wrong in (TimeSpan[])[TimeSpan.MaxValue, TimeSpan.FromDays(30), TimeSpan.FromMilliseconds(int.MaxValue + 1.0),
            TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(-2), TimeSpan.MinValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => socket.Linger = wrong);
            Assert.Throws<ArgumentOutOfRangeException>(() => socket.ReconnectInterval = wrong);
            Assert.Throws<ArgumentOutOfRangeException>(() => socket.Close(wrong));
            Assert.False(socket.IsClosed);
        }

        Assert.Equal(before, socket.Linger);
        socket.Linger = TimeSpan.FromTicks(1); // rounded up: a little is not nothing
        Assert.Equal(TimeSpan.FromMilliseconds(1), socket.Linger);
        socket.Linger = TimeSpan.FromMilliseconds(int.MaxValue);
        socket.Linger = Timeout.InfiniteTimeSpan;
        Assert.Equal(Timeout.InfiniteTimeSpan, socket.Linger);
        socket.Linger = TimeSpan.Zero;
    }

    [Fact]
    public void A_monitor_has_nothing_to_linger_for()
    {
        Need(Abilities.Monitor);
        using ZMQSocket monitor = Make(SocketType.Dealer).Monitor();
        Assert.Equal(TimeSpan.Zero, monitor.Linger);
    }

    [Fact]
    public void A_router_knows_a_peer_by_its_routing_id()
    {
        (ZMQSocket router, ZMQSocket dealer) = MakePair(SocketType.Router, SocketType.Dealer, socket =>
        {
            if (socket.Type == SocketType.Dealer) socket.RoutingId = "me"u8.ToArray();
        });
        Send(dealer, new Message("hello"));
        Assert.Equal("[me, hello]", Receive(router).ToString());
    }

    [Fact]
    public void A_manual_XPUB_subscribes_its_peers_itself()
    {
        Need(Abilities.Patterns);
        (ZMQSocket publisher, ZMQSocket subscriber) = MakePair(SocketType.XPub, SocketType.Sub, static socket =>
        {
            if (socket.Type == SocketType.XPub) socket.Set(ZMQSocketOptions.XPubManual, true);
        });
        subscriber.Subscribe("A");
        Assert.Equal("\u0001A", Receive(publisher)[0].ToText());
        publisher.Subscribe("A but not only");
        subscriber.Subscribe("B");
        Assert.Equal("\u0001B", Receive(publisher)[0].ToText());
        publisher.Subscribe("B");
        foreach (string text in (string[])["A", "B1", "A but not only 1"]) Send(publisher, new Message(text));
        Assert.Equal("[B1]", Receive(subscriber).ToString());
        Assert.Equal("[A but not only 1]", Receive(subscriber).ToString());
        subscriber.Unsubscribe("B");
        Assert.Equal("\0B", Receive(publisher)[0].ToText());
        publisher.Unsubscribe("B");
        Send(publisher, new Message("B2"));
        Send(publisher, new Message("A but not only 2"));
        Assert.Equal("[A but not only 2]", Receive(subscriber).ToString());
    }

    [Fact]
    public void A_monitor_tells_of_listening_accepting_and_shaking_hands()
    {
        Need(Abilities.Monitor);
        ZMQSocket server = Make(SocketType.Rep);
        ZMQSocket monitor = Own(server.Monitor());
        server.Bind("tcp://127.0.0.1:*");
        ZMQSocket client = Make(SocketType.Req);
        client.Connect(server.LastEndpoint);
        SocketEvent listening = SocketEvent.Parse(Receive(monitor));
        Assert.Equal((ZMQSocketEvents.Listening, server.LastEndpoint), (listening.Event, listening.Endpoint));
        Assert.Equal(ZMQSocketEvents.Accepted, SocketEvent.Parse(Receive(monitor)).Event);
        if (Can(Abilities.Handshakes)) Assert.Equal(ZMQSocketEvents.HandshakeSucceeded, SocketEvent.Parse(Receive(monitor)).Event);
        client.Close();
        Assert.Equal(ZMQSocketEvents.Disconnected, SocketEvent.Parse(Receive(monitor)).Event);
        server.StopMonitor();
        Assert.Equal(ZMQSocketEvents.MonitorStopped, SocketEvent.Parse(Receive(monitor)).Event);
        Assert.Throws<FormatException>(() => SocketEvent.Parse(new Message("nonsense")));
    }

    [Fact]
    public void A_monitor_that_nobody_reads_holds_nobody_up()
    {
        Need(Abilities.Monitor);
        ZMQSocket server = Make(SocketType.Rep);
        Own(server.Monitor());
        Deadline.RunThread(() =>
        {
            for (int i = 0; i < 2_500; i++) // more than the high-water marks of both ends
            {
                server.Bind("tcp://127.0.0.1:*");
                server.Unbind(server.LastEndpoint);
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_monitor_may_be_closed_before_its_socket_and_after_it(bool before)
    {
        Need(Abilities.Monitor);
        (ZMQSocket server, ZMQSocket client) = (Make(SocketType.Rep), Make(SocketType.Req));
        ZMQSocket monitor = Own(server.Monitor());
        server.Bind("tcp://127.0.0.1:*");
        client.Connect(server.LastEndpoint);
        Send(client, new Message("1"));
        Receive(server);
        Deadline.RunThread(() =>
        {
            if (before)
            {
                monitor.Close();
                Send(server, new Message("2")); // which others hear of, too
                server.Bind("tcp://127.0.0.1:*");
                server.Close(TimeSpan.Zero);
            }
            else
            {
                server.Close(TimeSpan.Zero);
                SocketEvent last;
                do last = SocketEvent.Parse(Receive(monitor));
                while (last.Event != ZMQSocketEvents.MonitorStopped);
                monitor.Close();
            }

            client.Close(TimeSpan.Zero);

            // The thread that closes sockets is one for the whole context: were it held up, this address would stay in use.
            ZMQSocket next = Make(SocketType.Rep);
            ZMQSocket afterwards = Own(next.Monitor());
            next.Bind("tcp://127.0.0.1:*");
            string endpoint = next.LastEndpoint;
            next.Close(TimeSpan.Zero);
            afterwards.Close(TimeSpan.Zero);
            ZMQSocket heir = Make(SocketType.Rep);
            Deadline.WaitUntil(() => TryBind(heir, endpoint));
        });
    }

    private static bool TryBind(ZMQSocket socket, string endpoint)
    {
        try
        {
            socket.Bind(endpoint);
            return true;
        }
        catch (ZMQException)
        {
            return false;
        }
    }

    [Fact]
    public void A_monitor_begun_anew_ends_the_one_before_and_closing_that_changes_nothing()
    {
        Need(Abilities.Monitor | Abilities.MonitorAnew);
        ZMQSocket server = Make(SocketType.Rep);
        ZMQSocket first = Own(server.Monitor());
        ZMQSocket second = Own(server.Monitor());
        Assert.Equal(ZMQSocketEvents.MonitorStopped, SocketEvent.Parse(Receive(first)).Event);
        first.Close();
        server.Bind("tcp://127.0.0.1:*");
        Assert.Equal(ZMQSocketEvents.Listening, SocketEvent.Parse(Receive(second)).Event);
    }

    [Fact]
    public void A_client_with_the_right_key_gets_through_and_one_with_a_wrong_key_does_not()
    {
        Need(Abilities.Curve | Abilities.Handshakes);
        CurveKeyPair serverKeys = Engine.CreateCurveKeyPair();
        CurveKeyPair clientKeys = Engine.CreateCurveKeyPair();
        ZMQSocket server = Make(SocketType.Pull);
        server.CurveServer = true;
        server.CurveSecretKey = serverKeys.SecretKey;
        server.Bind("tcp://127.0.0.1:*");
        ZMQSocket monitor = Own(server.Monitor());
        ZMQSocket stranger = Make(SocketType.Push);
        Authenticate(stranger, clientKeys, clientKeys.PublicKey);
        stranger.Connect(server.LastEndpoint);
        ZMQSocketEvents events;
        do events = SocketEvent.Parse(Receive(monitor)).Event;
        while (events is ZMQSocketEvents.Accepted);
        Assert.NotEqual(ZMQSocketEvents.HandshakeSucceeded, events);
        stranger.Close(TimeSpan.Zero);

        ZMQSocket friend = Make(SocketType.Push);
        Authenticate(friend, clientKeys, serverKeys.PublicKey);
        Assert.Equal(clientKeys.PublicKey, friend.CurvePublicKey);
        friend.Connect(server.LastEndpoint);
        Send(friend, new Message("secret"));
        Assert.Equal("[secret]", Receive(server).ToString());
    }

    private static void Authenticate(ZMQSocket client, CurveKeyPair keys, byte[] serverKey)
    {
        client.CurvePublicKey = keys.PublicKey;
        client.CurveSecretKey = keys.SecretKey;
        client.CurveServerKey = serverKey;
    }
}
