namespace ZmqLoop.Conformance;

/// <summary>A wrong endpoint is refused at the call, by the same words on every engine.</summary>
public abstract class EndpointContract(EngineUnderTest subject) : EngineContract(subject)
{
    [Theory]
    [InlineData("127.0.0.1:5555", "begins with a transport")]
    [InlineData("tcp:/127.0.0.1:5555", "begins with a transport")]
    [InlineData("://127.0.0.1:5555", "begins with a transport")]
    [InlineData(" tcp://127.0.0.1:5555", "white space")]
    [InlineData("tcp://127.0.0.1:5555\n", "white space")]
    [InlineData("inproc://a\0b", "NUL")]
    [InlineData("tcp://127.0.0.1", "has no port")]
    [InlineData("tcp://[::1]", "has no port")]
    [InlineData("tcp://*", "has no port")]
    [InlineData("tcp://", "has no port")]
    [InlineData("tcp://127.0.0.1:", "'' is no port")]
    [InlineData("tcp://127.0.0.1:abc", "'abc' is no port: a number from 1 to 65535")]
    [InlineData("tcp://127.0.0.1:1x", "'1x' is no port")]
    [InlineData("tcp://127.0.0.1:-1", "'-1' is no port")]
    [InlineData("tcp://127.0.0.1:+55", "'+55' is no port")]
    [InlineData("tcp://127.0.0.1:99999", "'99999' is no port")]
    [InlineData("tcp://127.0.0.1:65536", "'65536' is no port")]
    [InlineData("tcp://127.0.0.1:5555/path", "'5555/path' is no port")]
    [InlineData("tcp://:5555", "it has no ")]
    [InlineData("tcp://::1:5555", "brackets")]
    [InlineData("tcp://fe80::1", "brackets")]
    [InlineData("tcp://[::1", "brackets")]
    [InlineData("tcp://[127.0.0.1]:5555", "neither an address nor a name")]
    [InlineData("tcp://[::1::2]:5555", "neither an address nor a name")]
    [InlineData("tcp://300.1.1.1:5555", "neither an address nor a name")]
    [InlineData("tcp://127.0.0.1 :5555", "neither an address nor a name")]
    [InlineData("tcp:///tmp/x:5555", "neither an address nor a name")]
    [InlineData("inproc://", "a name, as in inproc://workers")]
    [InlineData("ipc://", "a path, as in ipc:///tmp/x")]
    public void A_wrong_endpoint_is_refused_at_the_call_and_the_error_says_what_is_wrong(string endpoint, string words)
    {
        Need(Abilities.Tcp);
        Refuses(socket => socket.Bind(endpoint), endpoint, words);
        Refuses(socket => socket.Connect(endpoint), endpoint, words);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:0", "connect to the LastEndpoint")]
    [InlineData("tcp://127.0.0.1:*", "connect to the LastEndpoint")]
    [InlineData("tcp://*:5555", "name the host to connect to")]
    [InlineData("ipc://*", "connect to the LastEndpoint")]
    public void What_a_bind_makes_up_cannot_be_connected_to(string endpoint, string words)
    {
        Need(Abilities.Tcp);
        Refuses(socket => socket.Connect(endpoint), endpoint, words);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    public void No_endpoint_at_all_is_an_argument_that_is_missing(string endpoint)
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        foreach (Action<string> call in (Action<string>[])[socket.Bind, socket.Connect, socket.Unbind, socket.Disconnect])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => call(endpoint));
            Assert.Contains("tcp://127.0.0.1:5555", error.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentNullException>(() => call(null!));
        }
    }

    [Fact]
    public void A_transport_that_the_engine_does_not_have_is_refused_with_those_that_it_has()
    {
        Need(Abilities.Tcp);
        foreach (string endpoint in (string[])["http://127.0.0.1:80", "TCP://127.0.0.1:5555"])
        {
            ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind(endpoint));
            Assert.Equal((ZMQErrorCode.ProtocolNotSupported, endpoint), (error.Code, error.Endpoint));
            Assert.Contains("tcp", error.Message.Replace(endpoint, "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("small letters", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_address_of_another_machine_cannot_be_bound_and_the_error_says_which_can()
    {
        Need(Abilities.Tcp);
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind("tcp://192.0.2.1:5555"));
        Assert.Equal(ZMQErrorCode.AddressNotAvailable, error.Code);
        Assert.Contains("tcp://*:5555", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_in_use_is_an_error_that_says_how_to_find_a_free_one()
    {
        Need(Abilities.Tcp);
        ZMQSocket first = Make(SocketType.Dealer);
        first.Bind("tcp://127.0.0.1:*");
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind(first.LastEndpoint));
        Assert.Equal(ZMQErrorCode.AddressInUse, error.Code);
        Assert.Contains("tcp://127.0.0.1:*", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_nobody_knows_cannot_be_bound()
    {
        Need(Abilities.Tcp);
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind("tcp://no-such-host.invalid:5555"));
        Assert.Equal(ZMQErrorCode.NoSuchDevice, error.Code);
        Assert.Contains("looked up", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:*")]
    [InlineData("tcp://*:*")]
    [InlineData("tcp://0.0.0.0:0")]
    [InlineData("tcp://[::1]:*")]
    public void What_was_bound_can_be_connected_to_and_unbound_by_its_LastEndpoint(string endpoint)
    {
        Need(Abilities.Tcp);
        Assert.SkipUnless(!endpoint.Contains('[') || System.Net.Sockets.Socket.OSSupportsIPv6, "IPv6.");
        ZMQSocket server = Make(SocketType.Dealer);
        ZMQSocket client = Make(SocketType.Dealer);
        foreach (ZMQSocket socket in (ZMQSocket[])[server, client]) socket.Set(ZMQSocketOptions.IPv6, endpoint.Contains('['));
        server.Bind(endpoint);
        string last = server.LastEndpoint;
        client.Connect(last);
        Assert.Equal(last, client.LastEndpoint);
        Send(client, new Message("hello"));
        Assert.Equal("[hello]", Receive(server).ToString());
        server.Unbind(last);
        Assert.Equal(ZMQErrorCode.EndpointNotFound, Assert.Throws<ZMQException>(() => server.Unbind(last)).Code);
        client.Disconnect(last);
        Assert.Equal(ZMQErrorCode.EndpointNotFound, Assert.Throws<ZMQException>(() => client.Disconnect(last)).Code);
        Make(SocketType.Dealer).BindToRandomPort("tcp://127.0.0.1");
    }

    [Fact]
    public void A_random_port_is_one_of_tcp()
    {
        Need(Abilities.Tcp);
        ZMQSocket socket = Make(SocketType.Dealer);
        ZMQException inproc = Assert.Throws<ZMQException>(() => socket.BindToRandomPort("inproc://x"));
        Assert.Equal(ZMQErrorCode.InvalidArgument, inproc.Code);
        Assert.Contains("tcp://127.0.0.1", inproc.Message, StringComparison.Ordinal);
        Assert.Throws<ZMQException>(() => socket.BindToRandomPort("tcp://127.0.0.1:5555"));
        Assert.Throws<ArgumentException>(() => socket.BindToRandomPort(""));
        Assert.InRange(socket.BindToRandomPort("tcp://127.0.0.1"), 1, ushort.MaxValue);
    }

    private void Refuses(Action<ZMQSocket> call, string endpoint, string words)
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        ZMQException error = Assert.Throws<ZMQException>(() => call(socket));
        Assert.Equal((ZMQErrorCode.InvalidArgument, "EINVAL", 22, endpoint), (error.Code, error.Name, error.Number, error.Endpoint));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        socket.Close();
    }
}
