namespace ZmqLoop.Streams.SocketTests;

/// <summary>What the scripted tests say of sending and closing, once more over a real engine.</summary>
public sealed class RealSendingTests
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public void A_full_socket_that_others_send_on_as_well_holds_up_neither_timers_nor_other_streams()
    {
        const int Count = 2_000;
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push);
        ZMQSocket peer = world.Socket(SocketType.Pull);
        stream.Socket.SendHighWaterMark = peer.ReceiveHighWaterMark = 1;
        string name = RealWorld.Inproc();
        stream.Bind(name);
        peer.Connect(name);
        (ZMQStream other, ZMQSocket otherPeer) = world.Pair(SocketType.Dealer, SocketType.Dealer);
        int past = 0;
        int ticks = 0;
        int others = 0;
        List<string> got = [];
        stream.OnSend((_, error) => Assert.Null(error));
        for (int i = 0; i < Count; i++) stream.Send($"{i}");

        // In each turn somebody takes the room, if there is any, before the stream can.
        void Grab()
        {
            while (stream.Socket.TrySend(new Message("past"))) past++;
            if (got.Count < Count) world.Loop.AddCallback(Grab);
        }

        void Tick()
        {
            ticks++;
            if (peer.TryReceive(out Message? message) && message.Text() != "past") got.Add(message.Text());
            if (ticks % 2 == 0) stream.Flush(IOEvents.Write); // before the next grab
            if (got.Count < Count) world.Loop.CallLater(TimeSpan.Zero, Tick);
        }

        other.OnRecv(_ =>
        {
            others++;
            RealWorld.Send(otherPeer, "again");
        });
        RealWorld.Send(otherPeer, "first");
        Grab();
        Tick();
        world.RunUntil(() => got.Count == Count);
        Assert.Equal(MessageText.Numbers(Count), got);
        Assert.True(past > 0 && ticks >= Count && others > Count / 2,
            $"{past} past the stream, {ticks} ticks, {others} of the other stream");
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void SendAsync_waits_for_room_is_counted_can_be_cleared_and_ends_when_the_engine_took_the_message()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push, new ZMQStreamOptions { SendQueueLimit = 2 });
        string name = RealWorld.Inproc();
        stream.Bind(name);
        world.Loop.RunSync(async () =>
        {
            Task first = stream.SendAsync(new Message("1"), Ends);
            Task second = stream.SendAsync(new Message("22"), Ends);
            Task third = stream.SendAsync(new Message("3"), Ends); // waits for room
            Assert.False(stream.TrySend(new Message("4")));
            Assert.Throws<MessageNotSentException>(() => stream.Send("4"));
            Assert.Equal((3, 4L), (stream.SendQueueLength, stream.SendQueueBytes));
            Assert.Equal(3, stream.ClearSendQueue());
            foreach (Task cleared in (Task[])[first, second, third])
                Assert.Equal(NotSentReason.Cleared, (await Assert.ThrowsAsync<MessageNotSentException>(() => cleared)).Reason);

            Task last = stream.SendAsync(new Message("5"), Ends);
            Task full = stream.SendAsync(new Message("6"), Ends);
            Task<bool> room = stream.WaitToSendAsync(Ends);
            Assert.Equal(IOEvents.None, await stream.PollAsync(IOEvents.Write, TimeSpan.FromMilliseconds(1), Ends)); // turns go by
            Assert.False(last.IsCompleted || room.IsCompleted);
            ZMQSocket peer = world.Socket(SocketType.Pull);
            peer.Connect(name);
            await last;
            await full;
            Assert.True(await room);
            Assert.Equal("5", RealWorld.Receive(peer));
            Assert.Equal("6", RealWorld.Receive(peer));
        }, Deadline.Default);
        Assert.Equal(3, stream.DroppedMessages);
    }

    [Fact]
    public void A_bounded_queue_drops_the_newest_or_throws_where_it_was_told_to()
    {
        using RealWorld world = new();
        ZMQStream newest = world.Stream(SocketType.Push,
            new ZMQStreamOptions { SendQueueByteLimit = 2, SendQueueFullMode = SendQueueFullMode.DropNewest });
        ZMQStream strict =
            world.Stream(SocketType.Push, new ZMQStreamOptions { SendQueueLimit = 1, SendQueueFullMode = SendQueueFullMode.Throw });
        newest.OnSend((message, error) => world.Log.Add($"{message.Text()} {(error as MessageNotSentException)?.Reason}"));
        foreach (string text in (string[])["a", "b", "c"]) newest.Send(text);
        strict.Send("1", (_, _) => { });
        Assert.Equal(NotSentReason.QueueFull, Assert.Throws<MessageNotSentException>(() => strict.Send("2")).Reason);
        Task refused = strict.SendAsync(new Message("2"), Ends);
        Assert.IsType<MessageNotSentException>(refused.Exception!.InnerException);
        string name = RealWorld.Inproc();
        world.RunUntil(() => world.Log.Count == 1);
        newest.Bind(name);
        ZMQSocket peer = world.Socket(SocketType.Pull);
        peer.Connect(name);
        world.RunUntil(() => world.Log.Count == 3);
        Assert.Equal(["b QueueFull", "a ", "c "], world.Log);
        Assert.Equal("a", RealWorld.Receive(peer));
        Assert.Equal("c", RealWorld.Receive(peer));
        Assert.Equal((1, 0), (newest.DroppedMessages, strict.DroppedMessages));
    }

    [Theory]
    [InlineData("running", false)]
    [InlineData("running", true)]
    [InlineData("stopped", false)]
    [InlineData("stopped", true)]
    [InlineData("closed", false)]
    [InlineData("closed", true)]
    public async Task Closing_on_another_thread_in_any_state_of_the_loop_reports_what_was_not_sent_and_then_that_it_is_closed(string state,
        bool drain)
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push); // to nobody
        stream.SetCloseCallback(() =>
        {
            lock (world.Log) world.Log.Add($"closed {stream.Socket.IsClosed}");
        });
        for (int i = 0; i < 3; i++) stream.Send($"{i}", (message, error) =>
        {
            lock (world.Log) world.Log.Add($"{message.Text()} {error!.GetType().Name}");
        });
        Task asynchronous = stream.SendAsync(new Message("3"), Ends);
        Task? closed = null;
        void Close() => Deadline.RunThread(() =>
        {
            if (drain) closed = stream.CloseAsync(TimeSpan.FromMilliseconds(5));
            else stream.Close();
            stream.Close();
            stream.Dispose();
            Assert.Throws<ObjectDisposedException>(() => stream.Send("late"));
            stream.StopOnRecv();
            stream.StopOnSend();
        });

        if (state == "running") world.Loop.AddCallback(Close);
        if (state == "closed") world.Loop.Close();
        if (state == "running") world.RunUntil(() => world.Log.Count == 4);
        else Close();
        Assert.Equal(["0 ObjectDisposedException", "1 ObjectDisposedException", "2 ObjectDisposedException", "closed True"], world.Log);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => asynchronous);
        await (closed ?? stream.CloseAsync(TimeSpan.Zero));
        Assert.Equal((false, false, 0), (stream.IsReceiving, stream.IsSending, stream.SendQueueLength));
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData("Close")]
    [InlineData("CloseAsync")]
    [InlineData("a drain under way")]
    [InlineData("the socket's end")]
    public async Task A_close_that_the_loop_did_not_come_to_happens_when_the_loop_is_closed(string how)
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push); // to nobody
        stream.SetCloseCallback(() => world.Log.Add($"closed {stream.Socket.IsClosed}"));
        stream.OnSend((message, error) => world.Log.Add($"{message.Text()} {error!.GetType().Name}"));
        stream.Send("1");
        Task? closed = null;
        world.Loop.AddCallback(() =>
        {
            switch (how)
            {
                case "Close": Deadline.RunThread(() => stream.Close()); break;
                case "CloseAsync": Deadline.RunThread(() => closed = stream.CloseAsync(Deadline.Default)); break;
                case "a drain under way": closed = stream.CloseAsync(Deadline.Default); break;
                default: stream.Socket.Close(); break;
            }

            world.Loop.Stop();
        });
        world.Loop.Start();
        Assert.True(stream.IsClosed);
        Assert.Empty(world.Log);
        world.Loop.Close();
        Assert.Equal(["1 ObjectDisposedException", "closed True"], world.Log);
        if (closed is not null) await closed.WaitAsync(Deadline.Default, Ends);
        stream.Dispose();
        Assert.Equal(2, world.Log.Count);
        Assert.Empty(world.Loop.Errors);
    }
}
