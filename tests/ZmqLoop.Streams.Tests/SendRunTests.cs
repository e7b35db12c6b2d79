namespace ZmqLoop.Streams.Tests;

/// <summary>Messages that nobody asks about are sent several at a time; nothing else may be seen of that.</summary>
public sealed class SendRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    public void Would_block_in_the_middle_of_a_run_keeps_the_rest_in_order(int room)
    {
        using StreamWorld world = new();
        world.Socket.Room = room;
        string[] all = [.. Enumerable.Range(1, 50).Select(static i => $"{i}")];
        foreach (string text in all) world.Stream.Send(text);
        world.Run();
        Assert.Equal(all[..room], world.Socket.Outbox);
        Assert.Equal(all.Length - room, world.Stream.SendQueueLength);
        Assert.Equal(all[room..].Sum(static text => text.Length), world.Stream.SendQueueBytes);
        world.Socket.Room = int.MaxValue;
        world.Run();
        Assert.Equal(all, world.Socket.Outbox);
        Assert.Equal((0, 0), (world.Stream.SendQueueLength, world.Stream.SendQueueBytes));
    }

    [Fact]
    public void A_failure_in_the_middle_of_a_run_is_tried_once_and_reported_with_its_message()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(5, new ZMQException("no"));
        for (int i = 1; i <= 20; i++) world.Stream.Send($"{i}");
        world.Run();
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Equal(("no", "5"), (error.Message, Assert.IsType<Message>(origin.Item).Text()));
        Assert.Equal(20, world.Socket.SendAttempts);
        Assert.Equal(Enumerable.Range(1, 20).Where(static i => i != 5).Select(static i => $"{i}"), world.Socket.Outbox);
    }

    [Fact]
    public void The_report_of_a_failure_may_clear_the_queue_and_close_the_stream()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(3, new ZMQException("no"));
        for (int i = 1; i <= 20; i++) world.Stream.Send($"{i}");
        world.Loop.OnError = _ =>
        {
            Assert.Equal(17, world.Stream.SendQueueLength);
            Assert.Equal(17, world.Stream.ClearSendQueue());
            world.Stream.Close();
        };
        world.Run();
        Assert.Equal(["1", "2"], world.Socket.Outbox);
        Assert.Equal(17, world.Stream.DroppedMessages);
    }

    [Fact]
    public void A_stream_sends_at_most_its_budget_in_a_turn()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 20 });
        List<int> sentAt = [];
        for (int i = 0; i < 50; i++) world.Stream.Send("x");
        world.Loop.AddCallback(Note);
        world.Run();
        Assert.Equal([20, 40, 50], sentAt.Distinct().Where(static sent => sent > 0));

        void Note()
        {
            sentAt.Add(world.Socket.Outbox.Count);
            if (world.Socket.Outbox.Count < 50) world.Loop.AddCallback(Note);
        }
    }

    /// <summary>Plain messages, messages with callbacks and with times to live, on a socket that blocks and fails now and then, and a queue
    /// that is cleared, from a seed: each ends exactly once.</summary>
    [Theory]
    [InlineData(SocketType.Dealer)]
    [InlineData(SocketType.Router)]
    public void Whatever_is_mixed_goes_out_in_order_and_each_message_ends_once(SocketType type)
    {
        for (int seed = 0; seed < 300; seed++) new Mix(type, seed).Run();
    }

    private sealed class Mix(SocketType type, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly HashSet<int> _failing = [];
        private readonly List<int> _failed = [];
        private readonly List<int> _toldSent = [];
        private readonly List<int> _toldDropped = [];
        private readonly List<int> _asked = [];
        private int _sent;

        public void Run()
        {
            using StreamWorld world = new(type: type);
            world.Socket.AlwaysSaysWritable = type == SocketType.Router;
            for (int step = 0; step < 60; step++) Step(world);
            world.Socket.Room = int.MaxValue;
            world.Run();

            int[] outbox = [.. world.Socket.Outbox.Select(static text => int.Parse(text["peer|".Length..]))];
            _failed.AddRange(world.Loop.Errors.Select(static error => Number((Message)error.Origin.Item!)));
            string trace =
                $"seed {seed}: sent {string.Join(' ', outbox)}; failed {string.Join(' ', _failed)}; dropped {world.Stream.DroppedMessages}";
            Assert.True(outbox.SequenceEqual(outbox.Distinct().Order()), trace);
            Assert.True(outbox.Intersect(_failed).Any() is false && _failed.Distinct().Count() == _failed.Count, trace);
            Assert.True(outbox.Length + _failed.Count + world.Stream.DroppedMessages == _sent, trace);
            Assert.True(_asked.SequenceEqual(_toldSent.Concat(_toldDropped).Concat(_failed.Intersect(_asked)).Order()), trace);
            Assert.True(_toldSent.SequenceEqual(outbox.Intersect(_asked)), trace);
            Assert.Equal((0, 0L), (world.Stream.SendQueueLength, world.Stream.SendQueueBytes));
        }

        private void Step(StreamWorld world)
        {
            switch (_random.Next(8))
            {
                case 0:
                    world.Socket.Room = _random.Next(30);
                    break;
                case 1 or 2:
                    // or it would be tried for ever
                    if (type == SocketType.Router)
                        world.Loop.CallLater(TimeSpan.FromMilliseconds(50), () => world.Socket.Room = int.MaxValue);
                    world.Run();
                    break;
                case 3:
                    int attempt = _random.Next(1, 40);
                    if (_failing.Add(world.Socket.SendAttempts + attempt)) world.Socket.FailSend(attempt, new ZMQException("no"));
                    break;
                case 4:
                    if (_random.Next(5) == 0) world.Stream.ClearSendQueue();
                    break;
                default:
                    for (int i = _random.Next(20); i >= 0; i--) Send(world.Stream);
                    break;
            }
        }

        private void Send(ZMQStream stream)
        {
            int number = _sent++;
            Message message = new("peer", $"{number}");
            switch (_random.Next(8))
            {
                case 0:
                    _asked.Add(number);
                    stream.Send(message, Told);
                    break;
                case 1:
                    stream.Send(message, TimeSpan.FromHours(1));
                    break;
                default:
                    stream.Send(message);
                    break;
            }
        }

        private void Told(Message message, Exception? error) =>
            (error switch { null => _toldSent, MessageNotSentException => _toldDropped, _ => _failed }).Add(Number(message));

        private static int Number(Message message) => int.Parse(message[1].ToText());
    }
}
