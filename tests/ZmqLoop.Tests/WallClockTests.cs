using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class WallClockTests
{
    [Theory]
    [InlineData(-24)]
    [InlineData(24)]
    public void Setting_the_wall_clock_moves_neither_timers_nor_periodic_callbacks_nor_the_loops_time(int hours)
    {
        using ScriptedLoop loop = new();
        List<string> log = [];
        double start = loop.Time();
        loop.CallLater(TimeSpan.FromSeconds(1), () => loop.ManualTime.WallClockOffset = TimeSpan.FromHours(hours));
        loop.CallLater(TimeSpan.FromSeconds(2.5), () => log.Add($"timer {loop.Time() - start}"));
        PeriodicCallback periodic = new(() => log.Add($"periodic {loop.Time() - start}"), TimeSpan.FromSeconds(2), loop);
        periodic.Start();
        loop.CallLater(TimeSpan.FromSeconds(5), () =>
        {
            periodic.Stop();
            loop.ManualTime.WallClockOffset = TimeSpan.Zero;
        });
        loop.RunUntilIdle();
        Assert.Equal(["periodic 2", "timer 2.5", "periodic 4"], log);
    }
}
