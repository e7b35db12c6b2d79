using System.Net;
using System.Net.Sockets;
using ZmqLoop.Testing.Hostile;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>Who sent a message is known in whatever way it is received.</summary>
public sealed class UserIdTests : IDisposable
{
    private readonly ZapWorld _world = new();
    private readonly ZMQStream _server;

    public UserIdTests()
    {
        _world.Authenticator.ConfigurePlain("*", new Dictionary<string, string> { ["alice"] = "open sesame" });
        _world.Authenticator.Start();
        _server = _world.Plain();
        _server.StopOnRecv();
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void By_a_callback(bool copy)
    {
        string? user = null;
        _server.OnRecv(message => user = message.UserId, copy);
        SendAsAlice("a", "b");
        _world.World.RunUntil(() => user is not null);
        Assert.Equal("alice", user);
    }

    [Fact]
    public void By_awaiting_it()
    {
        SendAsAlice("", "b");
        Message message = _world.Loop.RunSync(() => _server.ReceiveAsync(Deadline.Default).AsTask());
        Assert.Equal("alice", message.UserId);
        Assert.Equal(["alice", "alice"], message.Select(frame => frame.GetProperty("User-Id")));
        using Message copy = new();
        copy.CopyFrom(message);
        Assert.Equal("alice", copy.UserId);
        copy.Clear();
        Assert.Null(copy.UserId);
    }

    [Fact]
    public void By_awaiting_it_with_what_else_the_socket_keeps()
    {
        _server.Socket.KeptProperties = ["Peer-Address", "X-Role"];
        SendAsAlice("a");
        Message message = _world.Loop.RunSync(() => _server.ReceiveAsync(Deadline.Default).AsTask());
        Assert.Equal("alice", message.UserId);
        Assert.Equal(("alice", "127.0.0.1", null),
            (message[0].GetProperty("User-Id"), message[0].GetProperty("Peer-Address"), message[0].GetProperty("X-Role")));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void On_a_ROUTER_whether_its_events_were_asked_for_before_or_not(bool asked, bool copied)
    {
        ZMQSocket server = _world.World.Socket(SocketType.Router);
        server.PlainServer = true;
        server.Bind("tcp://127.0.0.1:*");
        ZMQSocket client = _world.World.Socket(SocketType.Dealer);
        ZapWorld.As("alice", "open sesame")(client);
        client.Connect(server.LastEndpoint);
        RealWorld.Send(client, "a");
        Message? message = new();
        _world.World.RunUntil(() =>
        {
            if (asked && server.Events != IOEvents.Read && server.Events != (IOEvents.Read | IOEvents.Write)) return false;
            return copied ? server.TryReceive(out message) : server.TryReceive(message!);
        });
        Assert.Equal("alice", message!.UserId);
        Assert.Equal("alice", message![1].GetProperty("User-Id"));
        if (copied) Assert.Equal("alice", message![0].GetProperty("User-Id"));
    }

    [Fact]
    public void On_another_thread()
    {
        SendAsAlice("a");
        Task<Message> read = Task.Run(() => _server.Reader.ReadAsync().AsTask());
        _world.World.RunUntil(() => read.IsCompleted);
        Assert.Equal("alice", read.Result.UserId);
    }

    [Fact]
    public void From_a_socket_without_a_stream_into_a_message_that_is_used_again()
    {
        ZMQSocket server = _world.World.Socket(SocketType.Pull);
        server.PlainServer = true;
        server.Bind("tcp://127.0.0.1:*");
        SendAsAlice(server.LastEndpoint, ["a"]);
        using Message message = new();
        _world.World.RunUntil(() => server.TryReceive(message));
        Assert.Equal("alice", message.UserId);
    }

    [Fact]
    public void A_socket_that_does_not_authenticate_knows_nobody()
    {
        ZMQSocket server = _world.World.Socket(SocketType.Pull);
        server.Bind("tcp://127.0.0.1:*");
        ZMQSocket client = _world.World.Socket(SocketType.Push);
        client.Connect(server.LastEndpoint);
        RealWorld.Send(client, "a");
        Message? message = null;
        _world.World.RunUntil(() => server.TryReceive(out message));
        Assert.Null(message!.UserId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_calls_himself_somebody_is_nobody_where_the_socket_does_not_authenticate(bool copy)
    {
        ZMQStream server = _world.World.Stream(SocketType.Pull);
        server.Socket.KeptProperties = ["User-Id"];
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        string? user = "";
        server.OnRecv(message => user = message.UserId, copy);
        using Socket stranger = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        stranger.Connect(IPAddress.Loopback, port);
        byte[] ready = [.. Zmtp.Property("Socket-Type", "PUSH"), .. Zmtp.Property("User-Id", "root")];
        stranger.Send([.. Zmtp.Greeting, .. Zmtp.CommandFrame("READY", ready)]);
        byte[] answer = new byte[1024];
        for (int read = 0; !answer.AsSpan(0, read).EndsWith("PULL"u8) && read < 64 + 29;) read += stranger.Receive(answer.AsSpan(read));
        stranger.Send(Zmtp.Message("a"u8)); // libzmq does not listen to who goes on before
        _world.World.RunUntil(() => user != "");
        Assert.Null(user);
    }

    private void SendAsAlice(params Frame[] frames) => SendAsAlice(_server.Socket.LastEndpoint, frames);

    private void SendAsAlice(string endpoint, Frame[] frames)
    {
        ZMQSocket client = _world.World.Socket(SocketType.Push);
        ZapWorld.As("alice", "open sesame")(client);
        client.Connect(endpoint);
        RealWorld.Send(client, frames);
    }
}
