namespace ZmqLoop.Streams.SocketTests;

/// <summary>A ROUTER in a stream with default options: what it cannot deliver is not lost in silence, and clients that are slow, or go,
/// harm nobody else.</summary>
public sealed class RealRouterTests
{
    private const int Messages = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_echo_to_slow_clients_loses_nothing(bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream server, string endpoint) = Echo(world, tcp);
        List<Client> clients = [.. Enumerable.Range(0, 3).Select(i => new Client(world, endpoint, $"client {i}"))];
        world.RunUntil(() =>
        {
            foreach (Client client in clients)
            {
                for (int i = 0; i < 100; i++) client.TryAsk();
                for (int i = 0; i < 10; i++) client.TryRead(); // ten times slower than it asks
            }

            return clients.TrueForAll(static client => client.Asked == Messages);
        });
        world.RunUntil(() =>
        {
            foreach (Client client in clients) client.TryRead();
            return clients.TrueForAll(static client => client.Answered == Messages);
        });
        Assert.Equal((0, 0), (server.UnroutableMessages, server.SendQueueLength));
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clients_that_go_without_their_answers_are_counted_and_the_others_are_served(bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream server, string endpoint) = Echo(world, tcp);
        Client staying = new(world, endpoint, "staying");
        List<Client> leaving =
            [.. Enumerable.Range(0, 3).Select(i => new Client(world, endpoint, $"leaving {i}", size: 20_000, limit: int.MaxValue))];
        world.RunUntil(() =>
        {
            foreach (Client client in leaving) client.TryAsk();
            return server.SendQueueLength > 200; // nobody reads
        });
        foreach (Client client in leaving) client.Leave();
        world.RunUntil(() =>
        {
            staying.TryAsk();
            staying.TryRead();
            return staying.Answered >= 500 && server.SendQueueLength == 0;
        });
        Assert.InRange(server.UnroutableMessages, 100, long.MaxValue);
        Assert.Empty(world.Loop.Errors);
        Assert.InRange(world.Loggers.Entries.Count(static entry => entry.Text.Contains("could not route", StringComparison.Ordinal)), 1, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ROUTER_that_is_told_not_to_be_mandatory_drops_without_a_word_as_pyzmqs_does(bool before)
    {
        using RealWorld world = new();
        ZMQSocket socket = world.Socket(SocketType.Router);
        if (before) socket.RouterMandatory = false;
        using ZMQStream server = new(socket, world.Loop);
        if (!before) socket.RouterMandatory = false;
        bool? sent = null;
        server.Send(new Message("nobody", "hello"), (_, error) => sent = error is null);
        world.RunUntil(() => sent is not null);
        Assert.True(sent);
        Assert.Equal(0, server.UnroutableMessages);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_does_not_read_fills_its_own_part_of_the_queue_alone(bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream server, string endpoint) = Echo(world, tcp,
            new ZMQStreamOptions { MaxQueuedPerPeer = 20, SendQueueFullMode = SendQueueFullMode.DropWrite });
        Client slow = new(world, endpoint, "slow", size: 20_000, limit: int.MaxValue);
        world.RunUntil(() =>
        {
            Assert.InRange(server.SendQueueLength, 0, 20);
            slow.TryAsk();
            return server.DroppedMessages > 200;
        });
        Client other = new(world, endpoint, "other");
        long most = 0;
        world.RunUntil(() =>
        {
            if (other.Asked < other.Answered + 10) other.TryAsk();
            other.TryRead();
            most = Math.Max(most, server.SendQueueLength);
            return other.Answered == Messages;
        });
        Assert.InRange(most, 20, 40);

        // Nor is it lost: its line goes on when it reads, without what was dropped.
        world.RunUntil(() =>
        {
            slow.Discard();
            return server.SendQueueLength == 0;
        });
        Assert.Empty(world.Loop.Errors);
    }

    private static (ZMQStream Server, string Endpoint) Echo(RealWorld world, bool tcp, ZMQStreamOptions? options = null)
    {
        ZMQStream server = world.Stream(SocketType.Router, options);
        server.Socket.SendHighWaterMark = 10;
        string endpoint = RealWorld.Inproc();
        if (tcp) endpoint = $"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}";
        else server.Bind(endpoint);
        server.OnRecv(request => server.Send(request.Reply(request.Body)), copy: false);
        return (server, endpoint);
    }

    private sealed class Client
    {
        private readonly byte[] _padding;
        private readonly int _limit;
        private readonly ZMQSocket _socket;

        public Client(RealWorld world, string endpoint, string name, int size = 1000, int limit = Messages)
        {
            _padding = new byte[size];
            _limit = limit;
            _socket = world.Socket(SocketType.Dealer);
            _socket.RoutingId = System.Text.Encoding.ASCII.GetBytes(name);
            _socket.ReceiveHighWaterMark = 10;
            _socket.Connect(endpoint);
        }

        public int Asked { get; private set; }

        public int Answered { get; private set; }

        public void TryAsk()
        {
            if (Asked < _limit && _socket.TrySend(new Message($"{Asked}", _padding))) Asked++;
        }

        public void TryRead()
        {
            if (!_socket.TryReceive(out Message? answer)) return;
            Assert.Equal($"{Answered}", answer[0].ToText());
            Answered++;
        }

        public void Discard() => _socket.TryReceive(out _);

        public void Leave() => _socket.Close(TimeSpan.Zero);
    }
}
