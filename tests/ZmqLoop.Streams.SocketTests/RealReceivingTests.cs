namespace ZmqLoop.Streams.SocketTests;

/// <summary>What the scripted tests say of receiving, once more over a real engine.</summary>
public sealed class RealReceivingTests
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void A_budget_that_ends_with_the_last_message_misses_none_that_comes_later(int budget, bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) =
            world.Pair(SocketType.Pull, SocketType.Push, tcp, new ZMQStreamOptions { MessagesPerTurn = budget });
        int received = 0;
        stream.OnRecv(_ => received++, copy: false);
        for (int sent = 0; sent < 60;)
        {
            for (int end = sent + 2 * budget; sent < end; sent++) RealWorld.Send(peer, "x");
            int all = sent;
            world.RunUntil(() => received == all);
        }
    }

    [Fact]
    public void With_the_policy_pause_the_messages_after_the_error_stay_in_the_socket_until_the_next_callback()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) =
            world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { ErrorPolicy = StreamErrorPolicy.Pause });
        for (int i = 1; i <= 5; i++) RealWorld.Send(peer, $"{i}");
        stream.OnRecv(_ => throw StreamWorld.Oops);
        world.RunUntil(() => world.Loop.Errors.Count > 0);
        Assert.False(stream.IsReceiving);
        world.LogReceived(stream);
        world.RunUntil(() => world.Log.Count == 4);
        Assert.Equal(["2", "3", "4", "5"], world.Log);
        Assert.Equal("1", ((Message)Assert.Single(world.Loop.Errors).Origin.Item!).Text());
    }

    [Fact]
    public void With_the_policy_close_the_first_error_closes_the_stream_once_and_is_reported_once()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) =
            world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { ErrorPolicy = StreamErrorPolicy.Close });
        stream.SetCloseCallback(() => world.Log.Add("closed"));
        stream.OnRecv(_ => throw StreamWorld.Oops);
        RealWorld.Send(peer, "1");
        RealWorld.Send(peer, "2");
        world.RunUntil(() => world.Log.Count > 0);
        Assert.Equal(["closed"], world.Log);
        Assert.Same(StreamWorld.Oops, Assert.Single(world.Loop.Errors).Exception);
        Assert.True(stream.IsClosed && stream.Socket.IsClosed);
    }

    [Theory]
    [InlineData(StreamErrorPolicy.Pause)]
    [InlineData(StreamErrorPolicy.Close)]
    public void A_context_that_consumes_the_error_makes_it_not_have_happened(StreamErrorPolicy policy)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) =
            world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { ErrorPolicy = policy });
        new ExceptionStackContext(error =>
        {
            world.Log.Add(error.Message);
            return true;
        }).Run(() => stream.OnRecv(message => throw new InvalidOperationException(message.Text())));
        for (int i = 1; i <= 3; i++) RealWorld.Send(peer, $"{i}");
        world.RunUntil(() => world.Log.Count == 3);
        Assert.Equal(["1", "2", "3"], world.Log);
        Assert.Empty(world.Loop.Errors);
        Assert.True(stream.IsReceiving);
    }

    [Fact]
    public void A_flush_inside_the_callback_of_an_echo_with_100_000_requests_keeps_their_order_and_does_not_recurse()
    {
        const int Requests = 100_000;
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Dealer);
        ZMQSocket peer = world.Socket(SocketType.Dealer);
        foreach (ZMQSocket socket in (ZMQSocket[])[stream.Socket, peer]) (socket.SendHighWaterMark, socket.ReceiveHighWaterMark) = (0, 0);
        string name = RealWorld.Inproc();
        stream.Bind(name);
        peer.Connect(name);
        Message request = new();
        for (int i = 0; i < Requests; i++)
        {
            request.Clear();
            Assert.True(peer.TrySend(request.Append(BitConverter.GetBytes(i))));
        }

        int depth = 0;
        stream.OnRecv(message =>
        {
            Assert.Equal(1, ++depth);
            stream.Send(message);
            Assert.Equal(0, stream.Flush());
            depth--;
        }, copy: false);
        Assert.Equal(2 * Requests, stream.Flush());
        Assert.Empty(world.Loop.Errors);
        Message reply = new();
        for (int i = 0; i < Requests; i++)
        {
            Assert.True(peer.TryReceive(reply));
            Assert.Equal(i, BitConverter.ToInt32(reply[0].Span));
        }
    }

    [Fact]
    public void Discarding_throws_away_what_waits_and_nothing_else_does()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        for (int i = 1; i <= 5; i++) RealWorld.Send(peer, $"{i}");
        Assert.Equal(0, stream.Flush());
        Assert.Equal(2, stream.Discard(2));
        world.LogReceived(stream);
        world.RunUntil(() => world.Log.Count == 3);
        stream.StopOnRecv();
        RealWorld.Send(peer, "6");
        Assert.Equal(1, stream.Discard());
        Assert.Equal(["3", "4", "5"], world.Log);
    }

    [Fact]
    public void Two_handlers_at_once_are_allowed_two_and_both_resume_on_the_loop_while_another_stream_goes_on()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) =
            world.Pair(SocketType.Pull, SocketType.Push, options: new ZMQStreamOptions { MaxConcurrency = 2 });
        (ZMQStream other, ZMQSocket otherPeer) = world.Pair(SocketType.Pull, SocketType.Push);
        List<TaskCompletionSource> gates = [];
        int running = 0;
        int most = 0;
        stream.OnRecv(async message =>
        {
            most = Math.Max(most, ++running);
            TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
            gates.Add(gate);
            await gate.Task;
            Assert.True(world.Loop.IsRunning && world.Loop.CheckAccess());
            running--;
            world.Log.Add(message.Text());
        });
        other.OnRecv(message => Deadline.RunThread(() => gates[^1].SetResult())); // the last that began, from another thread
        for (int i = 0; i < 4; i++) RealWorld.Send(peer, $"{i}");
        foreach (int ended in (int[])[1, 2, 3])
        {
            world.RunUntil(() => running == 2);
            RealWorld.Send(otherPeer, "open");
            world.RunUntil(() => world.Log.Count == ended);
        }

        gates[0].SetResult();
        world.RunUntil(() => world.Log.Count == 4);
        Assert.Equal(["1", "2", "3", "0"], world.Log);
        Assert.Equal(2, most);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_callback_and_receiving_oneself_do_not_mix_and_say_so_at_the_call()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        world.LogReceived(stream);
        Action receive = () => stream.ReceiveAsync(Ends).AsTask();
        Action limited = () => stream.ReceiveAsync(TimeSpan.FromSeconds(1), Ends).AsTask();
        Action enumerate = () => stream.ReadAllAsync(Ends).GetAsyncEnumerator(Ends).MoveNextAsync().AsTask();
        foreach (Action wrong in (Action[])[receive, limited, enumerate, () => stream.Reader.TryRead(out _)])
            Assert.Contains("StopOnRecv", Assert.Throws<InvalidOperationException>(wrong).Message, StringComparison.Ordinal);
        world.Loop.AddCallback(() => Assert.Throws<InvalidOperationException>(receive)); // on the running loop as well
        RealWorld.Send(peer, "1");
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receives_that_are_cancelled_as_messages_come_lose_none_and_repeat_none(bool onTheLoop)
    {
        const int Count = 3_000;
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        List<int> received = [];
        int cancelled = 0;
        async Task ReceiveAllAsync()
        {
            while (received.Count < Count)
            {
                using CancellationTokenSource cancel = new();
                Task<Message> next = stream.ReceiveAsync(cancel.Token).AsTask();
                bool isCancelled = (received.Count + cancelled) % 2 == 0; // not all: cancelling may be the faster one each time
                if (isCancelled) ThreadPool.UnsafeQueueUserWorkItem(static cancel =>
                {
                    try
                    {
                        cancel.Cancel();
                    }
                    catch (ObjectDisposedException)
                    {
                        // The receive was faster.
                    }
                }, cancel, preferLocal: false);
                try
                {
                    received.Add(BitConverter.ToInt32((await next)[0].Span));
                }
                catch (OperationCanceledException)
                {
                    cancelled++;
                }
            }
        }

        Thread sender = new(() =>
        {
            for (int i = 0; i < Count; i++) RealWorld.Send(peer, BitConverter.GetBytes(i));
        });
        Task? receiving = null;
        if (onTheLoop) world.Loop.AddCallback(() => { receiving = ReceiveAllAsync(); });
        else receiving = Task.Run(ReceiveAllAsync, Ends);
        sender.Start();
        Deadline.RunUntil(world.Loop, () => receiving is { IsCompleted: true }, () => $"{received.Count} received, {cancelled} cancelled");
        sender.Join();
        Assert.True(receiving!.IsCompletedSuccessfully, receiving.Exception?.ToString());
        Assert.Equal(Enumerable.Range(0, Count), received);
    }

    [Fact]
    public void Pausing_and_resuming_all_the_time_under_a_flood_loses_and_repeats_nothing()
    {
        const int Count = 20_000;
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp: true);
        int next = 0;
        int ways = 0;
        async Task TakeOneAsync()
        {
            Assert.Equal(next++, BitConverter.ToInt32((await stream.ReceiveAsync(Ends))[0].Span));
            Resume();
        }

        // Callback, async callback, receive, flush: each takes some and hands over to the next.
        void Resume()
        {
            switch (ways++ % 4)
            {
                case 0:
                    stream.OnRecv(message => { Take(message); }, copy: false);
                    break;
                case 1:
                    stream.OnRecv(async message =>
                    {
                        await Task.Yield();
                        Take(message);
                    });
                    break;
                case 2:
                    stream.StopOnRecv();
                    world.Loop.AddCallback(TakeOneAsync);
                    break;
                default:
                    stream.OnRecv(message => { Take(message); });
                    world.Loop.AddCallback(() => stream.Flush(limit: 5));
                    break;
            }
        }

        void Take(Message message)
        {
            Assert.Equal(next++, BitConverter.ToInt32(message[0].Span));
            if (next % 3 != 0) return;
            stream.StopOnRecv();
            world.Loop.AddCallback(Resume);
        }

        Resume();
        Thread sender = new(() =>
        {
            for (int i = 0; i < Count; i++) RealWorld.Send(peer, BitConverter.GetBytes(i));
        });
        sender.Start();
        world.RunUntil(() => next == Count || world.Loop.Errors.Count > 0);
        sender.Join();
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(Count, next);
    }
}
