using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>What the libraries drop without a word, and what they keep, where a peer has no room or goes: as docs/delivery.md
/// says.</summary>
public sealed class SilentLossTests : IDisposable
{
    private const int Count = 1_000;
    private const int Mark = 10;

    private readonly RealWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(SocketType.Pub)]
    [InlineData(SocketType.XPub)]
    public void A_publisher_drops_for_the_subscriber_that_has_no_room_and_says_sent(SocketType type)
    {
        ZMQStream publisher = _world.Stream(type);
        publisher.Socket.SendHighWaterMark = Mark;
        string endpoint = RealWorld.Inproc();
        publisher.Bind(endpoint);
        Assert.Equal(Count, SendAll(publisher)); // nobody is there: dropped, too
        ZMQSocket subscriber = _world.Socket(SocketType.Sub);
        subscriber.ReceiveHighWaterMark = Mark;
        subscriber.Subscribe("");
        subscriber.Connect(endpoint);
        _world.RunUntil(() =>
        {
            publisher.Send("first");
            return subscriber.TryReceive(out _);
        });
        Assert.Equal(Count, SendAll(publisher));
        List<string> received = ReadAll(subscriber);
        Assert.InRange(received.Count, 1, 4 * Mark);
        Assert.Equal(0, publisher.DroppedMessages);
    }

    [Fact]
    public void A_bare_ROUTER_drops_for_a_peer_without_room_and_one_that_it_does_not_know_and_says_sent()
    {
        ZMQSocket router = _world.Socket(SocketType.Router);
        router.SendHighWaterMark = Mark;
        string endpoint = RealWorld.Inproc();
        router.Bind(endpoint);
        ZMQSocket dealer = _world.Socket(SocketType.Dealer);
        dealer.RoutingId = "dealer"u8.ToArray();
        dealer.ReceiveHighWaterMark = Mark;
        dealer.Connect(endpoint);
        RealWorld.Send(dealer, "hello");
        RealWorld.Receive(router);
        for (int i = 0; i < Count; i++) Assert.True(router.TrySend(new Message("dealer", $"{i}")));
        Assert.True(router.TrySend(new Message("nobody", "hello")));
        List<string> received = ReadAll(dealer);
        Assert.InRange(received.Count, 1, 4 * Mark);
        Assert.Equal(Enumerable.Range(0, received.Count).Select(static i => $"{i}"), received); // the first, and no later ones
    }

    [Fact]
    public void A_REP_drops_the_answer_to_a_client_that_has_gone_says_sent_and_serves_the_next()
    {
        ZMQStream server = _world.Stream(SocketType.Rep);
        string endpoint = $"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}";
        bool hasGone = false;
        using SocketMonitor monitor = new(server.Socket, _world.Loop);
        monitor.OnEvent(happened => hasGone |= happened.Event == ZMQSocketEvents.Disconnected);
        ZMQSocket client = _world.Socket(SocketType.Req);
        client.Connect(endpoint);
        RealWorld.Send(client, "request");
        Message? request = null;
        server.OnRecv(message => request = message);
        _world.RunUntil(() => request is not null);
        client.Close(TimeSpan.Zero);
        _world.RunUntil(() => hasGone);
        Assert.Equal(1, SendAll(server, 1));
        ZMQStream next = _world.Stream(SocketType.Req);
        server.OnRecv(message => server.Send(message));
        _world.LogReceived(next);
        next.Connect(endpoint);
        next.Send("next");
        _world.RunUntil(() => _world.Log.Count == 1);
        Assert.Equal(["next"], _world.Log);
    }

    [Theory]
    [InlineData(SocketType.Push, SocketType.Pull)]
    [InlineData(SocketType.Dealer, SocketType.Dealer)]
    public void What_a_socket_that_connects_has_queued_comes_when_its_peer_is_back(SocketType type, SocketType peerType)
    {
        ZMQSocket peer = _world.Socket(peerType);
        string endpoint = $"tcp://127.0.0.1:{peer.BindToRandomPort("tcp://127.0.0.1")}";
        ZMQStream sender = _world.Stream(type);
        bool hasGone = false;
        using SocketMonitor monitor = new(sender.Socket, _world.Loop);
        monitor.OnEvent(happened => hasGone |= happened.Event == ZMQSocketEvents.Disconnected);
        sender.Connect(endpoint);
        Assert.Equal(1, SendAll(sender, 1));
        Assert.Equal("0", RealWorld.Receive(peer));
        peer.Close(TimeSpan.Zero);
        _world.RunUntil(() => hasGone);
        Assert.Equal(100, SendAll(sender, 100)); // taken, while nobody listens
        ZMQSocket back = _world.Socket(peerType);
        Deadline.WaitUntil(() => Record.Exception(() => back.Bind(endpoint)) is null);
        for (int i = 0; i < 100; i++) Assert.Equal($"{i}", RealWorld.Receive(back));
    }

    [Theory]
    [InlineData(SocketType.Push, SocketType.Pull)]
    [InlineData(SocketType.Dealer, SocketType.Dealer)]
    public void What_was_on_its_way_when_a_connection_broke_is_lost_and_what_follows_comes_in_order_and_once(
        SocketType type, SocketType peerType)
    {
        ZMQSocket peer = _world.Socket(peerType);
        using TcpRelay relay = new($"tcp://127.0.0.1:{peer.BindToRandomPort("tcp://127.0.0.1")}");
        ZMQStream sender = _world.Stream(type);
        bool isBroken = false;
        using SocketMonitor monitor = new(sender.Socket, _world.Loop);
        monitor.OnEvent(happened => isBroken |= happened.Event == ZMQSocketEvents.Disconnected);
        sender.Connect(relay.Endpoint);
        Assert.Equal(1, SendAll(sender, 1));
        Assert.Equal("0", RealWorld.Receive(peer));
        relay.Swallow();
        int sent = 0;
        byte[] padding = new byte[1000];
        for (int i = 0; i < 100; i++) sender.Send(new Message("lost", padding), (_, error) => sent += error is null ? 1 : 0);
        _world.RunUntil(() => sent == 100 && relay.Swallowed > 100 * padding.Length);
        relay.Break();
        _world.RunUntil(() => isBroken);
        Assert.Equal(10, SendAll(sender, 10));
        for (int i = 0; i < 10; i++) Assert.Equal($"{i}", RealWorld.Receive(peer));
        Assert.False(peer.TryReceive(out _));
    }

    [Fact]
    public void What_a_socket_that_binds_has_queued_for_a_peer_goes_with_its_connection_and_the_streams_own_queue_stays()
    {
        ZMQStream sender = _world.Stream(SocketType.Push);
        sender.Socket.SendHighWaterMark = Mark;
        string endpoint = $"tcp://127.0.0.1:{sender.BindToRandomPort("tcp://127.0.0.1")}";
        ZMQSocket peer = _world.Socket(SocketType.Pull);
        peer.ReceiveHighWaterMark = Mark;
        peer.Connect(endpoint);
        int queued = 0;
        int sent = 0;
        byte[] padding = new byte[100_000];
        _world.RunUntil(() =>
        {
            if (sender.SendQueueLength < 20) sender.Send(new Message($"{queued++}", padding), (_, error) => sent += error is null ? 1 : 0);
            return sent > Mark && sender.SendQueueLength == 20;
        });
        int taken = sent;
        Assert.Equal("0", RealWorld.Receive(peer).Split('|')[0]);
        peer.Close(TimeSpan.Zero);
        ZMQSocket next = _world.Socket(SocketType.Pull);
        next.Connect(endpoint);
        Message? first = null;
        _world.RunUntil(() => next.TryReceive(out first));
        int number = int.Parse(first![0].ToText(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(number, 1, queued - 1); // what had been taken for the first is nobody's
        for (number++; number < queued; number++)
        {
            Message? message = null;
            _world.RunUntil(() => next.TryReceive(out message));
            Assert.Equal($"{number}", message![0].ToText());
        }

        Assert.Equal((queued, 0), (sent, sender.SendQueueLength)); // all of them "sent"
        Assert.InRange(taken, Mark, queued);
    }

    [Fact]
    public void Immediate_keeps_messages_in_the_streams_queue_until_somebody_is_there()
    {
        string endpoint = $"tcp://{FreeAddress()}"; // not one that a socket had, which may still listen after its close
        ZMQStream sender = _world.Stream(SocketType.Push);
        sender.Socket.Immediate = true;
        sender.Connect(endpoint);
        for (int i = 0; i < 10; i++) sender.Send($"{i}");
        int polls = _world.Polls;
        _world.Loop.CallLater(0.05, static () => { });
        _world.RunUntil(() => _world.Polls > polls + 1);
        Assert.Equal(10, sender.SendQueueLength);
        ZMQStream back = _world.Stream(SocketType.Pull);
        Deadline.WaitUntil(() => Record.Exception(() => back.Bind(endpoint)) is null);
        _world.LogReceived(back);
        _world.RunUntil(() => _world.Log.Count == 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"{i}"), _world.Log);
    }

    private static IPEndPoint FreeAddress()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    /// <summary>Sends numbers.</summary>
    /// <returns>Of how many it was said that they were sent.</returns>
    private int SendAll(ZMQStream stream, int count = Count)
    {
        int told = 0;
        int sent = 0;
        for (int i = 0; i < count; i++)
        {
            stream.Send($"{i}", (_, error) =>
            {
                told++;
                if (error is null) sent++;
            });
        }

        _world.RunUntil(() => told == count);
        return sent;
    }

    /// <summary>What has come over inproc, where what has been sent is there.</summary>
    private static List<string> ReadAll(ZMQSocket socket)
    {
        List<string> received = [];
        while (socket.TryReceive(out Message? message)) received.Add(message.Text());
        return received;
    }
}
