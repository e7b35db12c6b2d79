using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class CallbackTrailTests
{
    [Fact]
    public void An_unhandled_exception_tells_where_each_callback_on_the_way_was_scheduled()
    {
        using ScriptedLoop loop = new(debug: true);
        FirstHop(loop);
        loop.RunUntilIdle();
        string trail = Assert.Single(loop.Errors).Origin.Trail!.ToString();
        Assert.Contains(nameof(ThirdHop), trail, StringComparison.Ordinal);
        Assert.Contains(nameof(SecondHop), trail, StringComparison.Ordinal);
        Assert.Contains(nameof(FirstHop), trail, StringComparison.Ordinal);
        Assert.True(trail.IndexOf(nameof(ThirdHop), StringComparison.Ordinal) < trail.IndexOf(nameof(FirstHop), StringComparison.Ordinal));
    }

    [Fact]
    public void The_trail_goes_through_await()
    {
        using ScriptedLoop loop = new(debug: true);
        string described = "";
        loop.AddCallback(async () =>
        {
            await Task.Yield();
            FirstHop(loop);
            described = StackContext.Describe();
        });
        loop.RunUntilIdle();
        Assert.Contains(nameof(The_trail_goes_through_await), Assert.Single(loop.Errors).Origin.Trail!.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("scheduled at", described, StringComparison.Ordinal);
    }

    [Fact]
    public void Contexts_are_described_with_the_place_where_they_were_entered()
    {
        using ScriptedLoop loop = new(debug: true);
        string described = "";
        loop.AddCallback(() => new ExceptionStackContext(_ => true) { Name = "request 7" }
            .Run(() => loop.AddCallback(() => described = StackContext.Describe())));
        loop.RunUntilIdle();
        Assert.Contains("request 7", described, StringComparison.Ordinal);
        Assert.Contains(nameof(Contexts_are_described_with_the_place_where_they_were_entered), described, StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_that_schedules_itself_for_ever_keeps_a_short_trail()
    {
        using ScriptedLoop loop = new(debug: true);
        int left = 1000;
        loop.AddCallback(Again);
        loop.RunUntilIdle();

        void Again()
        {
            int hops = 0;
            for (CallbackTrail? hop = CallbackTrail.Current; hop is not null; hop = hop.Previous) hops++;
            Assert.InRange(hops, 1, 64);
            if (--left > 0) loop.AddCallback(Again);
        }
    }

    [Fact]
    public void Off_it_records_nothing()
    {
        using ScriptedLoop loop = new();
        FirstHop(loop);
        loop.AddCallback(() => Assert.Null(CallbackTrail.Current));
        loop.RunUntilIdle();
        Assert.Null(Assert.Single(loop.Errors).Origin.Trail);
    }

    private static void FirstHop(IOLoop loop) => loop.AddCallback(() => SecondHop(loop));

    private static void SecondHop(IOLoop loop) => loop.CallLater(TimeSpan.FromSeconds(1), () => ThirdHop(loop));

    private static void ThirdHop(IOLoop loop) => loop.AddCallback(() => throw new InvalidOperationException("at the end"));
}
