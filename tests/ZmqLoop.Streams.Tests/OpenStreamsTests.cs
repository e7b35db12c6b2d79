namespace ZmqLoop.Streams.Tests;

public sealed class OpenStreamsTests
{
    [Fact]
    public void The_open_streams_can_be_listed_for_one_loop_and_for_all()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = "front" });
        using StreamWorld other = new();
        using ZMQStream second = new(new ScriptedSocket(), world.Loop);
        Assert.Equal([world.Stream, second], ZMQStream.GetOpenStreams(world.Loop).OrderBy(stream => stream == second));
        Assert.Equal([other.Stream], ZMQStream.GetOpenStreams(other.Loop));
        Assert.Subset(ZMQStream.GetOpenStreams().ToHashSet(), new HashSet<ZMQStream> { world.Stream, second, other.Stream });
        second.Close();
        Assert.Equal("ZMQStream 'front' of scripted DEALER, 0 to send", Assert.Single(ZMQStream.GetOpenStreams(world.Loop)).ToString());
    }

    [Fact]
    public void A_stream_tells_its_age_by_its_loops_clock()
    {
        using StreamWorld world = new();
        world.Loop.ManualTime.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), world.Stream.Age);
    }

    [Fact]
    public void Any_thread_may_list_them_while_others_come_and_go()
    {
        using ScriptedLoop loop = new();
        using CancellationTokenSource done = new();
        Task listing = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
                Assert.All(ZMQStream.GetOpenStreams(loop), static stream => Assert.NotEmpty(stream.ToString()));
        });
        for (int i = 0; i < 2000; i++) new ZMQStream(new ScriptedSocket(), loop).Dispose();
        done.Cancel();
        listing.GetAwaiter().GetResult();
        Assert.Empty(ZMQStream.GetOpenStreams(loop));
    }
}
