namespace ZmqLoop.Streams.SocketTests;

/// <summary>Messages with more frames or bytes than a stream or proxy allows: read to their end in pieces, dropped, counted, told; and the
/// next one comes.</summary>
public sealed class MessageLimitTests
{
    private const int ManyFrames = 20_000;

    private static readonly ZMQStreamOptions _few = new() { MaxFramesPerMessage = 10, MaxBytesPerMessage = 1_000 };

    [Theory]
    [InlineData("callback")]
    [InlineData("borrowed")]
    [InlineData("async")]
    [InlineData("task")]
    [InlineData("reader")]
    [InlineData("discard")]
    public void However_messages_are_received_one_that_is_too_large_is_dropped_and_the_others_come(string how)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp: true, options: _few);
        Begin(world, stream, how);
        RealWorld.Send(peer, "first");
        RealWorld.Send(peer, Frames(11));
        RealWorld.Send(peer, "second");
        RealWorld.Send(peer, new byte[1_001]);
        RealWorld.Send(peer, new byte[500], new byte[501], "and more");
        RealWorld.Send(peer, Frames(10));
        world.RunUntil(() =>
        {
            if (how == "discard") world.Log.AddRange(Enumerable.Repeat("", stream.Discard(10)));
            return world.Log.Count == 3;
        });
        if (how != "discard") Assert.Equal(["first", "second", new string('|', 9)], world.Log);
        Assert.Equal(3, stream.OversizedMessages);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_message_of_very_many_frames_does_not_hold_up_the_others_on_the_loop()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, options: _few);
        world.LogReceived(stream);
        RealWorld.Send(peer, Frames(ManyFrames));
        RealWorld.Send(peer, "next");
        int before = world.Polls;
        world.RunUntil(() => world.Log.Count > 0);
        Assert.Equal(["next"], world.Log);
        Assert.InRange(world.Polls - before, ManyFrames / 4096, int.MaxValue);
    }

    [Fact]
    public void What_is_dropped_is_told_once_a_minute_with_its_size_and_where_it_came_from()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Router, SocketType.Dealer, tcp: true, options: _few);
        world.LogReceived(stream);
        for (int i = 0; i < 3; i++) RealWorld.Send(peer, Frames(20));
        RealWorld.Send(peer, "next");
        world.RunUntil(() => world.Log.Count > 0);
        string line = Assert.Single(world.Loggers.Warnings());
        Assert.Contains("dropped a message of 21 frames", line, StringComparison.Ordinal);
        Assert.Contains(
            EngineUnderTest.Current.Can(Abilities.Properties) ? "from 127.0.0.1 (1)" : "from peer '", line, StringComparison.Ordinal);
        Assert.Equal(3, stream.OversizedMessages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_REP_answers_what_it_drops_and_serves_the_next(bool withReply)
    {
        using RealWorld world = new();
        ZMQStreamOptions options = _few with
        {
            ErrorReply = withReply ? static (_, error) => new Message($"{((ZMQException)error).Code}") : null,
        };
        (ZMQStream server, ZMQSocket client) = world.Pair(SocketType.Rep, SocketType.Req, tcp: true, options: options);
        server.OnRecv(message => server.Send(message));
        RealWorld.Send(client, Frames(11));
        Assert.Equal(withReply ? nameof(ZMQErrorCode.MessageTooLong) : "", ReceiveWhileRunning(world, client));
        RealWorld.Send(client, "next");
        Assert.Equal("next", ReceiveWhileRunning(world, client));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Who_awaits_an_answer_that_is_dropped_hears_so_and_may_ask_again()
    {
        using RealWorld world = new();
        (ZMQStream client, ZMQSocket server) = world.Pair(SocketType.Req, SocketType.Rep, tcp: true, options: _few);
        client.Send("how much?");
        Assert.Equal("how much?", ReceiveWhileRunning(world, server));
        RealWorld.Send(server, Frames(11));
        Task<Message> answer = client.ReceiveAsync().AsTask();
        world.RunUntil(() => answer.IsCompleted);
        Assert.Equal(ZMQErrorCode.MessageTooLong, Assert.IsType<ZMQException>(answer.Exception?.InnerException).Code);
        client.Send("and now?");
        Assert.Equal("and now?", ReceiveWhileRunning(world, server));
        RealWorld.Send(server, "little");
        answer = client.ReceiveAsync().AsTask();
        world.RunUntil(() => answer.IsCompleted);
        Assert.Equal("little", answer.Result.Text());
    }

    [Fact]
    public void The_frame_of_a_trace_is_not_counted()
    {
        const string Trace = "traceparent: 00-07070707070707070707070707070707-0808080808080808-01";
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, options: _few with { PropagateTrace = true });
        world.LogReceived(stream);
        RealWorld.Send(peer, [.. Frames(10), Trace]);
        RealWorld.Send(peer, new string('x', 1_000), Trace);
        RealWorld.Send(peer, "last");
        world.RunUntil(() => world.Log.Contains("last"));
        Assert.Equal([new string('|', 9), new string('x', 1_000), "last"], world.Log);
        Assert.Equal(0, stream.OversizedMessages);
    }

    [Fact]
    public void A_proxy_drops_it_too()
    {
        using RealWorld world = new();
        ZMQSocket front = world.Socket(SocketType.Pull);
        ZMQSocket back = world.Socket(SocketType.Push);
        ZMQSocket sender = world.Socket(SocketType.Push);
        sender.Connect($"tcp://127.0.0.1:{front.BindToRandomPort("tcp://127.0.0.1")}");
        ZMQStream receiver = world.Stream(SocketType.Pull);
        receiver.Connect($"tcp://127.0.0.1:{back.BindToRandomPort("tcp://127.0.0.1")}");
        world.LogReceived(receiver);
        using ZMQProxy proxy = new(front, back, loop: world.Loop, options: new ProxyOptions { MaxFramesPerMessage = 10 });
        RealWorld.Send(sender, "first");
        RealWorld.Send(sender, Frames(ManyFrames));
        RealWorld.Send(sender, "second");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["first", "second"], world.Log);
        Assert.Equal(1, proxy.OversizedMessages);
        Assert.Contains(world.Loggers.Warnings(), static line => line.Contains($"{ManyFrames} frames", StringComparison.Ordinal));
    }

    [Fact]
    public void A_socket_that_its_stream_left_open_receives_everything_again()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) =
            world.Pair(SocketType.Pull, SocketType.Push, options: _few with { LeaveOpen = true });
        stream.Close();
        RealWorld.Send(peer, Frames(11));
        Assert.Equal(new string('|', 10), RealWorld.Receive(stream.Socket));
    }

    private static void Begin(RealWorld world, ZMQStream stream, string how)
    {
        switch (how)
        {
            case "callback":
                world.LogReceived(stream);
                break;
            case "borrowed":
                stream.OnRecv(message => world.Log.Add(message.Text()), copy: false);
                break;
            case "async":
                stream.OnRecv(async message =>
                {
                    await Task.Yield();
                    world.Log.Add(message.Text());
                });
                break;
            case "task":
                world.Loop.AddCallback(async () =>
                {
                    while (world.Log.Count < 3) world.Log.Add((await stream.ReceiveAsync()).Text());
                });
                break;
            case "reader":
                world.Loop.AddCallback(async () =>
                {
                    while (world.Log.Count < 3) world.Log.Add((await stream.Reader.ReadAsync()).Text());
                });
                break;
        }
    }

    private static string ReceiveWhileRunning(RealWorld world, ZMQSocket socket)
    {
        Message? message = null;
        world.RunUntil(() => socket.TryReceive(out message));
        return message!.Text();
    }

    private static Frame[] Frames(int count) => [.. Enumerable.Repeat(Frame.Empty, count)];
}
