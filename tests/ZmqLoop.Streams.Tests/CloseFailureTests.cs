namespace ZmqLoop.Streams.Tests;

/// <summary>Half closed is not a state: what cannot be done is refused before anything has changed, and whatever fails inside, the stream
/// ends closed.</summary>
public sealed class CloseFailureTests
{
    public static TheoryData<TimeSpan> Wrong =>
        [TimeSpan.FromDays(30), TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.FromTicks(-1),
            TimeSpan.FromMilliseconds(int.MaxValue) + TimeSpan.FromTicks(1)];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_linger_that_no_socket_has_is_refused_on_every_thread_and_the_stream_goes_on(TimeSpan linger)
    {
        using StreamWorld world = new();
        void Refused() => Assert.Equal("linger", Assert.Throws<ArgumentOutOfRangeException>(() => world.Stream.Close(linger)).ParamName);
        Refused(); // no loop runs
        world.LogReceived();
        world.Loop.AddCallback(() =>
        {
            Refused();
            Deadline.RunThread(Refused);
            world.Stream.Send("1", world.LogSent());
        });
        world.Socket.Arrive("2");
        world.Run();
        Assert.Equal(["2", "sent 1"], world.Log.Order(StringComparer.Ordinal));
        Assert.False(world.Stream.IsClosed || world.Socket.IsClosed);
        world.Stream.Close(TimeSpan.FromMilliseconds(int.MaxValue));
        Assert.True(world.Socket.IsClosed);
        Refused(); // also of a closed one, so that it is found before it matters
    }

    [Fact]
    public void A_proxy_refuses_it_too()
    {
        using ProxyWorld world = new();
        Assert.Equal("linger", Assert.Throws<ArgumentOutOfRangeException>(() => world.Proxy.Close(TimeSpan.FromDays(30))).ParamName);
        world.Front.Arrive("1");
        world.Run();
        Assert.Equal(["1"], world.Back.Outbox);
    }

    [Theory]
    [InlineData("here")]
    [InlineData("in the loop")]
    [InlineData("on another thread")]
    [InlineData("by a drain")]
    public void Whatever_the_sockets_close_throws_the_stream_ends_closed_and_all_that_waits_ends(string how)
    {
        using StreamWorld world = new();
        ZMQStream stream = world.Stream;
        world.Socket.Room = 0;
        world.Socket.CloseFailure = StreamWorld.Oops;
        stream.SetCloseCallback(() => world.Log.Add("closed"));
        Task receiving = stream.ReceiveAsync().AsTask();
        Task polling = stream.PollAsync(timeout: Timeout.InfiniteTimeSpan);
        Task sending = stream.SendAsync(new Message("1"));
        stream.Send("2", world.LogSent());
        switch (how)
        {
            case "here":
                Assert.Same(StreamWorld.Oops, Assert.Throws<InvalidOperationException>(() => stream.Close()));
                break;
            case "in the loop":
                world.Loop.AddCallback(() => stream.Close());
                break;
            case "on another thread":
                world.Loop.AddCallback(() => Deadline.RunThread(() => stream.Close()));
                break;
            default:
                world.Loop.AddCallback(() => { stream.CloseAsync(TimeSpan.FromSeconds(1)); });
                break;
        }

        world.Run();
        Assert.True(stream.CloseAsync(TimeSpan.Zero).IsCompletedSuccessfully);
        Assert.True(stream.IsClosed && world.Socket.IsClosed);
        Assert.True(receiving.IsFaulted && polling.IsFaulted && sending.IsFaulted);
        Assert.Equal(["sent 2 ObjectDisposedException", "closed"], world.Log);
        Assert.Empty(world.Loop.Poller.Sources);
        using ScriptedSocket other = new();
        using ZMQStream next = new(other, world.Loop); // and the loop goes on
    }

    [Fact]
    public void A_drain_that_a_reporter_breaks_ends_all_the_same()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        world.Stream.OnRecv((_, closing) =>
        {
            closing.Register(static () => throw StreamWorld.Oops);
            return new TaskCompletionSource().Task; // and ends never
        });
        world.Socket.Arrive("1");
        world.Stream.Send("2", world.LogSent());
        bool thrown = false;
        world.Loop.OnError = error =>
        {
            if (thrown) return;
            thrown = true;
            throw new NotSupportedException("by the reporter");
        };
        Action close = () => world.Stream.CloseAsync(TimeSpan.FromSeconds(10));
        world.Loop.CallLater(1, () => Assert.Throws<NotSupportedException>(close));
        world.Run();
        Assert.True(thrown);
        Assert.Equal(["sent 2 ObjectDisposedException"], world.Log);
        Assert.Equal(TimeSpan.FromSeconds(11), world.Loop.ManualTime.Now);
        Assert.True(world.Socket.IsClosed);
    }

    [Fact]
    public void A_proxy_whose_one_side_fails_to_close_closes_the_others()
    {
        using ProxyWorld world = new(capture: true);
        world.Front.CloseFailure = StreamWorld.Oops;
        Assert.Same(StreamWorld.Oops, Assert.Throws<InvalidOperationException>(() => world.Proxy.Close()));
        Assert.True(world.Front.IsClosed && world.Back.IsClosed && world.CaptureSocket!.IsClosed
            && world.Proxy.Completion.IsCompletedSuccessfully);
    }
}
