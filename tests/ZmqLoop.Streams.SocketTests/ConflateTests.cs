namespace ZmqLoop.Streams.SocketTests;

/// <summary>A socket that keeps the newest message gives the newest, however long nobody asked.</summary>
public sealed class ConflateTests
{
    public static TheoryData<SocketType, SocketType, string, bool> Ways()
    {
        TheoryData<SocketType, SocketType, string, bool> ways = [];
        foreach ((SocketType type, SocketType sender) in ((SocketType, SocketType)[])
            [(SocketType.Sub, SocketType.Pub), (SocketType.Pull, SocketType.Push), (SocketType.Dealer, SocketType.Dealer)])
        {
            foreach (string style in (string[])
                ["receive", "receive elsewhere", "raw", "taken", "callback", "async callback", "all", "reader"])
            {
                ways.Add(type, sender, style, false);
                ways.Add(type, sender, style, true);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_received_after_a_pause_is_the_newest(SocketType type, SocketType sender, string style, bool ownPoller)
    {
        EngineUnderTest.Current.Need(Abilities.Conflate);
        using RealWorld world = new(ownPoller);
        ZMQStream stream = world.Stream(type); // before the option is set: the loop watches it already
        stream.Socket.Conflate = true;
        if (type == SocketType.Sub) stream.Subscribe("");
        ZMQSocket peer = world.Socket(sender);
        string name = RealWorld.Inproc();
        peer.Bind(name);
        stream.Connect(name);
        using Receiver receiver = new(world, stream, style);
        Assert.Equal("first", receiver.Next(() => peer.TrySend(new Message("first"))));
        receiver.Pause();
        for (int i = 0; i <= 20; i++)
        {
            Deadline.WaitUntil(() => peer.TrySend(new Message($"{i}")));
            world.Loop.RunOnce(TimeSpan.Zero);
            world.Loop.RunOnce(TimeSpan.Zero);
        }

        if (style == "reader") // which reads ahead
            world.RunUntil(() => stream.Reader.TryPeek(out Message? newest) && newest[0].ToText() == "20");
        string got = receiver.Next(static () => { });
        if (got == "first") got = receiver.Next(static () => { }); // sent more than once at the beginning
        Assert.Equal("20", got);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_socket_that_conflates_and_nobody_reads_costs_no_turns()
    {
        EngineUnderTest.Current.Need(Abilities.Conflate);
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Sub);
        stream.Socket.Conflate = true;
        stream.Subscribe("");
        ZMQSocket peer = world.Socket(SocketType.Pub);
        string name = RealWorld.Inproc();
        peer.Bind(name);
        stream.Connect(name);
        Deadline.WaitUntil(() => peer.TrySend(new Message("first")) && stream.Socket.TryReceive(out _)); // the subscription is there
        for (int i = 0; i < 100; i++) peer.TrySend(new Message($"{i}"));
        world.Loop.RunOnce(TimeSpan.Zero);
        int before = world.Polls;
        world.Loop.CallLater(0.05, world.Loop.Stop);
        Deadline.Run(world.Loop);
        Assert.InRange(world.Polls - before, 1, 5);
    }

    /// <summary>Somebody who receives, pauses, and receives again.</summary>
    private sealed class Receiver(RealWorld world, ZMQStream stream, string style) : IDisposable
    {
        private readonly Queue<string> _got = new();
        private TaskCompletionSource _handler = new();
        private IAsyncEnumerator<Message>? _all;

        public string Next(Action prepare)
        {
            string? next = null;
            Begin();
            world.RunUntil(() =>
            {
                prepare();
                if (style == "raw" && stream.Socket.TryReceive(out Message? message)) next = message[0].ToText();
                else if (style == "taken" && stream.TryReceive(out Message? taken)) next = taken[0].ToText();
                else if (next is null && _got.TryDequeue(out string? got)) next = got;
                return next is not null;
            });
            return next!;
        }

        public void Pause()
        {
            if (style == "callback") stream.StopOnRecv();
            world.Loop.RunOnce(TimeSpan.Zero);
            world.Loop.RunOnce(TimeSpan.Zero);
        }

        public void Dispose() => _handler.TrySetResult();

        private void Begin()
        {
            switch (style)
            {
                case "receive":
                    world.Loop.AddCallback(async () => _got.Enqueue((await stream.ReceiveAsync())[0].ToText()));
                    break;
                case "receive elsewhere":
                    Task<Message> elsewhere = Task.Run(() => stream.ReceiveAsync().AsTask());
                    world.Loop.AddFuture(elsewhere, ended => _got.Enqueue(ended.Result[0].ToText()));
                    break;
                case "callback":
                    stream.OnRecv(message =>
                    {
                        _got.Enqueue(message[0].ToText());
                        stream.StopOnRecv();
                    });
                    break;
                case "async callback":
                    TaskCompletionSource before = _handler;
                    _handler = new TaskCompletionSource();
                    if (!stream.IsReceiving) stream.OnRecv(HandleAsync);
                    before.TrySetResult();
                    break;
                case "all":
                    _all ??= stream.ReadAllAsync().GetAsyncEnumerator();
                    world.Loop.AddCallback(async () =>
                    {
                        await _all.MoveNextAsync();
                        _got.Enqueue(_all.Current[0].ToText());
                    });
                    break;
                case "reader":
                    world.Loop.AddCallback(async () => _got.Enqueue((await stream.Reader.ReadAsync())[0].ToText()));
                    break;
                default:
                    break;
            }
        }

        private async Task HandleAsync(Message message)
        {
            _got.Enqueue(message[0].ToText());
            await _handler.Task;
        }
    }
}
