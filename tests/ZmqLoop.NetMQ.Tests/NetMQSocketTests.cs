using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>Sockets of this engine, where NetMQ alone would do otherwise.</summary>
public sealed class NetMQSocketTests
{
    [Fact]
    public void Sockets_that_nobody_holds_any_more_are_closed()
    {
        using NetMQEngine engine = new();
        for (int i = 0; i < 2 * NetMQConfig.MaxSockets; i++)
        {
            Deadline.WaitUntil(() => TryForget(engine));
            if (i % 50 == 0) Collect();
        }
    }

    [Fact]
    public void A_NetMQ_socket_keeps_the_adapter_that_made_it_and_stays_open()
    {
        using NetMQEngine engine = new();
        using NetMQSocket socket = MakeExposed(engine);
        Collect();
        Assert.False(socket.IsDisposed);
        using DealerSocket adopted = MakeAdopted();
        Collect();
        Assert.False(adopted.IsDisposed);
    }

    [Fact]
    public void What_NetMQ_does_not_know_of_a_messages_connection_is_an_error_and_not_null()
    {
        using NetMQEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Pull);
        using ZMQSocket peer = engine.CreateSocket(SocketType.Push);
        socket.Bind("inproc://what-netmq-does-not-know");
        peer.Connect("inproc://what-netmq-does-not-know");
        Deadline.WaitUntil(() => peer.TrySend(new Message("one")));
        using Message message = new();
        Deadline.WaitUntil(() => socket.TryReceive(message));
        Assert.Contains("libzmq", Assert.Throws<NotSupportedException>(() => message[0].GetProperty("User-Id")).Message);
        Assert.False(message[0].TryGetProperty("Peer-Address", out string? address));
        Assert.Null(address);
        Assert.Contains("libzmq", Assert.Throws<NotSupportedException>(() => socket.KeptProperties = ["Peer-Address"]).Message);
        Assert.Empty(socket.KeptProperties);
        Deadline.WaitUntil(() => peer.TrySend(new Message("two")));
        Message? copy = null;
        Deadline.WaitUntil(() => socket.TryReceive(out copy));
        Assert.Contains("NetMQ", Assert.Throws<InvalidOperationException>(() => copy![0].GetProperty("User-Id")).Message);
    }

    [Fact]
    public void An_engines_socket_lets_many_connect_at_once()
    {
        using NetMQEngine engine = new();
        using ZMQSocket made = engine.CreateSocket(SocketType.Router);
        Assert.True(made.Get(ZMQSocketOptions.Backlog) > 1000);
        using RouterSocket own = new();
        Assert.Equal(100, own.AsZMQSocket().Get(ZMQSocketOptions.Backlog)); // NetMQ's, and its owner's
    }

    [Fact]
    public void A_peer_socket_refuses_what_is_no_routing_id()
    {
        using NetMQEngine engine = new();
        using ZMQSocket peer = engine.CreateSocket(SocketType.Peer);
        foreach (byte[] id in (byte[][])[[], [1, 2, 3], [1, 2, 3, 4]])
        {
            using Message message = new(id, "text");
            Assert.Equal(ZMQErrorCode.HostUnreachable, Assert.Throws<ZMQException>(() => peer.TrySend(message)).Code);
        }
    }

    // Here, where nothing of it is left on the stack of who collects.
    private static bool TryForget(NetMQEngine engine)
    {
        try
        {
            engine.CreateSocket(SocketType.Pair);
            return true;
        }
        catch (ZMQException exception) when (exception.Code == ZMQErrorCode.TooManyOpenFiles)
        {
            Collect();
            return false;
        }
    }

    private static NetMQSocket MakeExposed(NetMQEngine engine) => ((NetMQSocketAdapter)engine.CreateSocket(SocketType.Pair)).NetMQSocket;

    private static DealerSocket MakeAdopted()
    {
        DealerSocket socket = new();
        socket.AsZMQSocket();
        return socket;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
