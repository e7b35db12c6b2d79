namespace ZmqLoop.Streams.SocketTests;

/// <summary>Who owns a socket, and what is reached through its stream.</summary>
public sealed class RealOwnershipTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_second_stream_on_a_socket_throws_and_names_the_first(bool acrossLoops)
    {
        using RealWorld world = new();
        using ErrorLoop other = new(world.Engine);
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        var error = Assert.Throws<InvalidOperationException>(() => new ZMQStream(stream.Socket, acrossLoops ? other : world.Loop));
        Assert.Contains(stream.ToString(), error.Message, StringComparison.Ordinal);
        world.LogReceived(stream);
        RealWorld.Send(peer, "1");
        world.RunUntil(() => world.Log.Count == 1);
    }

    [Fact]
    public void Options_and_endpoints_are_reached_through_the_stream()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Sub);
        stream.Set(ZMQSocketOptions.RcvHwm, 7);
        Assert.Equal(7, stream.Get(ZMQSocketOptions.RcvHwm));
        stream.Subscribe("a");
        string name = RealWorld.Inproc();
        stream.Bind(name);
        stream.Unbind(name);
        stream.Connect("tcp://127.0.0.1:9");
        stream.Disconnect("tcp://127.0.0.1:9");
        Assert.InRange(stream.BindToRandomPort("tcp://127.0.0.1"), 1, 65535);
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
}
