using System.Runtime.ExceptionServices;

namespace ZmqLoop.Testing.Tests;

public sealed class ErrorTests
{
    [Fact]
    public void What_OnError_throws_leaves_the_run_and_the_loop_goes_on_behind_it()
    {
        using ScriptedLoop loop = new() { OnError = ExceptionDispatchInfo.Throw };
        bool isLater = false;
        loop.CallLater(1, static () => throw new InvalidOperationException("oops"));
        loop.CallLater(2, () => isLater = true);
        Assert.Equal("oops", Assert.Throws<InvalidOperationException>(loop.RunUntilIdle).Message);
        Assert.Single(loop.Errors);
        Assert.False(isLater);
        loop.RunUntilIdle();
        Assert.True(isLater);
    }

    [Fact]
    public void What_repeats_for_ever_ends_RunUntilIdle_with_advice_and_RunFor_only_where_time_stands_still()
    {
        using ScriptedLoop loop = new();
        int ticks = 0;
        using PeriodicCallback heartbeat = new(() => ticks++, TimeSpan.FromMilliseconds(1), loop);
        heartbeat.Start();
        Assert.EndsWith("or something repeats for ever, for which RunFor is there.",
            Assert.Throws<InvalidOperationException>(loop.RunUntilIdle).Message, StringComparison.Ordinal);
        ticks = 0;
        loop.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(3_600_000, ticks);
        loop.AddCallback(Again);
        Assert.EndsWith("it spins.", Assert.Throws<InvalidOperationException>(() => loop.RunFor(TimeSpan.FromHours(1))).Message,
            StringComparison.Ordinal);

        void Again() => loop.AddCallback(Again);
    }
}
