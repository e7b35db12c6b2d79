using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Interop;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>Transports that are not over NetMQ what they are elsewhere, and NetMQ's errors at an endpoint.</summary>
public sealed class EndpointTests
{
    [Fact]
    public void An_address_and_the_name_of_the_same_place_are_two_endpoints_that_end_by_what_they_were_called()
    {
        using NetMQEngine engine = new();
        using ZMQSocket server = engine.CreateSocket(SocketType.Dealer);
        using ZMQSocket client = engine.CreateSocket(SocketType.Dealer);
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        client.Connect($"tcp://localhost:{port}");
        client.Disconnect($"tcp://localhost:{port}");
        client.Connect($"tcp://127.0.0.1:{port}");
        client.Disconnect($"tcp://127.0.0.1:{port}");
        client.Connect($"tcp://localhost:{port}");
        client.Disconnect(client.LastEndpoint);
        Assert.Equal(ZMQErrorCode.EndpointNotFound,
            Assert.Throws<ZMQException>(() => client.Disconnect($"tcp://localhost:{port}")).Code);
    }

    private readonly RecordingLoggers _loggers = new();

    private IEnumerable<string> Warnings => _loggers.Entries.Select(static entry => entry.Text);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Udp_is_refused_with_the_reason_and_with_what_to_do(bool bind)
    {
        using NetMQEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Pull);
        ZMQException error = Assert.Throws<ZMQException>(() => Do(socket, "udp://127.0.0.1:9997", bind));
        Assert.Equal(ZMQErrorCode.ProtocolNotSupported, error.Code);
        Assert.Contains("NetMQSocket", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ipc_is_refused_since_it_is_tcp_with_the_way_to_what_is_ipc(bool bind)
    {
        using NetMQEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Dealer);
        ZMQException error = Assert.Throws<ZMQException>(() => Do(socket, "ipc:///tmp/zmqloop-refused", bind));
        Assert.Equal((ZMQErrorCode.ProtocolNotSupported, "EPROTONOSUPPORT"), (error.Code, error.Name));
        foreach (string word in (string[])["tcp on 127.0.0.1", "ZmqLoop.LibZmq", "AllowIpcOverTcp"])
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_knows_what_ipc_is_over_NetMQ_has_it()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { AllowIpcOverTcp = true, LoggerFactory = _loggers });
        using ZMQSocket server = engine.CreateSocket(SocketType.Pull);
        using ZMQSocket client = engine.CreateSocket(SocketType.Push);
        string endpoint = $"ipc:///tmp/zmqloop-{Guid.NewGuid():N}";
        server.Bind(endpoint);
        client.Connect(endpoint);
        Deadline.WaitUntil(() => client.TrySend(new Message("hello")));
        Message? message = null;
        Deadline.WaitUntil(() => server.TryReceive(out message));
        Assert.Equal("hello", message![0].ToText());
        server.Unbind(endpoint);
        client.Disconnect(endpoint);
        using PullSocket adopted = new($"@ipc:///tmp/zmqloop-{Guid.NewGuid():N}"); // unbinding is not done at once
        Assert.Equal(SocketType.Pull, adopted.AsZMQSocket(engine).Type);
        Assert.Empty(Warnings);
    }

    [Fact]
    public async Task A_socket_that_has_ipc_when_it_is_adopted_keeps_it_and_one_line_says_what_that_is()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(
            typeof(EndpointTests), nameof(Here_sockets_that_have_ipc_are_adopted));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_sockets_that_have_ipc_are_adopted()
    {
        TestProcess.SkipElsewhere(); // the line is the process's
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = _loggers });
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        string endpoint = $"ipc:///tmp/zmqloop-{Guid.NewGuid():N}";
        using ResponseSocket server = new("@" + endpoint);
        server.Bind("tcp://127.0.0.1:*"); // which is its LastEndpoint from now on
        using DealerSocket client = new(">" + endpoint);
        using NetMQLoopPoller poller = new(loop) { server };
        server.ReceiveReady += (_, args) => args.Socket.SendFrame(args.Socket.ReceiveFrameString());
        string? answer = null;
        ZMQStream stream = new(client.AsZMQSocket(engine), loop);
        stream.OnRecv(message => answer = message[^1].ToText());
        stream.Send(new Message("", "hello"));
        Deadline.RunUntil(loop, () => answer is not null);
        Assert.Equal("hello", answer);
        string warning = Assert.Single(Warnings, text => text.Contains("ipc", StringComparison.Ordinal));
        foreach (string word in (string[])[endpoint, "every user of this machine", "AllowIpcOverTcp"])
            Assert.Contains(word, warning, StringComparison.Ordinal);
        stream.Close();
    }

    [Fact]
    public void A_socket_that_has_udp_when_it_is_adopted_is_warned_of()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = _loggers });
        using PullSocket bound = new();
        bound.Bind("udp://127.0.0.1:*");
        bound.Bind("tcp://127.0.0.1:*");
        using PushSocket connected = new(">udp://127.0.0.1:9997");
        using PullSocket harmless = new("@tcp://127.0.0.1:*");
        foreach (NetMQSocket socket in (NetMQSocket[])[bound, connected, harmless, bound]) socket.AsZMQSocket(engine);
        Assert.Equal(["PULL", "PUSH"], Warnings.Select(static text => text[..4]));
        Assert.All(Warnings, static text => Assert.Contains("udp://127.0.0.1:", text, StringComparison.Ordinal));
        Assert.All(Warnings, static text => Assert.Contains("Use tcp", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_a_socket_is_bound_and_connected_is_found_in_the_NetMQ_that_is_there()
    {
        Assert.True(EndpointInternals.AreKnown);
        using DealerSocket socket = new("@tcp://127.0.0.1:*");
        string bound = socket.Options.LastEndpoint!;
        socket.Connect("tcp://127.0.0.1:5599");
        Assert.Equal(new HashSet<string>(["tcp://127.0.0.1:5599", bound]), [.. EndpointInternals.Of(SocketInternals.Core(socket))]);
    }

    [Theory]
    [InlineData(SocketError.AccessDenied, ZMQErrorCode.AccessDenied, "EACCES", "1024")]
    [InlineData(SocketError.AddressAlreadyInUse, ZMQErrorCode.AddressInUse, "EADDRINUSE", "takes a free one")]
    [InlineData(SocketError.AddressNotAvailable, ZMQErrorCode.AddressNotAvailable, "EADDRNOTAVAIL", "tcp://*:5555")]
    [InlineData(SocketError.HostNotFound, ZMQErrorCode.NoSuchDevice, "ENODEV", "looked up")]
    [InlineData(SocketError.TryAgain, ZMQErrorCode.NoSuchDevice, "ENODEV", "looked up")]
    public void What_the_system_says_of_an_endpoint_has_its_name_and_advice(SocketError error, ZMQErrorCode code, string name,
        string advice)
    {
        foreach (Exception thrown in (Exception[])[new SocketException((int)error), NetMQExceptionOf(error)])
        {
            ZMQException told = Assert.IsType<ZMQException>(thrown.Translate(EndpointCall.Bind, "tcp://x:80"));
            Assert.Equal((code, name, "tcp://x:80"), (told.Code, told.Name, told.Endpoint));
            Assert.Contains(advice, told.Message, StringComparison.Ordinal);
        }
    }

    // NetMQ passes on as it is what it has no number for.
    private static Exception NetMQExceptionOf(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.TryAgain => new SocketException((int)error),
        _ => NetMQException.Create(new SocketException((int)error)),
    };

    private static void Do(ZMQSocket socket, string endpoint, bool bind)
    {
        if (bind) socket.Bind(endpoint);
        else socket.Connect(endpoint);
    }
}
