namespace ZmqLoop.Streams.SocketTests;

/// <summary>REQ and REP keep their turns: an answer belongs to its request, and where there can be none, whoever asks hears so at
/// once.</summary>
public sealed class RealLockstepTests
{
    private static readonly TimeSpan _notLong = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData("callback", false)]
    [InlineData("task", false)]
    [InlineData("nobody", false)]
    [InlineData("callback", true)]
    [InlineData("task", true)]
    [InlineData("nobody", true)]
    public void A_second_answer_is_told_and_goes_to_nobody(string asker, bool isLate)
    {
        using RealWorld world = new();
        ZMQStream server = world.Stream(SocketType.Rep);
        ZMQStream alice = world.Stream(SocketType.Req);
        ZMQStream bob = world.Stream(SocketType.Req);
        string endpoint = $"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}";
        alice.Connect(endpoint);
        bob.Connect(endpoint);
        Exception? told = null;
        server.OnRecv(message =>
        {
            server.Send(message);
            if (message.Text() != "alice") return;
            if (isLate) world.Loop.CallLater(_notLong, AnswerAgain);
            else AnswerAgain();
        });
        world.LogReceived(alice);
        world.LogReceived(bob);
        alice.Send("alice");
        world.RunUntil(() => world.Log.Count == 1 && (told ??= world.Loop.Errors.FirstOrDefault().Exception) is not null);
        Assert.Equal(ZMQErrorCode.FiniteStateMachine, Assert.IsType<ZMQException>(told).Code);
        Assert.Equal(0, server.SendQueueLength);
        for (int i = 0; i < 3; i++)
        {
            bob.Send($"bob {i}");
            world.RunUntil(() => world.Log.Count == 2 + i);
        }

        Assert.Equal(["alice", "bob 0", "bob 1", "bob 2"], world.Log);

        async void AnswerAgain()
        {
            Message secret = new("alice's");
            if (asker == "nobody") server.Send(secret);
            else if (asker == "callback") server.Send(secret, (_, error) => told = error);
            else told = await Record.ExceptionAsync(() => server.SendAsync(secret));
        }
    }

    [Theory]
    [InlineData("call", false)]
    [InlineData("call", true)]
    [InlineData("try", true)]
    [InlineData("task", false)]
    [InlineData("the request itself", false)]
    public void A_late_answer_is_refused_at_the_call_while_the_next_client_is_served(string way, bool copy)
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQStream alice, ZMQStream bob) = TwoClients(world, new ZMQStreamOptions { MaxConcurrency = 2 });
        Message? alices = null;
        Message? bobs = null;
        server.OnRecv(
            message =>
            {
                if (message.Text() != "alice") bobs = message.Keep();
                else server.Send((alices = message.Keep()).Reply("busy"));
            },
            copy);
        alice.Send("alice");
        world.RunUntil(() => world.Log.Count == 1);
        bob.Send("bob");
        world.RunUntil(() => bobs is not null);
        Message secret = way == "the request itself" ? alices! : alices!.Reply("alice's");
        Exception? refused = way switch
        {
            "call" => Record.Exception(() => server.Send(secret)),
            "try" => Record.Exception(() => server.TrySend(secret)),
            "task" => server.SendAsync(secret).Exception?.InnerException,
            _ => Record.Exception(() => server.Send(secret, static (_, _) => { })),
        };
        Assert.Equal(ZMQErrorCode.FiniteStateMachine, Assert.IsType<ZMQException>(refused).Code);
        Assert.Contains("has been answered already", refused.Message, StringComparison.Ordinal);
        server.Send(bobs!.Reply("bob's"));
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["busy", "bob's"], world.Log);
        Assert.Equal(ZMQErrorCode.FiniteStateMachine, Assert.Throws<ZMQException>(() => server.Send(bobs.Reply("bob's again"))).Code);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void An_answer_that_waits_to_be_sent_is_refused_if_another_was_first()
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQStream alice, ZMQStream bob) = TwoClients(world);
        List<Exception?> told = [];
        server.OnRecv(message =>
        {
            server.Send(message.Reply("first"), (_, error) => told.Add(error));
            server.Send(message.Reply("second"), (_, error) => told.Add(error)); // nothing has been sent yet
        });
        alice.Send("alice");
        world.RunUntil(() => told.Count == 2);
        bob.Send("bob");
        world.RunUntil(() => told.Count == 4 && world.Log.Count == 2);
        Assert.Equal(["first", "first"], world.Log);
        Assert.Equal([true, false, true, false], told.Select(static error => error is null));
    }

    [Fact]
    public void A_handler_that_fails_after_its_answer_answers_nobody_elses_request()
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQStream alice, ZMQStream bob) = TwoClients(world, new ZMQStreamOptions { MaxConcurrency = 2 });
        TaskCompletionSource bobCame = new();
        TaskCompletionSource aliceFailed = new();
        server.OnRecv(async message =>
        {
            if (message.Text() == "alice")
            {
                server.Send(message.Reply("alice's"));
                await bobCame.Task;
                throw new InvalidOperationException("late");
            }

            bobCame.SetResult();
            await aliceFailed.Task;
            server.Send(message.Reply("bob's"));
        });
        alice.Send("alice");
        world.RunUntil(() => world.Log.Count == 1);
        bob.Send("bob");
        world.RunUntil(() => world.Loop.Errors.Count == 1);
        world.Loop.CallLater(_notLong, aliceFailed.SetResult);
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["alice's", "bob's"], world.Log);
    }

    [Fact]
    public void Bytes_that_name_no_request_answer_the_one_that_is_open()
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQStream alice, ZMQStream bob) = TwoClients(world);
        server.OnRecv(message => server.Send("to " + message.Text()));
        alice.Send("alice");
        world.RunUntil(() => world.Log.Count == 1);
        bob.Send("bob");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["to alice", "to bob"], world.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_REP_received_has_no_envelope_and_its_reply_goes_to_who_asked(bool asked)
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQStream alice, _) = TwoClients(world);
        Action<Message> answer = message =>
        {
            Assert.Equal((0, 2), (message.Envelope.Length, message.Body.Length));
            server.Send(message.Reply(message.Body[1], message.Body[0]));
        };
        if (asked) _ = AnswerOneAsync();
        else server.OnRecv(answer, copy: false);
        alice.SendMultipart("one", "two");
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Equal(["two|one"], world.Log);
        Assert.Empty(world.Loop.Errors);

        async Task AnswerOneAsync() => answer(await server.ReceiveAsync());
    }

    [Fact]
    public void Who_waits_for_a_request_goes_on_waiting_when_a_late_answer_is_refused()
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQStream alice, _) = TwoClients(world);
        Task<Message> next = server.ReceiveAsync().AsTask();
        Exception? told = null;
        server.Send("nobody asked", (_, error) => told = error);
        world.RunUntil(() => told is not null);
        Assert.False(next.IsCompleted);
        alice.Send("alice");
        world.RunUntil(() => next.IsCompleted);
        Assert.Equal("alice", next.Result.Text());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_behind_one_that_was_given_up_is_refused_with_advice_and_the_late_answer_is_nobodys(bool isCancelled)
    {
        using RealWorld world = new();
        (ZMQStream client, ZMQSocket server) = world.Pair(SocketType.Req, SocketType.Router);
        world.Loop.RunSync(
            async () =>
            {
                await client.SendAsync(new Message("one"));
                await GiveUpAsync(client, isCancelled);
                ZMQException refused = await Assert.ThrowsAsync<ZMQException>(() => client.SendAsync(new Message("two")));
                Assert.Equal(ZMQErrorCode.FiniteStateMachine, refused.Code);
                Assert.Contains("ReqRelaxed", refused.Message, StringComparison.Ordinal);
                await Assert.ThrowsAsync<ZMQException>(async () => await client.ReceiveAsync());
                Answer(server, "answer to one");
                await client.PollAsync();
                await Assert.ThrowsAsync<ZMQException>(async () => await client.ReceiveAsync());
                Assert.Equal(1, client.Discard());
                await client.SendAsync(new Message("three"));
                Answer(server, "answer to three");
                Assert.Equal("answer to three", (await client.ReceiveAsync()).Text());
            },
            Deadline.Default);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Whoever_waits_behind_a_refused_request_hears_of_it_too()
    {
        using RealWorld world = new();
        (ZMQStream client, ZMQSocket server) = world.Pair(SocketType.Req, SocketType.Router);
        world.Loop.RunSync(
            async () =>
            {
                await client.SendAsync(new Message("one"));
                await GiveUpAsync(client, isCancelled: false);
                client.Send("two");
                Task<Message> receive = client.ReceiveAsync().AsTask(); // in the same turn, before it can be known
                Assert.Equal(ZMQErrorCode.FiniteStateMachine, (await Assert.ThrowsAsync<ZMQException>(() => receive)).Code);
            },
            Deadline.Default);
        Assert.Equal("two", Assert.IsType<Message>(Assert.Single(world.Loop.Errors).Origin.Item).Text());
        GC.KeepAlive(server);
    }

    [Fact]
    public void Who_gave_up_may_wait_again_for_the_same_answer_and_requests_queue_behind_it()
    {
        using RealWorld world = new();
        (ZMQStream client, ZMQSocket server) = world.Pair(SocketType.Req, SocketType.Router);
        world.Loop.RunSync(
            async () =>
            {
                await client.SendAsync(new Message("one"));
                await GiveUpAsync(client, isCancelled: false);
                Task<Message> receive = client.ReceiveAsync().AsTask();
                Task second = client.SendAsync(new Message("two"));
                Answer(server, "answer to one");
                Assert.Equal("answer to one", (await receive).Text());
                await second;
                Answer(server, "answer to two");
                Assert.Equal("answer to two", (await client.ReceiveAsync()).Text());
            },
            Deadline.Default);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_relaxed_REQ_asks_anew_and_correlation_drops_the_late_answer()
    {
        using RealWorld world = new();
        ZMQStream client = world.Stream(SocketType.Req);
        client.Set(ZMQSocketOptions.ReqRelaxed, true);
        client.Set(ZMQSocketOptions.ReqCorrelate, true);
        ZMQSocket server = world.Socket(SocketType.Router);
        string name = RealWorld.Inproc();
        server.Bind(name);
        client.Connect(name);
        world.Loop.RunSync(
            async () =>
            {
                await client.SendAsync(new Message("one"));
                Message first = Request(server);
                await GiveUpAsync(client, isCancelled: false);
                await client.SendAsync(new Message("two"));
                Message second = Request(server);
                Reply(server, first, "late");
                Reply(server, second, "answer to two");
                Assert.Equal("answer to two", (await client.ReceiveAsync()).Text());
            },
            Deadline.Default);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_REP_whose_handler_throws_before_it_answered_answers_in_its_place_and_goes_on(bool isAsync, bool hasReply)
    {
        using RealWorld world = new();
        ZMQStreamOptions options =
            new() { ErrorReply = hasReply ? static (request, error) => new Message("error", request[0], error.Message) : null };
        ZMQStream server = world.Stream(SocketType.Rep, options);
        string endpoint = $"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}";
        if (isAsync)
        {
            server.OnRecv(async message =>
            {
                await Task.Yield();
                Answer(message);
            });
        }
        else
        {
            server.OnRecv(Answer);
        }

        ZMQStream bad = world.Stream(SocketType.Req);
        ZMQStream good = world.Stream(SocketType.Req);
        bad.Connect(endpoint);
        good.Connect(endpoint);
        world.LogReceived(bad);
        world.LogReceived(good);
        bad.Send("soup");
        world.RunUntil(() => world.Log.Count == 1);
        good.Send("16");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal([hasReply ? "error|soup|oops" : "", "answer to 16"], world.Log);
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Same(StreamWorld.Oops, error);
        Assert.Same(server, origin.Owner);

        void Answer(Message message)
        {
            if (message.Text() == "soup") throw StreamWorld.Oops;
            server.Send("answer to " + message.Text());
        }
    }

    [Fact]
    public void A_handler_that_answered_before_it_threw_has_answered_and_a_reply_that_throws_is_reported()
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQSocket client) = world.Pair(
            SocketType.Rep, SocketType.Req,
            options: new ZMQStreamOptions { ErrorReply = static (_, _) => throw new NotSupportedException("reply") });
        server.OnRecv(message =>
        {
            if (message.Text() == "answered") server.Send("answer");
            throw StreamWorld.Oops;
        });
        foreach (string request in (string[])["answered", "not answered"])
        {
            RealWorld.Send(client, request);
            Message? reply = null;
            world.RunUntil(() => (client.Events & IOEvents.Read) != 0 && client.TryReceive(out reply));
            world.Log.Add(reply!.Text());
        }

        Assert.Equal(["answer", ""], world.Log);
        Assert.Equal(["oops", "oops", "reply"], world.Loop.Errors.Select(static error => error.Exception.Message));
    }

    private static (ZMQStream Server, ZMQStream Alice, ZMQStream Bob) TwoClients(RealWorld world, ZMQStreamOptions? options = null)
    {
        ZMQStream server = world.Stream(SocketType.Rep, options);
        ZMQStream alice = world.Stream(SocketType.Req);
        ZMQStream bob = world.Stream(SocketType.Req);
        string endpoint = $"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}";
        alice.Connect(endpoint);
        bob.Connect(endpoint);
        world.LogReceived(alice);
        world.LogReceived(bob);
        return (server, alice, bob);
    }

    private static async Task GiveUpAsync(ZMQStream client, bool isCancelled)
    {
        if (!isCancelled)
        {
            await Assert.ThrowsAsync<TimeoutException>(async () => await client.ReceiveAsync(_notLong));
            return;
        }

        using CancellationTokenSource cancel = new();
        Task<Message> receive = client.ReceiveAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receive);
    }

    private static void Answer(ZMQSocket router, string text) => Reply(router, Request(router), text);

    private static Message Request(ZMQSocket router)
    {
        Message? request = null;
        Deadline.WaitUntil(() => router.TryReceive(out request));
        return request!;
    }

    private static void Reply(ZMQSocket router, Message request, string text) => RealWorld.Send(router, [.. request.Frames[..^1], text]);
}
