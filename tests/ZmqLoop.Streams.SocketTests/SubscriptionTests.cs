namespace ZmqLoop.Streams.SocketTests;

/// <summary>However many subscriptions are made in one go, all of them work.</summary>
public sealed class SubscriptionTests : IDisposable
{
    private const int Count = 3_000; // three times the high-water marks

    private readonly RealWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Made_in_one_go_before_or_after_connecting_all_work(bool tcp, bool connectedFirst)
    {
        ZMQSocket publisher = Publisher(tcp, out string endpoint);
        ZMQSocket subscriber = _world.Socket(SocketType.Sub);
        subscriber.ReceiveHighWaterMark = 0;
        if (connectedFirst) Connect(subscriber, publisher, endpoint);
        for (int i = 0; i < Count; i++) subscriber.Subscribe(Topic(i));
        if (!connectedFirst) subscriber.Connect(endpoint);
        AssertAllCome(publisher, subscriber);
    }

    [Fact]
    public void Sent_by_an_XSUB_as_messages_all_work()
    {
        ZMQSocket publisher = Publisher(tcp: true, out string endpoint);
        ZMQSocket subscriber = _world.Socket(SocketType.XSub);
        subscriber.ReceiveHighWaterMark = 0;
        subscriber.Connect(endpoint);
        for (int i = 0; i < Count; i++) RealWorld.Send(subscriber, new Message((Frame)("\u0001" + Topic(i)))[0]);
        AssertAllCome(publisher, subscriber);
    }

    [Theory]
    [InlineData(0, "subscription")]
    [InlineData(1, "subscription")]
    [InlineData(1, "second frame")]
    public async Task One_that_an_XSUB_sends_as_a_message_is_refused_at_the_call_where_it_is_too_long(byte first, string what)
    {
        byte[] bytes = new byte[300_000]; // libzmq ends the process at 200,000
        bytes[0] = first;
        Message message = what == "subscription" ? new(bytes) : new("x", bytes);
        ZMQSocket bare = _world.Socket(SocketType.XSub);
        ZMQStream stream = _world.Stream(SocketType.XSub);
        Assert.Contains("8192", Assert.Throws<ArgumentException>(() => bare.TrySend(message)).Message);
        Assert.Throws<ArgumentException>(() => stream.Send(message));
        Assert.Throws<ArgumentException>(() => stream.TrySend(message));
        Assert.Throws<ArgumentException>(() => stream.SendMultipart([.. message.Frames]));
        await Assert.ThrowsAsync<ArgumentException>(() => stream.SendAsync(message));
        Assert.Equal(0, stream.SendQueueLength);
        bytes[0] = 2; // a message of the user's
        stream.Send(new Message(bytes));
        Assert.Equal(1, stream.SendQueueLength);
        bytes = new byte[8_193];
        bytes[0] = 1;
        stream.Send(new Message(bytes));
        Assert.Equal(2, stream.SendQueueLength);
    }

    private static string Topic(int i) => $"t{i:0000}.";

    private ZMQSocket Publisher(bool tcp, out string endpoint)
    {
        ZMQSocket publisher = _world.Socket(SocketType.XPub); // tells of subscriptions
        publisher.SendHighWaterMark = 0;
        endpoint = tcp ? "tcp://127.0.0.1:*" : RealWorld.Inproc();
        publisher.Bind(endpoint);
        if (tcp) endpoint = publisher.LastEndpoint;
        return publisher;
    }

    /// <summary>Until the connection stands, as a first subscription shows.</summary>
    private static void Connect(ZMQSocket subscriber, ZMQSocket publisher, string endpoint)
    {
        subscriber.Connect(endpoint);
        subscriber.Subscribe("first");
        Assert.Equal("\u0001first", RealWorld.Receive(publisher));
    }

    private static void AssertAllCome(ZMQSocket publisher, ZMQSocket subscriber)
    {
        List<string> subscriptions = [];
        while (subscriptions.Count < Count) subscriptions.Add(RealWorld.Receive(publisher)[1..]);
        Assert.Equal(Enumerable.Range(0, Count).Select(Topic), subscriptions.Order(StringComparer.Ordinal));
        for (int i = 0; i < Count; i++) RealWorld.Send(publisher, Topic(i));
        for (int i = 0; i < Count; i++) Assert.Equal(Topic(i), RealWorld.Receive(subscriber));
    }
}
