namespace ZmqLoop.Conformance;

/// <summary>A wrong endpoint is refused at the call, by the same words on every engine.</summary>
public abstract class EndpointContract(EngineUnderTest subject) : EngineContract(subject)
{
    private const string InUse = "in use";

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
    [InlineData("tcp://1.2.3:80", "four decimal numbers, as in 127.0.0.1")]
    [InlineData("tcp://127.1:80", "four decimal numbers")]
    [InlineData("tcp://2130706433:80", "four decimal numbers")]
    [InlineData("tcp://127.0.0.1.1:80", "four decimal numbers")]
    [InlineData("tcp://127.0.0.1.:80", "four decimal numbers")]
    [InlineData("tcp://127..0.1:80", "four decimal numbers")]
    [InlineData("tcp://0177.0.0.1:80", "four decimal numbers")]
    [InlineData("tcp://127.0.0.01:80", "four decimal numbers")]
    [InlineData("tcp://0x7f000001:80", "four decimal numbers")]
    [InlineData("tcp://127.0.0.0x1:80", "four decimal numbers")]
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
    [InlineData("tcp://127.1:0;127.0.0.1:5555", "four decimal numbers")]
    [InlineData("ipc://*", "connect to the LastEndpoint")]
    public void What_only_a_bind_may_say_cannot_be_connected_to(string endpoint, string words)
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

    [Theory]
    [InlineData("http://127.0.0.1:80", ZMQErrorCode.ProtocolNotSupported, "in small letters")]
    [InlineData("TCP://127.0.0.1:5555", ZMQErrorCode.ProtocolNotSupported, "in small letters")]
    [InlineData("tcp://192.0.2.1:5555", ZMQErrorCode.AddressNotAvailable, "tcp://*:5555")] // another machine's
    [InlineData("tcp://no-such-host.invalid:5555", ZMQErrorCode.NoSuchDevice, "looked up")]
    [InlineData(InUse, ZMQErrorCode.AddressInUse, "tcp://127.0.0.1:* takes a free one")]
    public void What_cannot_be_bound_is_an_error_that_says_what_can(string endpoint, ZMQErrorCode code, string words)
    {
        Need(Abilities.Tcp);
        ZMQSocket other = Make(SocketType.Dealer);
        other.Bind("tcp://127.0.0.1:*");
        if (endpoint == InUse) endpoint = other.LastEndpoint;
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind(endpoint));
        Assert.Equal((code, endpoint), (error.Code, error.Endpoint));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
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

    [Fact]
    public void A_random_port_lies_within_bounds_that_are_given_and_none_free_is_said_with_them()
    {
        Need(Abilities.Tcp);
        int taken = Make(SocketType.Dealer).BindToRandomPort("tcp://127.0.0.1", 20_000, 29_999);
        Assert.InRange(taken, 20_000, 29_999);
        ZMQSocket socket = Make(SocketType.Dealer);
        ZMQException full = Assert.Throws<ZMQException>(() => socket.BindToRandomPort("tcp://127.0.0.1", taken, taken));
        Assert.Equal((ZMQErrorCode.AddressInUse, "tcp://127.0.0.1"), (full.Code, full.Endpoint));
        Assert.Contains($"between {taken} and {taken}", full.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.BindToRandomPort("tcp://127.0.0.1", 0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.BindToRandomPort("tcp://127.0.0.1", 30_000, 29_999));
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.BindToRandomPort("tcp://127.0.0.1", 30_000, 65_536));
        Assert.Throws<ArgumentOutOfRangeException>(() => socket.BindToRandomPort("tcp://127.0.0.1", 30_000, 30_001, maxTries: 0));
        Assert.Throws<ZMQException>(() => socket.BindToRandomPort("inproc://x", 30_000, 30_001));
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
