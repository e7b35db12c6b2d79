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
        Assert.StartsWith("c||error|bad-request|No Point can be read: the message from c has 4 bytes: soup. ", world.Socket.Outbox[1],
            StringComparison.Ordinal);
        Assert.Equal("d||error|bad-request|No Point can be read: the message from d has no frame for it", world.Socket.Outbox[2]);
        Assert.Equal("""b||{"X":4,"Y":3}""", world.Socket.Outbox[3]);
        Assert.Equal(2, world.Loop.Errors.Count);
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
