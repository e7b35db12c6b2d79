using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Interop;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>How much a peer may announce, and who is told when nobody says how much.</summary>
public sealed class LimitTests
{
    private const long Default = 256 << 20;
    private const long OfSubscriptions = 4096;

    private readonly RecordingLoggers _loggers = new();

    private IEnumerable<string> Warnings =>
        _loggers.Entries.Select(static entry => entry.Text).Where(static text => text.Contains("MaxMessageSize", StringComparison.Ordinal));

    [Theory]
    [InlineData(SocketType.Router, Default)]
    [InlineData(SocketType.Pull, Default)]
    [InlineData(SocketType.Pub, OfSubscriptions)]
    [InlineData(SocketType.XPub, OfSubscriptions)]
    public void A_socket_of_an_engine_begins_with_a_limit_on_what_its_peers_send(SocketType type, long limit)
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = _loggers });
        using ZMQSocket socket = engine.CreateSocket(type);
        Assert.Equal(limit, socket.MaxMessageSize);
        socket.Bind("tcp://127.0.0.1:*");
        socket.MaxMessageSize = 1000;
        Assert.Equal(1000, socket.MaxMessageSize);
        Assert.Empty(Warnings);
    }

    [Fact]
    public void The_engine_says_which_limit_its_sockets_begin_with()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { MaxMessageSize = 2000, LoggerFactory = _loggers });
        using ZMQSocket router = engine.CreateSocket(SocketType.Router);
        using ZMQSocket publisher = engine.CreateSocket(SocketType.Pub);
        using ZMQSocket adopted = new DealerSocket().AsZMQSocket(engine);
        Assert.Equal((2000, 2000, 2000), (router.MaxMessageSize, publisher.MaxMessageSize, adopted.MaxMessageSize));
    }

    [Fact]
    public void Numbers_that_make_no_engine_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new NetMQEngine(new NetMQEngineOptions { MaxMessageSize = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new NetMQEngine(new NetMQEngineOptions { IOThreads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new NetMQEngine(new NetMQEngineOptions { MaxSockets = 0 }));
    }

    [Fact]
    public void An_adopted_socket_gets_the_limit_unless_it_has_one()
    {
        using DealerSocket bare = new();
        using DealerSocket careful = new();
        careful.Options.MaxMsgSize = 77;
        Assert.Equal(Default, bare.AsZMQSocket().MaxMessageSize);
        Assert.Equal(77, careful.AsZMQSocket().MaxMessageSize);
        Assert.Equal(Default, bare.Options.MaxMsgSize);
    }

    [Fact]
    public void The_connections_that_an_adopted_socket_has_get_the_limit_too()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { MaxMessageSize = 1000, LoggerFactory = _loggers });
        using RouterSocket router = new();
        using DealerSocket dealer = new();
        using DealerSocket other = new();
        int port = router.BindRandomPort("tcp://127.0.0.1");
        foreach (DealerSocket peer in (DealerSocket[])[dealer, other])
        {
            peer.Connect($"tcp://127.0.0.1:{port}");
            peer.SendFrame(new byte[2000]);
            Assert.Equal(2000, Receive(router));
        }

        router.AsZMQSocket(engine);
        other.SendFrame(new byte[999]);
        Assert.Equal(999, Receive(router));
        dealer.SendFrame(new byte[2000]); // which ends the connection, and nothing else
        dealer.SendFrame(new byte[5]);
        other.SendFrame(new byte[6]);
        Assert.Equal(6, Receive(router));
        Deadline.WaitUntil(() =>
        {
            dealer.SendFrame(new byte[7]); // when it is connected again
            return router.TryReceiveFrameBytes(TimeSpan.FromMilliseconds(10), out _) && router.ReceiveFrameBytes().Length == 7;
        });
        Assert.DoesNotContain(_loggers.Entries, static entry => entry.Text.Contains("already take", StringComparison.Ordinal));

        static int Receive(RouterSocket router)
        {
            Assert.True(router.TryReceiveFrameBytes(Deadline.Default, out _));
            return router.ReceiveFrameBytes().Length;
        }
    }

    [Fact]
    public void Where_the_limit_of_a_connection_cannot_be_reached_one_warning_says_so()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = _loggers });
        LimitInternals.AreKnown = false;
        try
        {
            for (int i = 0; i < 2; i++)
            {
                using RouterSocket router = new();
                router.BindRandomPort("tcp://127.0.0.1");
                router.AsZMQSocket(engine);
            }

            using RouterSocket fresh = new();
            fresh.AsZMQSocket(engine);
        }
        finally
        {
            LimitInternals.AreKnown = true;
        }

        Assert.Single(_loggers.Entries, static entry => entry.Text.Contains("already take", StringComparison.Ordinal));
    }

    [Fact]
    public void A_PUB_on_a_loop_does_not_keep_what_its_peers_send_and_nobody_can_read()
    {
        using NetMQWorld world = new();
        PublisherSocket publisher = world.Own(new PublisherSocket());
        XSubscriberSocket peer = world.Own(new XSubscriberSocket());
        publisher.Options.ReceiveHighWatermark = peer.Options.SendHighWatermark = 0; // or it would drop the subscription
        int port = publisher.BindRandomPort("tcp://127.0.0.1");
        object core = SocketInternals.Core(publisher);
        using ZMQStream stream = new(publisher.AsZMQSocket(), world.Loop);
        peer.Connect($"tcp://127.0.0.1:{port}");
        for (int i = 0; i < 20_000; i++) peer.SendFrame("no subscription");
        peer.SendFrame([1]); // everything
        world.RunUntil(() =>
        {
            stream.Send("news");
            return peer.TryReceiveFrameString(out _);
        });
        world.RunUntil(() => PubInternals.Unread(core).Count <= 1000);
    }

    [Fact]
    public void Taking_the_limit_away_is_logged_once_and_says_what_to_do()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = _loggers });
        using ZMQSocket socket = engine.CreateSocket(SocketType.Router);
        socket.MaxMessageSize = -1;
        socket.MaxMessageSize = -1;
        socket.Bind("tcp://127.0.0.1:*");
        Assert.Contains("Set MaxMessageSize", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_socket_that_goes_to_the_network_without_one_and_none_that_stays_in_the_process()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { MaxMessageSize = null, LoggerFactory = _loggers });
        using ZMQSocket inside = engine.CreateSocket(SocketType.Router);
        inside.Bind(NetMQWorld.Inproc());
        Assert.Empty(Warnings);
        using ZMQSocket outside = engine.CreateSocket(SocketType.Router);
        outside.Bind("tcp://127.0.0.1:*");
        Assert.Single(Warnings);
    }

    [Fact]
    public void A_publisher_that_takes_long_subscriptions_is_warned_of_its_stack()
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = _loggers });
        using ZMQSocket publisher = engine.CreateSocket(SocketType.Pub);
        publisher.MaxMessageSize = 1 << 20;
        Assert.Contains("overflows the stack", Assert.Single(Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscription_that_would_overflow_the_stack_closes_its_connection_alone()
    {
        using NetMQWorld world = new();
        ZMQSocket publisher = world.Own(world.Loop.Engine.CreateSocket(SocketType.XPub));
        int port = publisher.BindToRandomPort("tcp://127.0.0.1");
        await Attacker.SendAsync(port, HostileInputs.OfKind("subscription", "SUB"), TestContext.Current.CancellationToken);
        ZMQSocket subscriber = world.Own(world.Loop.Engine.CreateSocket(SocketType.Sub));
        subscriber.Subscribe(new string('s', 4000));
        subscriber.Connect($"tcp://127.0.0.1:{port}");
        Message? subscription = null;
        Deadline.WaitUntil(() => publisher.TryReceive(out subscription));
        Assert.Equal(4001, subscription![0].Length);
    }
}
