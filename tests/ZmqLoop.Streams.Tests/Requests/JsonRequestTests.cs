using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ZmqLoop.Streams.Tests.Serialization;

namespace ZmqLoop.Streams.Tests.Requests;

public sealed class JsonRequestTests
{
    [Fact]
    public void Nodes_and_values_without_contracts_are_asked_behind_the_handlers_name()
    {
        using RequestWorld world = new();
        world.Server.OnRecv(message =>
        {
            world.Asked.Add(new Message(message.Frames[2..]).Text());
            world.Server.SendMultipart(message[0], message[1], """{"X":2,"Y":1}""");
        });
        Task<JsonNode> node = world.Client.RequestJsonAsync(new JsonObject { ["X"] = 1 }, "swap");
        Task<Point> value = world.Client.RequestJsonAsync<Point, Point>(new Point(1, 2));
        world.Run();
        Deadline.WaitUntil(() => node.IsCompleted && value.IsCompleted);
        Assert.Equal(2, (int?)node.Result["X"]);
        Assert.Equal(new Point(2, 1), value.Result);
        Assert.Equal(["""swap|{"X":1}""", """{"X":1,"Y":2}"""], world.Asked);
    }

    [Theory]
    [InlineData("soup", "No JsonNode can be read: the message from inproc://server has 4 bytes: soup. ")]
    [InlineData("null", "No JsonNode can be read: the message from inproc://server has null: null")]
    [InlineData("""{"a":1,"a":2}""", """No JsonNode can be read: the message from inproc://server has 13 bytes: {"a":1,"a":2}. """)]
    [InlineData("""{"a":"\ud800"}""", """No JsonNode can be read: the message from inproc://server has 14 bytes: {"a":"\ud800"}. """)]
    public void An_answer_that_is_no_JSON_fails_the_request_and_shows_it(string answer, string expected)
    {
        using RequestWorld world = new();
        world.Serve(_ => answer);
        Task<JsonNode> asked = world.Client.RequestJsonAsync(new JsonObject());
        world.Run();
        Deadline.WaitUntil(() => asked.IsCompleted);
        Assert.StartsWith(expected, Assert.IsType<MessageFormatException>(asked.Exception!.InnerException).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_does_not_say_which_of_several_forms_it_has_fails_the_request()
    {
        using RequestWorld world = new();
        world.Serve(static _ => """{"Side":2}""");
        Task<Shape> asked = world.Client.RequestJsonAsync<Point, Shape>(new Point(1, 2));
        world.Run();
        Deadline.WaitUntil(() => asked.IsCompleted);
        Assert.IsType<MessageFormatException>(asked.Exception!.InnerException);
    }

    [Fact]
    public void Handlers_answer_nodes_and_values_without_contracts_at_once_and_later()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequestJson("node", static (node, _) => new JsonObject { ["Y"] = node["X"]!.DeepClone() });
        world.Responder.OnRequestJson("value", static (Point point, ReceivedRequest _) => new Point(point.Y, point.X));
        world.Responder.OnRequestJson("late node", async (node, _, cancelled) =>
        {
            await world.Loop.Delay(1, cancelled);
            return node["X"]!.DeepClone();
        });
        world.Responder.OnRequestJson<Point, int>("late value", async (point, _, cancelled) =>
        {
            await world.Loop.Delay(2, cancelled);
            return point.Y;
        });
        foreach (string name in (string[])["late value", "late node", "value", "node"]) world.Arrive(name, name, """{"X":1,"Y":2}""");
        world.Arrive("wrong", "node", "soup");
        world.RunUntil(() => world.Socket.Outbox.Count == 5);
        Assert.Equal(["""value||{"X":2,"Y":1}""", """node||{"Y":1}"""], world.Socket.Outbox.Take(2));
        Assert.StartsWith("wrong||error|bad-request|The request cannot be read: it has 4 bytes: soup",
            world.Socket.Outbox[2], StringComparison.Ordinal);
        Assert.Equal(["late node||1", "late value||2"], world.Socket.Outbox.Skip(3));
    }

    [Fact]
    public void A_node_that_is_not_there_is_refused_at_the_call()
    {
        using RequestWorld world = new();
        Assert.Throws<ArgumentNullException>("value", () => { _ = world.Client.RequestJsonAsync(null!); });
    }

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Square), "square")]
    private abstract record Shape;

    private sealed record Square(int Side) : Shape;
}
