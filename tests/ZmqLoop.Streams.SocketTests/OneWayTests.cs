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

    private static void AssertRefused(string words, params Action[] calls)
    {
        foreach (Action call in calls)
            Assert.Contains(words, Assert.Throws<InvalidOperationException>(call).Message, StringComparison.Ordinal);
    }
}
