using System.Net.Sockets;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>Peers without room on sockets that send each message to one peer: they hold up nobody else, and who waits for one that goes is
/// told.</summary>
public sealed class RealBlockedPeerTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 3)]
    public void Who_waits_for_a_peer_of_a_mandatory_ROUTER_is_told_when_it_goes(bool tcp, int peers)
    {
        using RealWorld world = new();
        using Blocked blocked = new(world, tcp, peers);
        int told = 0;
        int failed = 0;
        for (int i = 0; i < peers * 12; i++)
        {
            blocked.Router.Send(new Message($"{i % peers}", new byte[tcp ? 4 << 20 : 1]), (_, error) =>
            {
                told++;
                if (error is ZMQException { Code: ZMQErrorCode.HostUnreachable }) failed++;
            });
        }

        world.RunUntil(() => blocked.Router.SendQueueLength is > 0 and var length && length + told == peers * 12 && told > 0);
        Exception? unknown = null;
        blocked.Router.Send(new Message("nobody", "1"), (_, error) => unknown = error);
        world.RunUntil(() => unknown is not null);
        Assert.Equal(ZMQErrorCode.HostUnreachable, Assert.IsType<ZMQException>(unknown).Code);
        Assert.Contains("peer 'nobody'", unknown.Message, StringComparison.Ordinal);
        foreach (ZMQSocket peer in blocked.Peers) peer.Close(TimeSpan.Zero);
        world.RunUntil(() => told == peers * 12);
        Assert.InRange(failed, 1, told);
        Assert.Equal(0, blocked.Router.SendQueueLength);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_drain_ends_when_the_peer_that_it_waits_for_goes()
    {
        using RealWorld world = new();
        using Blocked blocked = new(world, tcp: false, peers: 1);
        for (int i = 0; i < 12; i++) blocked.Router.Send(new Message("0", "x"), static (_, _) => { });
        world.RunUntil(() => blocked.Router.SendQueueLength is > 0 and < 12);
        Task closed = Task.CompletedTask;
        world.Loop.AddCallback(() =>
        {
            closed = blocked.Router.CloseAsync(TimeSpan.FromDays(1));
            blocked.Peers[0].Close(TimeSpan.Zero);
        });
        world.RunUntil(() => blocked.Router.Socket.IsClosed);
        Assert.True(closed.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_client_of_a_STREAM_socket_that_does_not_read_holds_up_no_other()
    {
        using RealWorld world = new();
        ZMQStream server = world.Stream(SocketType.Stream);
        server.Socket.SendHighWaterMark = 2;
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        List<Frame> ids = [];
        server.OnRecv(message =>
        {
            if (!ids.Contains(message[0])) ids.Add(message[0]);
        });
        using TcpClient slow = Connect(port);
        world.RunUntil(() => ids.Count == 1);
        using TcpClient good = Connect(port);
        world.RunUntil(() => ids.Count == 2);
        for (int i = 0; i < 32; i++) server.Send(new Message(ids[0], new byte[1 << 20]));
        world.RunUntil(() => server.SendQueueLength is > 0 and < 32);
        server.Send(new Message(ids[1], "hello"));
        world.RunUntil(() => good.Available == 5);
        Assert.True(server.SendQueueLength > 0);

        // And the slow one gets what it waits for, in order, once it reads.
        byte[] buffer = new byte[1 << 20];
        long got = 0;
        world.RunUntil(() =>
        {
            while (slow.Available > 0) got += slow.GetStream().Read(buffer);
            return got == 32L << 20;
        });
        Assert.Equal(0, server.SendQueueLength);
        Assert.Empty(world.Loop.Errors);
    }

    private static TcpClient Connect(int port)
    {
        TcpClient client = new("127.0.0.1", port);
        client.GetStream().WriteByte((byte)'!'); // libzmq tells of the connection alone, NetMQ of what comes by it
        return client;
    }

    private sealed class Blocked : IDisposable
    {
        public Blocked(RealWorld world, bool tcp, int peers)
        {
            Router = world.Stream(SocketType.Router);
            Router.Socket.RouterMandatory = true;
            Router.Socket.SendHighWaterMark = 1;
            string endpoint = RealWorld.Inproc();
            if (tcp) endpoint = $"tcp://127.0.0.1:{Router.BindToRandomPort("tcp://127.0.0.1")}";
            else Router.Bind(endpoint);
            int greeted = 0;
            Router.OnRecv(_ => greeted++);
            for (int i = 0; i < peers; i++)
            {
                ZMQSocket peer = world.Socket(SocketType.Dealer);
                peer.RoutingId = System.Text.Encoding.ASCII.GetBytes($"{i}");
                peer.ReceiveHighWaterMark = 1;
                peer.Connect(endpoint);
                RealWorld.Send(peer, "hello");
                Peers.Add(peer);
            }

            world.RunUntil(() => greeted == peers);
        }

        public ZMQStream Router { get; }

        public List<ZMQSocket> Peers { get; } = [];

        public void Dispose() => Router.Dispose();
    }
}
