using System.Diagnostics.Metrics;
using System.Globalization;

namespace ZmqLoop.Streams.Tests.Requests;

/// <summary>Handlers that heed no token: their clients are answered without them.</summary>
[Collection(nameof(MeterTests))]
public sealed class DeafHandlerTests
{
    private const string TimedOut = "error|timed-out|The handler has not ended in its time.";
    private const string Closing = "error|closing|The server closes, and the handler has not ended.";

    private static readonly ResponderOptions _threeSeconds = new() { HandlerTimeout = TimeSpan.FromSeconds(3) };

    [Theory]
    [InlineData(2.9, "done", 0)]
    [InlineData(3.9, "done", 0)]
    [InlineData(4.1, TimedOut, 1)]
    public void A_client_is_answered_once_a_second_after_HandlerTimeout_or_by_a_handler_that_ends_before(
        double seconds, string answer, long late)
    {
        using ResponderWorld world = Deaf(_threeSeconds with { MaxConcurrency = 1 });
        world.Arrive("a", $"{seconds}");
        world.Arrive("b", "0.5"); // waits for the first one's end, whoever has answered that
        world.Loop.CallLater(4.05, () => world.Log.Add($"{world.Socket.Outbox.Count(static sent => sent[0] == 'a')} to a"));
        world.Loop.CallLater(4.06, () => world.Log.Add($"{world.Responder.HandlersRunning} under way"));
        world.Run();
        Assert.Equal([$"a||{answer}", "b||done"], world.Socket.Outbox);
        Assert.Equal(["1 to a", late > 0 || seconds > 3.5 ? "1 under way" : "0 under way"], world.Log);
        Assert.Equal((2L, late, late, 0),
            (world.Responder.Replies, world.Responder.ErrorReplies, world.Responder.LateReplies, world.Responder.HandlersRunning));
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(0, world.Loop.Statistics.Timeouts);
    }

    [Fact]
    public void A_RequestClients_answer_is_marked_as_an_error_and_what_the_handler_throws_late_is_reported_and_not_sent()
    {
        using ResponderWorld world = new(_threeSeconds with
        {
            ErrorReply = static (_, _) => throw new InvalidOperationException("nobody is to be asked how to say it"),
        });
        world.Responder.OnRequest(async (request, _) =>
        {
            await world.Loop.Delay(10, CancellationToken.None);
            throw request.Body[0].ToText() == "says" ? new RemoteException("sold-out", "There is none left.") : StreamWorld.Oops;
        });
        world.ArriveFromClient(null, "fails");
        world.Arrive("a", "says");
        world.Run();
        Assert.Equal(["client|ZLR1!00000007||" + TimedOut, "a||" + TimedOut], world.Socket.Outbox);
        Assert.Equal(["oops"], world.Errors);
        Assert.Equal((2L, 2L), (world.Responder.ErrorReplies, world.Responder.LateReplies));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3.5)]
    public void Who_has_called_its_request_off_is_not_answered(double seconds)
    {
        using ResponderWorld world = Deaf(_threeSeconds);
        world.ArriveFromClient(null, "20");
        world.Loop.CallLater(seconds, () => world.Socket.Arrive(new Message("client", "ZLR1x00000007", "")));
        world.Run();
        Assert.Empty(world.Socket.Outbox);
        Assert.Equal((1L, 0L, 0L), (world.Responder.CancelledRequests, world.Responder.Replies, world.Responder.LateReplies));
    }

    [Fact]
    public void Without_HandlerTimeout_the_client_waits_for_as_long_as_it_likes()
    {
        using ResponderWorld world = Deaf(null);
        world.ArriveFromClient(2000, "20");
        world.Run();
        Assert.EndsWith("||done", Assert.Single(world.Socket.Outbox), StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (world.Responder.ErrorReplies, world.Responder.LateReplies));
    }

    [Fact]
    public void A_drain_that_waits_no_more_answers_in_the_place_of_the_handlers_that_are_left()
    {
        using ResponderWorld world = Deaf(null);
        foreach (string seconds in (string[])["1.5", "20", "30"]) world.Arrive("a", seconds);
        world.ArriveFromClient(null, "40");
        world.Socket.Arrive(new Message("client", "ZLR1?00000008", "", "50"));
        Task<bool>? closed = null;
        world.Loop.CallLater(1, () => closed = world.Responder.CloseAsync(TimeSpan.FromSeconds(2)));
        world.Loop.CallLater(2, () => world.Socket.Arrive(new Message("client", "ZLR1x00000008", ""))); // nobody reads it any more
        world.Run();
        Assert.False(closed!.Result);
        Assert.Equal(["a||done", "a||" + Closing, "a||" + Closing, "client|ZLR1!00000007||" + Closing, "client|ZLR1!00000008||" + Closing],
            world.Socket.Outbox.Order(StringComparer.Ordinal).OrderBy(static sent => !sent.EndsWith("done", StringComparison.Ordinal)));
        Assert.Equal((5L, 4L, 0L, 4L), (world.Responder.Replies, world.Responder.ErrorReplies, world.Responder.LostReplies,
            world.Responder.LateReplies));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Whose_time_was_over_when_the_drain_began_is_answered_once()
    {
        using ResponderWorld world = Deaf(_threeSeconds);
        world.Arrive("a", "20");
        world.Arrive("b", "3.7");
        Task<bool>? closed = null;
        world.Loop.CallLater(3.5, () => closed = world.Responder.CloseAsync(TimeSpan.FromSeconds(10)));
        world.Run();
        Assert.False(closed!.Result);
        Assert.Equal(["b||done", "a||" + TimedOut], world.Socket.Outbox);
        Assert.Equal(1L, world.Responder.LateReplies);
    }

    [Fact]
    public void The_meter_has_each_request_once_when_its_client_was_answered()
    {
        const string Name = "measured deaf handlers";
        List<string> answers = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Name == "rpc.server.call.duration") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            Dictionary<string, object?> all = tags.ToArray().ToDictionary();
            if (Name.Equals(all.GetValueOrDefault("messaging.destination.name")))
                answers.Add(string.Create(CultureInfo.InvariantCulture, $"{all.GetValueOrDefault("error.type")} after {seconds}"));
        });
        listener.Start();
        using ResponderWorld world = Deaf(_threeSeconds with { Name = Name });
        world.Arrive("a", "20");
        world.Arrive("b", "3.5");
        world.Run();
        Assert.Equal([" after 3.5", "timed-out after 4"], answers);
    }

    /// <summary>Its handler takes as many seconds as it is told, whatever happens.</summary>
    private static ResponderWorld Deaf(ResponderOptions? options)
    {
        ResponderWorld world = new(options);
        world.Responder.OnRequest(async (request, _) =>
        {
            await world.Loop.Delay(double.Parse(request.Body[0].Span, CultureInfo.InvariantCulture), CancellationToken.None);
            return new Message("done");
        });
        return world;
    }
}
