namespace ZmqLoop.Conformance;

/// <summary>Sending and receiving.</summary>
public abstract class SocketContract(EngineUnderTest subject) : EngineContract(subject)
{
    [Theory]
    [InlineData("inproc")]
    [InlineData("tcp")]
    public void A_request_comes_back_as_its_reply(string transport)
    {
        Need(Abilities.Patterns);
        ZMQSocket server = Make(SocketType.Router);
        ZMQSocket client = Make(SocketType.Req);
        client.Connect(Listen(server, transport));
        Send(client, new Message("question", ""));
        Message request = Receive(server);
        Assert.Equal(4, request.Count);
        request.EnvelopeFormat = EnvelopeFormat.Delimiter;
        Send(server, request.Reply("answer"));
        Assert.Equal("[answer]", Receive(client).ToString());
    }

    [Theory]
    [InlineData("inproc")]
    [InlineData("tcp")]
    public void Sixteen_mebibytes_arrive_as_they_were(string transport)
    {
        if (transport == "tcp") Need(Abilities.Tcp);
        byte[] bytes = new byte[16 << 20];
        new Random(1).NextBytes(bytes);
        ZMQSocket server = Make(SocketType.Pull);
        ZMQSocket client = Make(SocketType.Push);
        client.Connect(Listen(server, transport));
        Send(client, new Message("head", Frame.Own(bytes)));
        Assert.True(Receive(server)[1].Span.SequenceEqual(bytes));
        Send(client, new Message("head", Frame.Own(bytes)));
        Message borrowed = new();
        Poller.Register(server, IOEvents.Read, "server");
        PollFor("server");
        Assert.True(server.TryReceive(borrowed));
        Assert.True(borrowed[1].Span.SequenceEqual(bytes));
        borrowed.Dispose();
    }

    [Fact]
    public void Nobody_there_means_would_block()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        Assert.False(socket.TrySend(new Message("message")));
        Assert.False(socket.TryReceive(out Message? message));
        Assert.Null(message);
        Message borrowed = new("old");
        Assert.False(socket.TryReceive(borrowed));
        Assert.Empty(borrowed);
        Assert.Equal(IOEvents.None, socket.Events);
    }

    [Fact]
    public void At_the_high_water_mark_a_message_is_refused_as_a_whole()
    {
        (ZMQSocket sender, ZMQSocket receiver) = MakePair(SocketType.Push, SocketType.Pull, socket =>
        {
            socket.SendHighWaterMark = 3;
            socket.ReceiveHighWaterMark = 3;
        });
        int sent = 0;
        while (sender.TrySend(new Message("a", "b", sent.ToString(System.Globalization.CultureInfo.InvariantCulture)))) sent++;
        Assert.InRange(sent, 1, 6);
        for (int i = 0; i < sent; i++) Assert.Equal($"[a, b, {i}]", Receive(receiver).ToString());
        Assert.False(receiver.TryReceive(out _));
        Assert.True(sender.TrySend(new Message("after")));
        Assert.Equal("[after]", Receive(receiver).ToString());
    }

    [Fact]
    public void A_mandatory_router_says_who_is_unreachable()
    {
        Need(Abilities.Patterns);
        (ZMQSocket router, ZMQSocket dealer) = MakePair(SocketType.Router);
        router.RouterMandatory = true;
        ZMQException error = Assert.Throws<ZMQException>(() => router.TrySend(new Message("nobody", "hello")));
        Assert.Equal((ZMQErrorCode.HostUnreachable, "EHOSTUNREACH"), (error.Code, error.Name));
        Send(dealer, new Message("hello"));
        Send(router, Receive(router));
        Assert.Equal("[hello]", Receive(dealer).ToString());
    }

    [Fact]
    public void A_message_may_be_sent_again_and_again()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Message message = new("one", "two");
        for (int i = 0; i < 3; i++) Assert.True(socket.TrySend(message));
        for (int i = 0; i < 3; i++) Assert.Equal("[one, two]", Receive(peer).ToString());
    }

    [Fact]
    public void The_wrong_order_on_REQ_is_an_error_with_a_name()
    {
        Need(Abilities.Patterns);
        (ZMQSocket req, _) = MakePair(SocketType.Req, SocketType.Rep);
        ZMQException error = Assert.Throws<ZMQException>(() => req.TryReceive(out _));
        Assert.Equal((ZMQErrorCode.FiniteStateMachine, "EFSM"), (error.Code, error.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_empty_routing_id_is_nobodys_and_the_next_message_gets_to_its_peer(bool mandatory)
    {
        Need(Abilities.Patterns);
        (ZMQSocket router, ZMQSocket dealer) = MakePair(SocketType.Router, SocketType.Dealer, socket =>
        {
            if (socket.Type == SocketType.Router) socket.Set(ZMQSocketOptions.RouterMandatory, mandatory);
        });
        Send(dealer, new Message("hello"));
        byte[] peer = Receive(router)[0].ToArray();
        using Message toNobody = new(Frame.Empty, "to nobody");
        if (mandatory) Assert.Equal(ZMQErrorCode.HostUnreachable, Assert.Throws<ZMQException>(() => router.TrySend(toNobody)).Code);
        else Assert.True(router.TrySend(toNobody)); // dropped, as with every id that is not known
        Send(router, new Message(peer, "hello"u8.ToArray()));
        Assert.Equal("[hello]", Receive(dealer).ToString());
    }

    [Fact]
    public void A_subscriber_gets_what_it_subscribed_to()
    {
        Need(Abilities.Patterns);
        (ZMQSocket publisher, ZMQSocket subscriber) = MakePair(SocketType.XPub, SocketType.Sub);
        subscriber.Subscribe("a");
        Assert.Equal(2, Receive(publisher)[0].Length);
        Send(publisher, new Message("b1"));
        Send(publisher, new Message("a1"));
        Assert.Equal("[a1]", Receive(subscriber).ToString());
        subscriber.Unsubscribe("a");
        Receive(publisher);
        Send(publisher, new Message("a2"));
        Assert.False(subscriber.TryReceive(out _));
    }

    [Fact]
    public void An_address_in_use_is_an_error_that_names_it()
    {
        Need(Abilities.Tcp);
        ZMQSocket first = Make(SocketType.Dealer);
        int port = first.BindToRandomPort("tcp://127.0.0.1");
        string endpoint = $"tcp://127.0.0.1:{port}";
        Assert.Equal(endpoint, first.LastEndpoint);
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind(endpoint));
        Assert.Equal((ZMQErrorCode.AddressInUse, endpoint), (error.Code, error.Endpoint));
        Assert.Contains(endpoint, error.Message, StringComparison.Ordinal);
        first.Unbind(endpoint);
        ZMQException none = Assert.Throws<ZMQException>(() => first.Disconnect("tcp://127.0.0.1:1"));
        Assert.Equal(ZMQErrorCode.EndpointNotFound, none.Code);
    }

    [Fact]
    public void Wrong_arguments_are_refused_at_the_call()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        Assert.Throws<ArgumentNullException>(() => socket.TrySend(null!));
        Assert.Throws<ArgumentException>(() => socket.TrySend(new Message()));
        Assert.Throws<ArgumentNullException>(() => socket.TryReceive(null!));
        Assert.Throws<ArgumentException>(() => socket.Bind(""));
        Assert.Equal(ZMQErrorCode.ProtocolNotSupported, Assert.Throws<ZMQException>(() => socket.Connect("carrier-pigeon://x")).Code);
        Assert.Equal(ZMQErrorCode.InvalidArgument, Assert.Throws<ZMQException>(() => socket.Connect("nonsense")).Code);
    }

    [Fact]
    public void A_closed_socket_throws_and_says_so()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        socket.Close();
        socket.Close();
        socket.Close(TimeSpan.Zero);
        socket.Dispose();
        Assert.True(socket.IsClosed);
        Assert.Equal(SocketType.Dealer, socket.Type);
        Assert.Throws<ObjectDisposedException>(() => socket.TrySend(new Message("message")));
        Assert.Throws<ObjectDisposedException>(() => socket.TryReceive(out _));
        Assert.Throws<ObjectDisposedException>(() => socket.TryReceive(new Message()));
        Assert.Throws<ObjectDisposedException>(() => socket.Events);
        Assert.Throws<ObjectDisposedException>(() => socket.Bind("inproc://x"));
        Assert.Throws<ObjectDisposedException>(() => socket.Linger);
        Assert.Contains("DEALER", socket.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_the_engine_does_not_wait_for_open_sockets_which_then_say_why_they_fail()
    {
        Need(Abilities.Termination);
        (ZMQSocket socket, _) = MakePair();
        Engine.Dispose();
        Engine.Dispose();
        Assert.False(socket.IsClosed);
        Assert.Throws<ContextTerminatedException>(() => socket.Events);
        Assert.Throws<ContextTerminatedException>(() => socket.TryReceive(out _));
        socket.Close();
        Assert.Throws<ObjectDisposedException>(() => Engine.CreateSocket(SocketType.Dealer));
    }

    private static string Listen(ZMQSocket socket, string transport)
    {
        string endpoint = transport == "inproc" ? NewInproc() : "tcp://127.0.0.1:*";
        socket.Bind(endpoint);
        return socket.LastEndpoint;
    }
}
