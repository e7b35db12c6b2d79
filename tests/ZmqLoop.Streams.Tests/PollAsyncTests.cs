namespace ZmqLoop.Streams.Tests;

public sealed class PollAsyncTests
{
    [Fact]
    public void PollAsync_tells_of_a_message_and_leaves_it_there()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(async () =>
        {
            Assert.Equal(IOEvents.None, await world.Stream.PollAsync(timeout: TimeSpan.Zero));
            Assert.Equal(IOEvents.None, await world.Stream.PollAsync(timeout: TimeSpan.FromMilliseconds(1)));
            Assert.Equal(TimeSpan.FromMilliseconds(1), world.Loop.ManualTime.Now);
            Assert.Equal(IOEvents.Read, await world.Stream.PollAsync());
            Assert.Equal(IOEvents.Read, await world.Stream.PollAsync(timeout: TimeSpan.Zero));
            Assert.Equal(1, world.Socket.Waiting);
            world.Log.Add((await world.Stream.ReceiveAsync()).Text());
        });
        world.Loop.CallLater(1, () => world.Socket.Arrive("1"));
        world.Run();
        Assert.Equal(["1"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void PollAsync_tells_of_room()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        Task<IOEvents> both = world.Stream.PollAsync(IOEvents.Read | IOEvents.Write);
        Task<IOEvents> read = world.Stream.PollAsync();
        world.Loop.CallLater(1, () => world.Socket.Room = 1);
        world.Run();
        Assert.Equal(IOEvents.Write, both.Result);
        Assert.False(read.IsCompleted);
    }

    [Fact]
    public void A_poll_does_not_take_the_callbacks_message()
    {
        using StreamWorld world = new();
        world.LogReceived();
        Task<IOEvents> poll = world.Stream.PollAsync();
        world.Socket.Arrive("1");
        world.Run();
        Assert.Equal(IOEvents.Read, poll.Result);
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public async Task A_poll_that_waits_when_the_stream_is_closed_ends_with_it()
    {
        using StreamWorld world = new();
        Task<IOEvents> waiting = world.Stream.PollAsync();
        world.Loop.CallLater(1, () => world.Stream.Close());
        world.Run();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => world.Stream.PollAsync());
    }

    [Fact]
    public async Task Wrong_arguments_throw_at_the_call()
    {
        using StreamWorld world = new();
        await Assert.ThrowsAsync<ArgumentException>(() => world.Stream.PollAsync(IOEvents.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => world.Stream.PollAsync(timeout: TimeSpan.FromSeconds(-3)));
    }

    [Fact]
    public async Task A_cancelled_poll_ends_and_carries_the_token()
    {
        using StreamWorld world = new();
        using CancellationTokenSource cancel = new();
        Task<IOEvents> poll = world.Stream.PollAsync(cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll)).CancellationToken);
    }
}
