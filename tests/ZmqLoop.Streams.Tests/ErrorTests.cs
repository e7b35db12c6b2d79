namespace ZmqLoop.Streams.Tests;

/// <summary>With a reporter that throws: the error leaves Start, exactly once, and nothing is lost.</summary>
public sealed class ErrorTests
{
    private static StreamWorld Rethrowing()
    {
        StreamWorld world = new();
        world.Loop.OnError = static error => throw error;
        return world;
    }

    [Fact]
    public void An_error_of_a_receive_callback_leaves_Start_once_and_the_loop_goes_on_with_nothing_lost()
    {
        using StreamWorld world = Rethrowing();
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            world.Stream.Send(message);
            if (message.Text() == "2") throw StreamWorld.Oops;
        });
        Assert.Same(StreamWorld.Oops, Assert.Throws<InvalidOperationException>(world.Run));
        Assert.Equal(["oops"], world.Errors);
        world.Run();
        Assert.Equal(["1", "2", "3"], world.Log);
        Assert.Equal(["1", "2", "3"], world.Socket.Outbox);
        Assert.Equal(["oops"], world.Errors);
    }

    [Fact]
    public void An_error_of_a_send_callback_leaves_Start_once_and_the_rest_is_sent_later()
    {
        using StreamWorld world = Rethrowing();
        world.Stream.Send("1", static (_, _) => throw StreamWorld.Oops);
        world.Stream.Send("2", world.LogSent());
        Assert.Throws<InvalidOperationException>(world.Run);
        world.Run();
        Assert.Equal(["1", "2"], world.Socket.Outbox);
        Assert.Equal(["sent 2"], world.Log);
        Assert.Equal(["oops"], world.Errors);
    }

    [Fact]
    public void An_error_of_an_async_handler_leaves_Start_once_and_the_next_message_comes()
    {
        using StreamWorld world = Rethrowing();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(async message =>
        {
            await Task.Yield();
            world.Log.Add(message.Text());
            if (message.Text() == "1") throw StreamWorld.Oops;
        });
        Assert.Throws<InvalidOperationException>(world.Run);
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.Equal(["oops"], world.Errors);
    }

    [Fact]
    public void Errors_while_closing_do_not_keep_the_rest_from_being_reported()
    {
        using StreamWorld world = Rethrowing();
        world.Socket.Room = 0;
        world.Stream.Send("1", static (_, _) => throw StreamWorld.Oops);
        world.Stream.Send("2", world.LogSent());
        world.Stream.Send("3");
        world.Stream.SetCloseCallback(() => world.Log.Add("closed"));
        world.Loop.AddCallback(() => world.Stream.Close());
        Assert.ThrowsAny<InvalidOperationException>(world.Run);
        Assert.Equal(["sent 2 ObjectDisposedException", "closed"], world.Log);
        Assert.Equal(2, world.Loop.Errors.Count);
        Assert.True(world.Stream.CloseAsync(TimeSpan.Zero).IsCompletedSuccessfully);
        world.Run();
        Assert.Equal(2, world.Loop.Errors.Count);
    }

    [Fact]
    public void An_error_on_its_way_out_of_a_callback_within_a_callback_is_not_reported_again()
    {
        using StreamWorld world = Rethrowing();
        world.Stream.SetCloseCallback(() => throw StreamWorld.Oops);
        world.Socket.Arrive("1");
        world.Stream.OnRecv(_ => world.Stream.Close());
        Assert.Same(StreamWorld.Oops, Assert.Throws<InvalidOperationException>(world.Run));
        Assert.Equal(["oops"], world.Errors);
    }

    [Fact]
    public void With_the_policy_close_an_error_is_reported_also_when_the_close_callback_throws()
    {
        using StreamWorld world = new(new ZMQStreamOptions { ErrorPolicy = StreamErrorPolicy.Close });
        world.Loop.OnError = static error => throw error;
        world.Stream.SetCloseCallback(static () => throw new InvalidOperationException("close"));
        world.Socket.Arrive("1");
        world.Stream.OnRecv(_ => throw StreamWorld.Oops);
        Assert.Throws<InvalidOperationException>(world.Run);
        Assert.Equal(["close", "oops"], world.Errors.Order());
    }

    [Fact]
    public void An_error_out_of_Flush_reaches_its_caller_and_the_stream_goes_on()
    {
        using StreamWorld world = Rethrowing();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            if (message.Text() == "1") throw StreamWorld.Oops;
        });
        Assert.Throws<InvalidOperationException>(() => world.Stream.Flush());
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.Equal(["oops"], world.Errors);
    }

    [Fact]
    public void A_cancelled_async_handler_is_reported_once()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(async message =>
        {
            world.Log.Add(message.Text());
            await Task.FromCanceled(new CancellationToken(canceled: true));
        });
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.Equal(2, world.Loop.Errors.Count);
    }
}
