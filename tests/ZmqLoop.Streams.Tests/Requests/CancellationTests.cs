using static ZmqLoop.Streams.Tests.Requests.RequestWorld;

namespace ZmqLoop.Streams.Tests.Requests;

/// <summary>A client that waits no more says so, where its options do, and a responder hears of it.</summary>
public sealed class CancellationTests
{
    private const ConfigureAwaitOptions OnLoopAndSilent =
        ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing;

    private static readonly RequestOptions _telling = new() { Timeout = TimeSpan.FromMinutes(1), TellsCancellation = true };

    [Fact]
    public void Who_cancels_says_so_once_for_each_server_and_only_of_what_was_sent()
    {
        using RequestWorld world = new(new RequestClientOptions { MaxInFlight = 1 });
        world.Client.Connect("inproc://another server");
        using CancellationTokenSource cancel = new();
        world.Server.OnRecv(message => world.Received.Add(message));
        Task<Message> sent = world.Ask("sent", _telling, cancel.Token);
        Task<Message> waiting = world.Ask("waiting", _telling, cancel.Token);
        world.RunFor(1);
        cancel.Cancel();
        world.RunFor(1);
        Assert.True(sent.IsCanceled && waiting.IsCanceled);
        Assert.Equal(3, world.Received.Count);
        byte[] number = world.Received[0][0].ToArray()[5..];
        byte[] cancellation = [.. "ZLR1x"u8, .. number];
        Assert.All(world.Received[1..], message =>
        {
            Assert.Equal(cancellation, message[0].ToArray());
            Assert.Equal((2, 0), (message.Count, message[1].Length));
        });
    }

    [Fact]
    public void Without_the_option_and_after_an_answer_nothing_is_said()
    {
        using RequestWorld world = new();
        using CancellationTokenSource cancel = new();
        world.Serve(static question => question == "slow" ? null : question);
        Task<Message> quiet = world.Ask("slow", new RequestOptions(), cancel.Token);
        Task<Message> answered = world.Ask("quick", _telling, cancel.Token);
        world.RunFor(1);
        cancel.Cancel();
        world.Client.Close();
        world.Run();
        Assert.True(quiet.IsCanceled);
        Assert.Equal("quick", answered.Result[0].ToText());
        Assert.Equal(2, world.Received.Count);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("Close")]
    [InlineData("CloseAsync")]
    [InlineData("answered once of twice")]
    public void Who_gives_up_otherwise_says_so_too(string how)
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message => world.Received.Add(message));
        Task<Message> answer = world.Ask("x", _telling with
        {
            Timeout = Seconds(how == "timeout" ? 2 : 60), Retries = how.StartsWith("answered", StringComparison.Ordinal) ? 1 : 0,
        });
        world.RunFor(1.5);
        if (how == "Close") world.Client.Close();
        if (how == "CloseAsync") _ = world.Client.CloseAsync(TimeSpan.Zero);
        if (world.Received.Count == 2) world.Server.SendMultipart(world.Received[0][0], "", "answer");
        world.RunFor(1.5);
        Assert.True(answer.IsCompleted);
        Message last = world.Received[^1];
        Assert.Equal((2, 'x'), (last.Count, (char)last[0].Span[4]));
        Assert.Equal(world.Received[0][0].ToArray()[5..], last[0].ToArray()[5..]);
    }

    [Fact]
    public void A_server_that_answers_a_cancellation_has_answered_nothing()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message => world.Received.Add(message));
        Task<Message> answer = world.Ask("x");
        world.RunFor(1);
        byte[] forged = world.Received[0][0].ToArray();
        forged[4] = (byte)'x';
        world.Server.SendMultipart(forged, "", "answer");
        world.RunFor(1);
        Assert.False(answer.IsCompleted);
        Assert.Equal((1L, 0L), (world.Client.LateAnswers, world.Client.ForeignMessages));
    }

    [Fact]
    public void A_handler_whose_client_calls_it_off_is_cancelled_and_not_answered()
    {
        using ResponderWorld world = Slow();
        world.ArriveFromClient(null, "x");
        world.ArriveFromClient(null, "x"); // sent again
        world.Loop.CallLater(1, () => Cancel(world, "client"));
        world.Run();
        Assert.Equal(["cancelled", "cancelled"], world.Log);
        Assert.Empty(world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
        Assert.Equal((2L, 0L, 0), (world.Responder.CancelledRequests, world.Responder.Replies, world.Responder.HandlersRunning));
    }

    [Fact]
    public void Nobody_can_call_off_what_another_peer_has_asked_also_behind_a_proxy()
    {
        using ResponderWorld world = Slow();
        world.ArriveFromClient(null, "x");
        world.Socket.Arrive(new Message("proxy", "client", "ZLR1?00000007", "", "x"));
        world.Loop.CallLater(1, () =>
        {
            Cancel(world, "stranger");
            Cancel(world, "proxy", "stranger");
            Cancel(world, "proxyclient");
            Cancel(world, "stranger", "client");
        });
        world.Loop.CallLater(2, () => Cancel(world, "proxy", "client"));
        world.Run();
        Assert.Equal(["cancelled", "done"], world.Log);
        Assert.Equal(["client|ZLR1?00000007||done"], world.Socket.Outbox);
        Assert.Equal(1L, world.Responder.CancelledRequests);
    }

    [Fact]
    public void What_is_no_whole_cancellation_or_comes_too_late_cancels_nothing()
    {
        using ResponderWorld world = Slow();
        world.ArriveFromClient(null, "x");
        world.Socket.Arrive(new Message("client", "ZLR1x0000000", "")); // too short: not ours
        world.Socket.Arrive(new Message("client", "ZLR1?00000007", "")); // a request without a body
        world.Socket.Arrive(new Message("client", "ZLR1x00000007", "", "x")); // with a body it is a request of somebody's
        for (int i = 0; i < 10_000; i++) Cancel(world, $"flood {i}");
        world.Loop.CallLater(100, () => Cancel(world, "client"));
        world.Run();
        Assert.Equal(["done", "done"], world.Log);
        Assert.Equal(4, world.Socket.Outbox.Count);
        Assert.Equal(2, world.Socket.Outbox.Count(static reply => reply.Contains("bad-request", StringComparison.Ordinal)));
        Assert.Equal(0L, world.Responder.CancelledRequests);
    }

    [Fact]
    public void What_the_handler_throws_then_is_reported_and_what_it_returns_is_dropped()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest("returns", async (_, cancelled) =>
        {
            await world.Loop.Delay(TimeSpan.FromMinutes(1), cancelled).ConfigureAwait(OnLoopAndSilent);
            return new Message("partly");
        });
        world.Responder.OnRequest("throws", async (_, cancelled) =>
        {
            using CancellationTokenRegistration end = cancelled.Register(static () => throw new FormatException("registered"));
            await world.Loop.Delay(TimeSpan.FromMinutes(1), cancelled).ConfigureAwait(OnLoopAndSilent);
            throw StreamWorld.Oops;
        });
        world.ArriveFromClient(null, "returns");
        world.ArriveFromClient(null, "throws");
        world.Loop.CallLater(1, () => Cancel(world, "client"));
        world.Run();
        Assert.Empty(world.Socket.Outbox);
        Assert.Equal(2, world.Loop.Errors.Count);
        Assert.Contains("oops", world.Errors);
        Assert.Contains(world.Errors, static error => error.Contains("registered", StringComparison.Ordinal));
        Assert.Equal(2L, world.Responder.CancelledRequests);
    }

    [Fact]
    public void A_handler_may_close_its_responder_when_it_is_called_off()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest(async (_, cancelled) =>
        {
            using CancellationTokenRegistration end = cancelled.Register(world.Responder.Close);
            await world.Loop.Delay(TimeSpan.FromMinutes(1), cancelled);
            return new Message("never");
        });
        world.ArriveFromClient(null, "x");
        world.ArriveFromClient(null, "y");
        world.Loop.CallLater(1, () => Cancel(world, "client"));
        world.Run();
        Assert.True(world.Responder.IsClosed);
        Assert.Empty(world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    private static ResponderWorld Slow()
    {
        ResponderWorld world = new();
        world.Responder.OnRequest(async (_, cancelled) =>
        {
            try
            {
                await world.Loop.Delay(TimeSpan.FromSeconds(60), cancelled);
            }
            catch (OperationCanceledException)
            {
                world.Log.Add("cancelled");
                throw;
            }

            world.Log.Add("done");
            return new Message("done");
        });
        return world;
    }

    private static void Cancel(ResponderWorld world, params string[] peer) =>
        world.Socket.Arrive(new Message([.. peer.Select(static id => (Frame)id), "ZLR1x00000007", ""]));
}
