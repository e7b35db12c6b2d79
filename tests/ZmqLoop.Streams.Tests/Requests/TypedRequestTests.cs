using ZmqLoop.Streams.Tests.Serialization;

namespace ZmqLoop.Streams.Tests.Requests;

public sealed class TypedRequestTests
{
    private static readonly JsonFrameSerializer _json = new(TypedContext.Default);

    [Fact]
    public void A_request_and_its_answer_are_values_behind_the_handlers_name()
    {
        using RequestWorld world = new(new RequestClientOptions { Serializer = _json });
        world.Server.OnRecv(message =>
        {
            world.Asked.Add(new Message(message.Frames[2..]).Text());
            world.Server.SendMultipart(message[0], message[1], """{"X":2,"Y":1}""");
        });
        Task<Point> swapped = world.Client.RequestAsync<Point, Point>(new Point(1, 2), "swap");
        Task<Point> contracted = world.Client.RequestAsync(new Point(1, 2), TypedContext.Default.Point, TypedContext.Default.Point);
        world.Run();
        Deadline.WaitUntil(() => swapped.IsCompleted && contracted.IsCompleted);
        Assert.Equal((new Point(2, 1), new Point(2, 1)), (swapped.Result, contracted.Result));
        Assert.Equal(["""swap|{"X":1,"Y":2}""", """{"X":1,"Y":2}"""], world.Asked);
    }

    [Fact]
    public void An_answer_that_cannot_be_read_fails_the_request_and_shows_it()
    {
        using RequestWorld world = new(new RequestClientOptions { Serializer = _json });
        world.Serve(static _ => "soup");
        Task<Point> answer = world.Client.RequestAsync<Point, Point>(new Point(1, 2));
        world.Run();
        Deadline.WaitUntil(() => answer.IsCompleted);
        MessageFormatException error = Assert.IsType<MessageFormatException>(answer.Exception!.InnerException);
        Assert.StartsWith("No Point can be read: the message from inproc://server has 4 bytes: soup. ", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_typed_handler_answers_values_and_refuses_what_it_cannot_read()
    {
        using ResponderWorld world = new(new ResponderOptions { Serializer = _json });
        world.Responder.OnRequest<Point, Point>("swap", static (point, _) => new Point(point.Y, point.X));
        world.Responder.OnRequest("later", async (Point point, ReceivedRequest _, CancellationToken cancelled) =>
        {
            await world.Loop.Delay(1, cancelled);
            return new Point(point.Y, point.X);
        }, TypedContext.Default.Point, TypedContext.Default.Point);
        world.Arrive("a", "swap", """{"X":1,"Y":2}""");
        world.Arrive("b", "later", """{"X":3,"Y":4}""");
        world.Arrive("c", "swap", "soup");
        world.Arrive("d", "swap");
        world.Run();
        Assert.Equal("""a||{"X":2,"Y":1}""", world.Socket.Outbox[0]);
        Assert.Equal("c||error|bad-request|The request cannot be read: it has 4 bytes: soup ($).", world.Socket.Outbox[1]);
        Assert.Equal("d||error|bad-request|The request cannot be read: it has no frame for a value.", world.Socket.Outbox[2]);
        Assert.Equal("""b||{"X":4,"Y":3}""", world.Socket.Outbox[3]);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Whoever_sends_what_cannot_be_read_fills_no_log_and_hears_nothing_of_types()
    {
        using RecordingLoggers loggers = new();
        using ScriptedLoop loop = new(loggers: loggers);
        using ScriptedSocket socket = new(SocketType.Router);
        using Responder responder = new(socket, loop, new ResponderOptions
        {
            Name = "points", Serializer = _json, ErrorReply = static (_, _) => throw new InvalidOperationException("is not asked"),
        });
        responder.OnRequest<Point, Point>(null, static (point, _) => point);
        for (int i = 0; i < 1000; i++) socket.Arrive(new Message("eve", "", """{"X":"eve's"}"""));
        loop.RunUntilIdle();
        loop.RunFor(TimeSpan.FromMinutes(1));
        socket.Arrive(new Message("bob", "", "soup"));
        loop.RunUntilIdle();
        Assert.Equal(1001, socket.Outbox.Count);
        Assert.Equal(
            """eve||error|bad-request|The request cannot be read: it has 13 bytes: {"X":"eve's"} ($.X).""", socket.Outbox[999]);
        Assert.Empty(loop.Errors);
        Assert.Equal(2, loggers.Entries.Count);
        Assert.Matches("'points' .* got a request that cannot be read, and told its client \\(1\\): No Point can be read: the message from "
            + "eve has 13 bytes: ", loggers.Entries[0].Text);
        Assert.Contains(" (1000): No Point can be read: the message from bob ", loggers.Entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_serializer_the_call_says_what_to_set()
    {
        using RequestWorld world = new();
        using ResponderWorld other = new();
        Assert.Contains("set RequestClientOptions.Serializer", Assert.Throws<InvalidOperationException>(() =>
            { _ = world.Client.RequestAsync<Point, Point>(new Point(1, 2)); }).Message, StringComparison.Ordinal);
        Assert.Contains("set ResponderOptions.Serializer", Assert.Throws<InvalidOperationException>(() =>
            other.Responder.OnRequest<Point, Point>("x", static (point, _) => point)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_awaits_an_answer_on_the_loop_goes_on_in_the_turn_in_which_it_came()
    {
        using RequestWorld world = new(new RequestClientOptions { Serializer = new JsonFrameSerializer(TypedContext.Default) });
        world.Serve(static text => text);
        for (int i = 0; i < 100; i++)
        {
            Point answer = world.Loop.RunSync(async () => await world.Client.RequestAsync<Point, Point>(new Point(i, 1)));
            Assert.Equal(i, answer.X);
        }
    }
}
