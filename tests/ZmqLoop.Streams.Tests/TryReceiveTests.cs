namespace ZmqLoop.Streams.Tests;

public sealed class TryReceiveTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Inside_the_callback_the_next_messages_come_in_order_and_the_callback_gets_the_one_after(bool copy)
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3", "4", "5");
        world.Stream.OnRecv(message =>
        {
            string taken = world.Stream.TryReceive(out Message? next) ? next.Text() : "none";
            world.Log.Add($"{message.Text()} and {taken}");
        }, copy);
        world.Run();
        Assert.Equal(["1 and 2", "3 and 4", "5 and none"], world.Log);
    }

    [Fact]
    public void Outside_of_the_callback_what_waits_is_taken_at_once_and_the_callback_gets_what_comes_later()
    {
        using StreamWorld world = new();
        world.LogReceived();
        world.Socket.Arrive("1", "2");
        while (world.Stream.TryReceive(out Message? message)) world.Log.Add($"taken {message.Text()}");
        world.Socket.Arrive("3");
        world.Run();
        Assert.Equal(["taken 1", "taken 2", "3"], world.Log);
    }

    [Fact]
    public void Whoever_has_asked_before_comes_first()
    {
        using StreamWorld world = new();
        Task<Message>? waiting = null;
        world.Loop.AddCallback(() =>
        {
            waiting = world.Stream.ReceiveAsync().AsTask();
            world.Socket.Arrive("1");
            world.Log.Add($"{world.Stream.TryReceive(out _)}");
        });
        world.Run();
        Assert.Equal(["False"], world.Log);
        Assert.Equal("1", waiting!.Result.Text());
    }

    [Fact]
    public void A_message_knows_the_envelopes_form_and_a_stream_that_is_closed_or_only_sends_says_so()
    {
        using StreamWorld world = new(new ZMQStreamOptions { EnvelopeFormat = EnvelopeFormat.Delimiter }, SocketType.Router);
        using StreamWorld pub = new(type: SocketType.Pub);
        world.Socket.Arrive(new Message("a", "b", "", "c"));
        Assert.True(world.Stream.TryReceive(out Message? message));
        Assert.Equal(1, message.Body.Length);
        Assert.Throws<InvalidOperationException>(() => pub.Stream.TryReceive(out _));
        world.Stream.Close();
        Assert.Throws<ObjectDisposedException>(() => world.Stream.TryReceive(out _));
    }
}
