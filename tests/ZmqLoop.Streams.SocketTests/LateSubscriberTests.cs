namespace ZmqLoop.Streams.SocketTests;

/// <summary>What docs/publish-subscribe.md says of what is published early.</summary>
public sealed class LateSubscriberTests : IDisposable
{
    private readonly RealWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_is_published_before_the_loop_runs_waits_for_its_first_turn_and_goes_to_who_has_subscribed_by_then()
    {
        ZMQStream publisher = _world.Stream(SocketType.XPub); // tells of subscriptions
        string endpoint = Bind(publisher.Socket);
        ZMQSocket subscriber = Subscriber();
        subscriber.Connect(endpoint);
        Assert.Equal("\u0001", RealWorld.Receive(publisher.Socket));
        publisher.Send("early");
        Assert.Equal(1, publisher.SendQueueLength);
        Assert.False(subscriber.TryReceive(out _));
        _world.RunUntil(() => publisher.SendQueueLength == 0);
        Assert.Equal("early", RealWorld.Receive(subscriber));
    }

    [Fact]
    public void What_the_first_turn_sends_before_a_subscription_has_come_is_lost()
    {
        ZMQStream publisher = _world.Stream(SocketType.XPub);
        string endpoint = Bind(publisher.Socket);
        publisher.Send("early");
        _world.RunUntil(() => publisher.SendQueueLength == 0);
        ZMQSocket subscriber = Subscriber();
        subscriber.Connect(endpoint);
        publisher.OnRecv(_ => publisher.Send("late")); // it is there
        _world.RunUntil(() => subscriber.TryReceive(out Message? first) && Log(first));
        Assert.Equal(["late"], _world.Log);
    }

    [Fact]
    public void A_publisher_that_connects_drops_until_the_subscription_comes_though_others_would_queue()
    {
        string endpoint;
        using (ZMQSocket before = _world.Engine.CreateSocket(SocketType.Sub)) endpoint = Bind(before);
        ZMQSocket publisher = _world.Socket(SocketType.XPub);
        publisher.Connect(endpoint);
        RealWorld.Send(publisher, "early"); // and is told that it was sent
        ZMQSocket subscriber = Subscriber();
        Deadline.WaitUntil(() => Record.Exception(() => subscriber.Bind(endpoint)) is null); // the port is let go of some time later
        Message? subscription = null;
        Deadline.WaitUntil(() => // what binds takes its connections, and tells them, where it is used
        {
            Assert.False(subscriber.TryReceive(out _));
            return publisher.TryReceive(out subscription);
        });
        Assert.Equal("\u0001", subscription!.Text());
        RealWorld.Send(publisher, "late");
        Assert.Equal("late", RealWorld.Receive(subscriber));
    }

    private static string Bind(ZMQSocket socket)
    {
        socket.Bind("tcp://127.0.0.1:*");
        return socket.LastEndpoint;
    }

    private ZMQSocket Subscriber()
    {
        ZMQSocket subscriber = _world.Socket(SocketType.Sub);
        subscriber.Subscribe("");
        return subscriber;
    }

    private bool Log(Message message)
    {
        _world.Log.Add(message.Text());
        return true;
    }
}
