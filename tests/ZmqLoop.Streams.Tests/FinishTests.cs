namespace ZmqLoop.Streams.Tests;

/// <summary>The end of a service: what has come is served, and what is left unread is counted.</summary>
public sealed class FinishTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(4);

    [Fact]
    public void What_has_come_is_served_and_its_answers_are_sent_before_the_stream_is_closed()
    {
        using StreamWorld world = new();
        for (int i = 0; i < 3; i++) world.Socket.Arrive($"{i}");
        world.Stream.OnRecv(async request =>
        {
            await world.Loop.Delay(0.5);
            world.Stream.Send("done " + request[0].ToText());
        });
        Assert.True(Finish(world));
        Assert.Empty(world.Errors);
        Assert.True(world.Stream.IsClosed);
        Assert.Equal(["done 0", "done 1", "done 2"], world.Socket.Outbox);
    }

    [Fact]
    public void Work_that_gives_no_task_has_ended()
    {
        using StreamWorld world = new();
        Task<bool>? finished = null;
        Assert.Null(world.Stream.UnreadMessages);
        world.Loop.AddCallback(() => finished = world.Stream.FinishAsync(_limit, static () => null!));
        world.Run();
        Assert.True(Ended(finished).Result);
        Assert.Equal(0, world.Stream.UnreadMessages);
    }

    [Fact]
    public void What_comes_within_a_quarter_of_a_second_is_served_too_and_what_comes_later_is_not_waited_for()
    {
        using StreamWorld world = new();
        List<double> times = [];
        world.Stream.OnRecv(_ => times.Add(Math.Round(world.Loop.ManualTime.Now.TotalSeconds, 1)));
        foreach (double second in (double[])[0.2, 0.4, 0.6, 2]) world.Loop.CallLater(second, () =>
        {
            if (!world.Socket.IsClosed) world.Socket.Arrive("m");
        });
        TimeSpan end = TimeSpan.Zero;
        world.Stream.SetCloseCallback(() => end = world.Loop.ManualTime.Now);
        Assert.True(Finish(world));
        Assert.Empty(world.Errors);
        Assert.Equal([0.2, 0.4, 0.6], times);
        Assert.InRange(end.TotalSeconds, 0.85, 1);
    }

    [Theory]
    [InlineData(1.5, 1.75)] // ends by itself, and who was answered has time to read it
    [InlineData(3, 2)] // half of the limit is over first
    public void Handlers_end_by_themselves_while_what_comes_is_served_and_their_tokens_fire_when_half_of_the_time_is_over(
        double seconds, double earliest)
    {
        using StreamWorld world = new(new ZMQStreamOptions { MaxConcurrency = 10 });
        world.Socket.Arrive("1");
        world.Loop.CallLater(1, () => world.Socket.Arrive("2")); // more than a quarter of a second after the first
        world.Stream.OnRecv(async (request, closing) =>
        {
            string outcome = "done";
            try
            {
                if (request[0].ToText() == "1") await world.Loop.Delay(seconds, closing);
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
            }

            world.Stream.Send($"{outcome} {request[0].ToText()}");
        });
        TimeSpan end = TimeSpan.Zero;
        world.Stream.SetCloseCallback(() => end = world.Loop.ManualTime.Now);
        Assert.True(Finish(world));
        Assert.Empty(world.Errors);
        Assert.Equal(["done 2", seconds < 2 ? "done 1" : "cancelled 1"], world.Socket.Outbox);
        Assert.InRange(end.TotalSeconds, earliest, earliest + 0.3);
    }

    [Fact]
    public void Whoever_is_answered_by_the_services_own_work_has_time_to_read_it()
    {
        using StreamWorld world = new();
        TimeSpan sent = TimeSpan.Zero;
        TimeSpan end = TimeSpan.Zero;
        world.Stream.OnRecv(request => world.Loop.CallLater(2, () =>
        {
            world.Stream.Send("done " + request[0].ToText());
            sent = world.Loop.ManualTime.Now;
        }));
        world.Stream.SetCloseCallback(() => end = world.Loop.ManualTime.Now);
        world.Socket.Arrive("1");
        Task<bool>? finished = null;
        world.Loop.AddCallback(() => finished = world.Stream.FinishAsync(_limit, () => world.Loop.Delay(2)));
        world.Run();
        Assert.True(Ended(finished).Result);
        Assert.Equal(["done 1"], world.Socket.Outbox);
        Assert.InRange((end - sent).TotalSeconds, 0.25, 1);
    }

    [Fact]
    public void A_stream_that_somebody_closes_while_it_is_finishing_has_not_finished()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(_ => new TaskCompletionSource().Task);
        world.Loop.CallLater(1, () => world.Stream.Close());
        Assert.False(Finish(world));
        Assert.Empty(world.Errors);
    }

    [Fact]
    public void Where_the_time_is_not_enough_what_is_left_unread_is_counted_in_the_log_and_the_end_says_so()
    {
        using RecordingLoggers loggers = new();
        using ScriptedLoop loop = new(loggers: loggers);
        using ScriptedSocket socket = new();
        using ZMQStream stream = new(socket, loop, new ZMQStreamOptions { Name = "orders" });
        for (int i = 0; i < 100; i++) socket.Arrive($"{i}");
        int served = 0;
        stream.OnRecv(async _ =>
        {
            await loop.Delay(0.1);
            served++;
        });
        Task<bool>? finished = null;
        loop.AddCallback(() => finished = stream.FinishAsync(_limit));
        loop.RunUntilIdle();
        Assert.False(Ended(finished).Result);
        Assert.InRange(served, 18, 22); // half of four seconds
        string lost = Assert.Single(loggers.Entries).Text;
        Assert.Contains("'orders'", lost, StringComparison.Ordinal);
        Assert.EndsWith($"lost: {100 - served}", lost, StringComparison.Ordinal);
        Assert.Equal(100 - served, stream.UnreadMessages);
    }

    [Fact]
    public void The_services_own_work_is_awaited_while_nothing_is_received_and_answers_can_still_be_sent()
    {
        using StreamWorld world = new();
        world.Stream.OnRecv(request => world.Loop.CallLater(3, () => world.Stream.Send("done " + request[0].ToText())));
        world.Socket.Arrive("1");
        Task<bool>? finished = null;
        world.Loop.AddCallback(() => finished = world.Stream.FinishAsync(TimeSpan.FromSeconds(1), async () =>
        {
            Assert.False(world.Stream.IsReceiving);
            await world.Loop.Delay(4); // longer than the limit, which is the stream's
        }));
        world.Run();
        Assert.Empty(world.Errors);
        Assert.True(Ended(finished).Result);
        Assert.Equal(["done 1"], world.Socket.Outbox);
    }

    [Fact]
    public void Work_that_fails_closes_the_stream_all_the_same_and_is_told()
    {
        using StreamWorld world = new();
        Task<bool>? finished = null;
        world.Loop.AddCallback(() => finished = world.Stream.FinishAsync(_limit, static () => throw new IOException("no")));
        world.Run();
        Assert.Equal("no", Ended(finished).Exception!.InnerException!.Message);
        Assert.True(world.Stream.IsClosed);
    }

    [Fact]
    public void While_the_loop_does_not_run_or_is_not_asked_for_any_time_it_is_a_close_that_drains()
    {
        using StreamWorld world = new();
        world.Stream.Send("1");
        Assert.True(world.Stream.FinishAsync(_limit).Result);
        Assert.Equal(["1"], world.Socket.Outbox);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = world.Stream.FinishAsync(TimeSpan.FromSeconds(-1)); });
    }

    /// <summary>Runs until nothing can happen any more.</summary>
    /// <returns>Whether nothing was left.</returns>
    private static bool Finish(StreamWorld world)
    {
        Task<bool>? finished = null;
        world.Loop.AddCallback(() => finished = world.Stream.FinishAsync(_limit));
        world.Run();
        return Ended(finished).Result;
    }

    /// <summary>It ends on the thread pool, soon after the stream was closed.</summary>
    private static Task<bool> Ended(Task<bool>? finished)
    {
        Deadline.WaitUntil(() => finished!.IsCompleted);
        return finished!;
    }
}
