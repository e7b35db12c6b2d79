namespace ZmqLoop.Conformance;

public sealed class NetMQEndpointTests() : EndpointContract(new NetMQUnderTest())
{
    [Fact]
    public void A_name_that_nobody_knows_is_an_error_of_the_call_that_connects()
    {
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Connect("tcp://no-such-host.invalid:5555"));
        Assert.Equal(ZMQErrorCode.NoSuchDevice, error.Code);
        Assert.Contains("looked up", error.Message, StringComparison.Ordinal);
    }
}

public sealed class LibZmqEndpointTests() : EndpointContract(new LibZmqUnderTest())
{
    [Fact]
    public void A_name_that_nobody_knows_yet_may_be_connected_to() =>
        Make(SocketType.Dealer).Connect("tcp://no-such-host.invalid:5555");

    [Fact]
    public void An_address_of_IPv6_is_refused_by_a_socket_that_would_try_it_for_ever()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        foreach (Action<string> call in (Action<string>[])[socket.Bind, socket.Connect])
        {
            ZMQException error = Assert.Throws<ZMQException>(() => call("tcp://[::1]:5555"));
            Assert.Contains("ZMQSocketOptions.IPv6", error.Message, StringComparison.Ordinal);
        }

        socket.Set(ZMQSocketOptions.IPv6, true);
        socket.Connect("tcp://[::1]:5555");
    }

    [Fact]
    public void A_path_of_ipc_that_is_too_long_is_an_error_that_says_how_long_one_may_be()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ipc.");
        string endpoint = "ipc:///tmp/" + new string('x', 200);
        ZMQSocket socket = Make(SocketType.Dealer);
        foreach (Action<string> call in (Action<string>[])[socket.Bind, socket.Connect])
        {
            ZMQException error = Assert.Throws<ZMQException>(() => call(endpoint));
            Assert.Equal((ZMQErrorCode.NameTooLong, "ENAMETOOLONG"), (error.Code, error.Name));
            Assert.Contains("107", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_path_of_ipc_whose_directory_is_missing_is_an_error_that_says_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ipc.");
        ZMQException error = Assert.Throws<ZMQException>(() => Make(SocketType.Dealer).Bind("ipc:///no/such/directory/x"));
        Assert.Equal(ZMQErrorCode.EndpointNotFound, error.Code);
        Assert.Contains("directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_libzmq_knows_is_left_to_it()
    {
        foreach (string endpoint in (string[])["pgm://lo;239.192.1.1:5555", "vmci://*:5555", "tipc://{5555,0,0}", "ws://*:5555/x"])
            EndpointParser.Verify(EndpointCall.Bind, endpoint);
        Make(SocketType.Dealer).Connect("tcp://127.0.0.1:0;127.0.0.1:5555"); // from an address to another
    }
}
