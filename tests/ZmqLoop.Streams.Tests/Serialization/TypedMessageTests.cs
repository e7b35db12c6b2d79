using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZmqLoop.Streams.Tests.Serialization;

public sealed class TypedMessageTests
{
    private static readonly JsonFrameSerializer _json = new(TypedContext.Default);

    private static ZMQStreamOptions WithJson => new() { Serializer = _json };

    [Fact]
    public void Values_come_and_go_by_the_serializer_and_text_stays_text()
    {
        using StreamWorld world = new(WithJson);
        world.Stream.OnRecv<Point>(point =>
        {
            world.Stream.Send(new Point(point.Y, point.X));
            world.Stream.Send("text");
        });
        world.Socket.Arrive("""{"X":1,"Y":2}""");
        world.Run();
        Assert.Equal(["""{"X":2,"Y":1}""", "text"], world.Socket.Outbox);
    }

    [Fact]
    public void A_contract_given_at_the_call_needs_no_serializer_and_the_message_has_the_envelope()
    {
        using StreamWorld world = new(type: SocketType.Router);
        world.Stream.OnRecv((Point point, Message message) => world.Stream.Send(message.Reply($"{point.X}")), TypedContext.Default.Point);
        world.Socket.Arrive(new Message("client", """{"X":1,"Y":2}"""));
        world.Run();
        Assert.Equal(["client|1"], world.Socket.Outbox);
    }

    [Theory]
    [InlineData("""{"any":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"any":["\ud800\u0041"]}""")]
    public void A_text_that_is_none_is_found_when_it_is_read_also_where_a_value_would_look_at_it_later(string json)
    {
        JsonFrameSerializer serializer = JsonFrameSerializer.WithReflection();
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Assert.ThrowsAny<JsonException>(() => serializer.Deserialize<JsonElement>(bytes));
        Assert.ThrowsAny<JsonException>(() => serializer.Deserialize<object>(bytes));
        Assert.ThrowsAny<JsonException>(() => serializer.Deserialize<Dictionary<string, JsonNode>>(bytes));
        Assert.ThrowsAny<JsonException>(() => serializer.Deserialize<JsonNode>(bytes));
        byte[] noUtf8 = [.. "[\""u8, 0xff, .. "\"]"u8];
        Assert.ThrowsAny<JsonException>(() => serializer.Deserialize<JsonElement>(noUtf8));
        Assert.Equal("\u00e9\U0001F600", serializer.Deserialize<JsonElement>("\"\\u00e9\\ud83d\\ude00\""u8).GetString());
    }

    [Fact]
    public void A_handler_of_values_may_be_async_and_is_told_when_the_stream_closes()
    {
        using StreamWorld world = new(WithJson);
        world.Stream.OnRecv<Point>(async (point, _, closing) =>
        {
            await world.Loop.Delay(1, closing);
            world.Log.Add($"{point.X}");
        });
        world.Socket.Arrive("""{"X":1,"Y":2}""", """{"X":3,"Y":4}""");
        world.Run();
        Assert.Equal(["1", "3"], world.Log);
    }

    [Theory]
    [InlineData("<order attr=\"1\">\n", "No Point can be read: the message from client has 17 bytes: 0x3C")]
    [InlineData("null", "No Point can be read: the message from client has null: null")]
    [InlineData("", "No Point can be read: the message from client has 0 bytes: . ")]
    [InlineData("""{"X":"a very long text that is cut somewhere"}""", "46 bytes: {\"X\":\"a very long text that is c… (46 bytes)")]
    public void What_cannot_be_read_goes_to_the_error_policy_with_the_peer_and_the_first_bytes(string text, string expected)
    {
        using StreamWorld world = new(WithJson with { ErrorPolicy = StreamErrorPolicy.Pause }, SocketType.Router);
        world.Stream.OnRecv<Point>((point, _) => world.Log.Add($"{point.X}"));
        world.Socket.Arrive(new Message("client", text));
        world.Socket.Arrive(new Message("client", """{"X":1,"Y":2}"""));
        world.Run();
        (Exception exception, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        MessageFormatException error = Assert.IsType<MessageFormatException>(exception);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("client", error.Peer);
        Assert.Equal($"client|{text}", Assert.IsType<Message>(origin.Item).Text());
        Assert.False(world.Stream.IsReceiving);
        Assert.Empty(world.Log);
    }

    [Fact]
    public void A_json_node_needs_no_contract_and_a_type_without_one_says_so()
    {
        using StreamWorld world = new(WithJson);
        world.Stream.OnRecv<JsonObject>(node =>
        {
            node["seen"] = true;
            world.Stream.Send(node);
        });
        world.Socket.Arrive("""{"a":[1]}""", "[1]");
        world.Run();
        Assert.Equal(["""{"a":[1],"seen":true}"""], world.Socket.Outbox);
        Assert.Equal("No JsonObject can be read: the message has 3 bytes: [1]. It is a Array.", Assert.Single(world.Errors));
        Assert.Throws<NotSupportedException>(() => world.Stream.Send(TimeSpan.Zero));
    }

    [Fact]
    public void Without_contracts_types_are_looked_at_by_reflection_where_that_is_asked_for()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Serializer = JsonFrameSerializer.WithReflection(JsonSerializerOptions.Web) });
        world.Stream.Send(new Uncontracted(7));
        world.Stream.SendJson(new Uncontracted(8));
        world.Run();
        Assert.Equal(["""{"number":7}""", """{"Number":8}"""], world.Socket.Outbox);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new JsonFrameSerializer(new JsonSerializerOptions()));
        Assert.Contains("have no contracts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_is_published_behind_its_topic_and_its_subscribers_read_it_beside_the_topic()
    {
        using StreamWorld publisher = new(WithJson, SocketType.Pub);
        publisher.Stream.Publish("points.left", new Point(1, 2));
        publisher.Stream.Publish(new byte[] { 7 }, new Point(3, 4), (message, error) => publisher.Log.Add($"{message.Count} {error}"));
        Assert.Throws<NotSupportedException>(() => publisher.Stream.Publish("span", TimeSpan.Zero)); // and nothing of it is queued
        publisher.Run();
        Assert.Equal(["""points.left|{"X":1,"Y":2}""", "\a|{\"X\":3,\"Y\":4}"], publisher.Socket.Outbox);
        Assert.Equal(["2 "], publisher.Log);

        using StreamWorld subscriber = new(WithJson, SocketType.Sub);
        subscriber.Stream.OnRecv<Point>((point, message) => subscriber.Log.Add($"{message[0]}: {point.X}"));
        subscriber.Socket.Arrive(new Message("points.left", """{"X":1,"Y":2}"""));
        subscriber.Run();
        Assert.Equal(["points.left: 1"], subscriber.Log);
    }

    [Fact]
    public void Without_a_serializer_the_call_says_what_to_set()
    {
        using StreamWorld world = new();
        foreach (Action call in (Action[])
        [
            () => world.Stream.Send(new Point(1, 2)), () => world.Stream.Publish("points", new Point(1, 2)),
            () => world.Stream.OnRecv<Point>(static _ => { }),
        ])
        {
            Assert.Contains("set ZMQStreamOptions.Serializer", Assert.Throws<InvalidOperationException>(call).Message,
                StringComparison.Ordinal);
        }
    }

    private sealed record Uncontracted(int Number);
}
