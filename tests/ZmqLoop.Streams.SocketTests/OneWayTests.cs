namespace ZmqLoop.Streams.SocketTests;

/// <summary>What a socket cannot do throws at the call that asks for it.</summary>
public sealed class OneWayTests
{
    [Theory]
    [InlineData(SocketType.Pub)]
    [InlineData(SocketType.Push)]
    public void A_socket_that_only_sends_receives_nothing(SocketType type)
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(type);
        AssertRefused("only sends", () => stream.OnRecv(static _ => { }), () => stream.OnRecv(static _ => Task.CompletedTask),
            () => stream.OnRecvStream(static (_, _) => { }), () => stream.ReceiveAsync().AsTask(),
            () => stream.ReceiveAsync(TimeSpan.Zero).AsTask(), () => _ = stream.ReadAllAsync(), () => _ = stream.Reader,
            () => stream.Discard());

        Assert.False(stream.IsReceiving);
        stream.OnRecv((Action<Message>?)null);
    }

    [Theory]
    [InlineData(SocketType.Sub)]
    [InlineData(SocketType.Pull)]
    public void A_socket_that_only_receives_sends_nothing(SocketType type)
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(type);
        AssertRefused("only receives", () => stream.Send("x"), () => stream.Send(new Message("x")),
            () => stream.SendMultipart("x", "y"), () => stream.TrySend(new Message("x")), () => _ = stream.SendAsync(new Message("x")));

        Assert.Equal(0, stream.SendQueueLength);
    }

    [Fact]
    public void A_subscription_is_taken_back_on_the_stream()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Sub);
        ZMQSocket publisher = world.Socket(SocketType.XPub);
        string name = RealWorld.Inproc();
        publisher.Bind(name);
        stream.Subscribe("a");
        stream.Connect(name);
        Assert.Equal("\u0001a", RealWorld.Receive(publisher));
        stream.Unsubscribe("a");
        Assert.Equal("\0a", RealWorld.Receive(publisher));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_proxy_over_a_socket_of_another_loops_stream_names_both(int which)
    {
        using RealWorld world = new();
        using ZMQIOLoop other = new(world.Engine, new IOLoopOptions { MakeCurrent = false });
        ZMQSocket[] sockets = [world.Socket(SocketType.Router), world.Socket(SocketType.Dealer), world.Socket(SocketType.Pub)];
        using ZMQStream stream = new(sockets[which], other, new ZMQStreamOptions { Name = "orders", LeaveOpen = true });
        InvalidOperationException error =
            Assert.Throws<InvalidOperationException>(() => new ZMQProxy(sockets[0], sockets[1], sockets[2], world.Loop));
        Assert.Contains("'orders'", error.Message, StringComparison.Ordinal);
        Assert.Contains(other.ToString()!, error.Message, StringComparison.Ordinal);
        stream.Close();
        using ZMQProxy proxy = new(sockets[0], sockets[1], sockets[2], world.Loop);
    }

    [Fact]
    public void Durations_beyond_what_an_option_can_hold_are_refused_alike()
    {
        using RealWorld world = new();
        ZMQSocket socket = world.Socket(SocketType.Push);
        TimeSpan before = socket.Linger;
        foreach (TimeSpan wrong in (TimeSpan[])[TimeSpan.MaxValue, TimeSpan.FromDays(30), TimeSpan.FromMilliseconds(int.MaxValue + 1.0),
            TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(-2), TimeSpan.MinValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => socket.Linger = wrong);
            Assert.Throws<ArgumentOutOfRangeException>(() => socket.ReconnectInterval = wrong);
            Assert.Throws<ArgumentOutOfRangeException>(() => socket.Close(wrong));
            Assert.False(socket.IsClosed);
        }

        Assert.Equal(before, socket.Linger);
        socket.Linger = TimeSpan.FromTicks(1); // rounded up: a little is not nothing
        Assert.Equal(TimeSpan.FromMilliseconds(1), socket.Linger);
        socket.Linger = TimeSpan.FromMilliseconds(int.MaxValue);
        socket.Linger = Timeout.InfiniteTimeSpan;
        Assert.Equal(Timeout.InfiniteTimeSpan, socket.Linger);
        socket.Linger = TimeSpan.Zero;
    }

    private static void AssertRefused(string words, params Action[] calls)
    {
        foreach (Action call in calls)
            Assert.Contains(words, Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
    }
}
