using ZmqLoop.Streams.Tests.Serialization;

namespace ZmqLoop.Streams.Tests.Requests;

public sealed class ResponderTests
{
    [Fact]
    public void The_whole_envelope_goes_back_whoever_has_put_something_into_it()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest(request => new Message([.. request.Body, "!"]));
        world.Arrive("req", "hello", "", "world");
        world.Socket.Arrive(new Message("proxy", "dealer", "its own number", "", "hi"));
        world.ArriveFromClient(null, "ours");
        world.Run();
        Assert.Equal(["req||hello||world|!", "proxy|dealer|its own number||hi|!", "client|ZLR1?00000007||ours|!"], world.Socket.Outbox);
        Assert.Equal((3L, 0L, 0L), (world.Responder.Replies, world.Responder.ErrorReplies, world.Responder.LostReplies));
    }

    [Fact]
    public void A_handler_of_a_name_gets_what_follows_it_and_another_name_is_answered_with_an_error()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("double", request => new Message($"{request.Name} {int.Parse(request.Body[0].Span) * 2}"));
        world.Responder.OnRequest("nothing", static _ => new Message());
        world.Arrive("a", "double", "21");
        world.Arrive("a", "nothing");
        world.Arrive("a", "half\n", "21");
        world.ArriveFromClient(null, "");
        world.Run();
        Assert.Equal([
            "a||double 42", "a||", "a||error|unknown-name|There is no handler of the name 'half\\u{A}'.",
            "client|ZLR1!00000007||error|unknown-name|There is no handler of the name ''.",
        ], world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void An_empty_name_is_a_name_too()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("", static request => new Message($"empty, {request.Body.Length}"));
        world.Responder.OnRequest(static request => new Message($"any, {request.Body.Length}"));
        world.Arrive("a", "", "x");
        world.Arrive("a", "b", "x");
        world.Run();
        Assert.Equal(["a||empty, 1", "a||any, 2"], world.Socket.Outbox);
    }

    [Fact]
    public void One_handler_without_a_name_gets_the_others_whole()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("named", static request => new Message($"named, {request.Body.Length}"));
        world.Responder.OnRequest(static request => new Message($"any, {request.Body.Length}"));
        world.Arrive("a", "named", "x");
        world.Arrive("a", "other", "x");
        world.Run();
        Assert.Equal(["a||named, 1", "a||any, 2"], world.Socket.Outbox);
    }

    [Fact]
    public void What_a_handler_throws_is_answered_with_its_type_and_message_and_reported()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("throws", static _ => throw new FormatException("oops"));
        world.Responder.OnRequest("fails later", static async (_, _) =>
        {
            await Task.Yield();
            throw new FormatException("later");
        });
        world.Responder.OnRequest("says", static _ => throw new RemoteException("sold-out", "There is none left."));
        world.ArriveFromClient(1000, "throws");
        world.Arrive("a", "fails later");
        world.Arrive("a", "says");
        world.Run();
        Assert.Equal(["a||error|FormatException|later", "a||error|sold-out|There is none left.",
            "client|ZLR1!00000007||error|FormatException|oops"], world.Socket.Outbox.Order(StringComparer.Ordinal));
        Assert.Equal(["later", "oops"], world.Errors.Order());
        Assert.Equal(3, world.Responder.ErrorReplies);
        Assert.All(world.Loop.Errors, error => Assert.Same(world.Responder, error.Origin.Owner));
    }

    [Fact]
    public void An_exception_that_cannot_say_its_message_is_answered_by_its_type()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("throws", static _ => throw new MuteException(null!));
        world.Responder.OnRequest("says nothing", static _ => throw new MuteException([null!]));
        world.Arrive("a", "throws");
        world.Arrive("a", "says nothing");
        world.Run();
        Assert.Equal(["a||error|MuteException|", "a||error|MuteException|"], world.Socket.Outbox);
        Assert.Equal(2, world.Loop.Errors.Count);
    }

    [Fact]
    public void A_handler_that_gives_no_task_or_no_message_gave_no_answer()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("no message", static _ => null!);
        world.Responder.OnRequest("no task", static (_, _) => null!);
        world.Responder.OnRequest("no typed task", static (Point _, ReceivedRequest _, CancellationToken _) => (Task<Point>)null!,
            TypedContext.Default.Point, TypedContext.Default.Point);
        foreach (string name in (string[])["no message", "no task", "no typed task"]) world.Arrive("a", name, """{"X":1,"Y":2}""");
        world.Run();
        Assert.Equal(Enumerable.Repeat("a||error|failed|The handler gave no answer.", 3), world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_rule_of_the_users_makes_the_error_and_one_that_throws_costs_no_answer()
    {
        using ResponderWorld world = new(new ResponderOptions
        {
            ErrorReply = static (request, error) => error is FormatException
                ? new RemoteException("internal", $"See the log: {request.Body[0].ToText()}.")
                : throw new InvalidOperationException("rule"),
        });
        world.Responder.OnRequest(static request =>
            throw (request.Body[0].Length == 1 ? new FormatException("secret") : StreamWorld.Oops));
        world.Arrive("a", "7");
        world.Arrive("a", "ten");
        world.Run();
        Assert.Equal(["a||error|internal|See the log: 7.", "a||error|InvalidOperationException|oops"], world.Socket.Outbox);
        Assert.Equal(["secret", "rule", "oops"], world.Errors);
    }

    [Fact]
    public void A_request_without_an_empty_frame_or_without_a_body_is_answered_with_advice()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest(static _ => new Message("never"));
        world.Socket.Arrive(new Message("a", "hello"));
        world.Socket.Arrive(new Message("b", ""));
        world.Run();
        Assert.All(world.Socket.Outbox, static reply => Assert.Contains("|error|bad-request|A request is an empty frame, and at least",
            reply, StringComparison.Ordinal));
        Assert.Equal(["a|", "b|"], world.Socket.Outbox.Select(static reply => reply[..2]));
    }

    [Fact]
    public void No_more_handlers_are_under_way_than_may_be_and_the_next_requests_wait_in_the_socket()
    {
        using ResponderWorld world = new(new ResponderOptions { MaxConcurrency = 2 });
        world.Responder.OnRequest(async (request, _) =>
        {
            world.Log.Add($"{request.Body[0].ToText()} with {world.Responder.HandlersRunning}");
            await world.Loop.Delay(1, CancellationToken.None);
            return new Message(request.Body);
        });
        foreach (string number in MessageText.Numbers(5)) world.Arrive("a", number);
        world.Loop.CallLater(0.5, () => world.Log.Add($"{world.Socket.Waiting} wait"));
        world.Run();
        Assert.Equal(["0 with 1", "1 with 2", "3 wait"], world.Log.Take(3));
        Assert.Equal(MessageText.Numbers(5).Select(static number => $"a||{number}"), world.Socket.Outbox);
    }

    [Fact]
    public void A_handler_hears_when_its_client_waits_no_longer_and_the_answer_says_so()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest(async (request, cancelled) =>
        {
            world.Log.Add($"{request.TimeLeft?.TotalSeconds}");
            await world.Loop.Delay(TimeSpan.FromSeconds(5), cancelled);
            return new Message("done");
        });
        world.ArriveFromClient(2000, "x");
        world.ArriveFromClient(null, "y");
        world.Run();
        Assert.Equal(["2", ""], world.Log);
        Assert.StartsWith("client|ZLR1!00000007||error|timed-out|", world.Socket.Outbox[0], StringComparison.Ordinal);
        Assert.Equal("client|ZLR1?00000007||done", world.Socket.Outbox[1]);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_handler_whose_time_is_over_is_cancelled_and_its_client_told()
    {
        using ResponderWorld world = new(new ResponderOptions { HandlerTimeout = TimeSpan.FromSeconds(3) });
        world.Responder.OnRequest(async (_, cancelled) =>
        {
            await world.Loop.Delay(TimeSpan.FromSeconds(60), cancelled);
            return new Message("done");
        });
        world.Arrive("a", "x");
        world.Run();
        Assert.StartsWith("a||error|timed-out|", Assert.Single(world.Socket.Outbox), StringComparison.Ordinal);
    }

    [Fact]
    public void A_drained_close_lets_handlers_answer_or_give_up_and_tells_their_clients()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("patient", async (_, _) =>
        {
            await world.Loop.Delay(1, CancellationToken.None);
            return new Message("done");
        });
        world.Responder.OnRequest("polite", async (_, closing) =>
        {
            await world.Loop.Delay(TimeSpan.FromSeconds(60), closing);
            return new Message("done");
        });
        world.Arrive("a", "patient");
        world.Arrive("a", "polite");
        Task<bool>? closed = null;
        world.Loop.CallLater(0.5, () => closed = world.Responder.CloseAsync(TimeSpan.FromSeconds(10)));
        world.Run();
        Assert.True(closed!.Result);
        Assert.StartsWith("a||error|closing|", world.Socket.Outbox[0], StringComparison.Ordinal);
        Assert.Equal("a||done", world.Socket.Outbox[1]);
    }

    [Fact]
    public void An_answer_that_nobody_can_get_is_counted_and_no_error()
    {
        using ResponderWorld world = new(new ResponderOptions { ReplyTimeToLive = TimeSpan.FromSeconds(5) });
        world.Responder.OnRequest(static request => new Message(request.Body));
        world.Socket.GonePeers.Add("gone");
        world.Socket.FullPeers.Add("full");
        foreach (string peer in (string[])["gone", "full", "here"]) world.Arrive(peer, "x");
        world.RunUntil(() => world.Responder.LostReplies == 2);
        Assert.Equal(["here||x"], world.Socket.Outbox);
        Assert.Equal((3L, 2L), (world.Responder.Replies, world.Responder.LostReplies));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_context_around_a_handler_is_in_force_in_it_and_may_consume_what_it_throws()
    {
        using ResponderWorld world = new();
        ExceptionStackContext errors = new(error =>
        {
            world.Log.Add(error.Message);
            return true;
        });
        errors.Run(() => world.Responder.OnRequest("sync", static _ => throw StreamWorld.Oops));
        errors.Run(() => world.Responder.OnRequest("async", async (_, _) =>
        {
            await world.Loop.Delay(1, CancellationToken.None);
            throw StreamWorld.Oops;
        }));
        world.Arrive("a", "sync");
        world.Arrive("a", "async");
        world.Run();
        Assert.Equal(["oops", "oops"], world.Log);
        Assert.All(world.Socket.Outbox, static reply => Assert.Equal("a||error|failed|The handler gave no answer.", reply));
        Assert.Equal(2, world.Socket.Outbox.Count);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_socket_that_is_no_ROUTER_is_refused()
    {
        using ResponderWorld world = new();
        using ScriptedSocket socket = new(SocketType.Rep);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Responder(socket, world.Loop));
        Assert.Contains("speaks over a ROUTER socket", error.Message, StringComparison.Ordinal);
        world.Responder.Close();
        Assert.Throws<ObjectDisposedException>(() => world.Responder.OnRequest(static _ => new Message("x")));
    }

    [Theory]
    [InlineData('x', "xxx")]
    [InlineData('\u001b', "\\u{1B}\\u{1B}")]
    public void Of_a_name_however_long_no_more_is_looked_at_than_a_handler_could_have(char letter, string shown)
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("buy", static _ => new Message("bought"));
        world.Arrive("peer", new string(letter, 1_000_000));
        world.Arrive("peer", "");
        world.Run();
        Assert.Equal(2, world.Socket.Outbox.Count);
        Assert.StartsWith($"peer||error|unknown-name|There is no handler of the name '{shown}", world.Socket.Outbox[0],
            StringComparison.Ordinal);
        Assert.Contains("(1000000 bytes)", world.Socket.Outbox[0], StringComparison.Ordinal);
        Assert.InRange(world.Socket.Outbox[0].Length, 100, 1000);
        Assert.Equal("peer||error|unknown-name|There is no handler of the name ''.", world.Socket.Outbox[1]);
    }

    [Fact]
    public void A_handler_that_runs_or_takes_long_is_named_with_its_request()
    {
        using ResponderWorld world = new();
        string? running = null;
        TaskCompletionSource<Message> never = new();
        world.Responder.OnRequest("buy", (_, _) =>
        {
            running = $"{world.Loop.GetCurrentCallback()?.Origin}";
            return never.Task;
        });
        world.Arrive("peer", "buy");
        world.Run();
        Assert.Contains("A_handler_that_runs_or_takes_long", running, StringComparison.Ordinal);
        Assert.EndsWith("of request 'buy'", running, StringComparison.Ordinal);
        ZMQStream stream = Assert.Single(ZMQStream.GetOpenStreams(world.Loop));
        Assert.EndsWith("of request 'buy'", $"{stream.OldestHandler}", StringComparison.Ordinal);
        never.SetResult(new Message("bought"));
        world.RunUntil(() => world.Socket.Outbox.Count == 1);
    }

    /// <summary>Its message is made when it is asked for.</summary>
    private sealed class MuteException(string[] words) : Exception
    {
        public override string Message => words[0];
    }
}
