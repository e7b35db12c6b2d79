using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Callbacks_and_timers_run_in_order_and_the_loop_stops_when_idle()
    {
        using ScriptedLoop loop = new();
        List<string> log = [];
        loop.CallLater(TimeSpan.FromSeconds(2), () => log.Add("t2"));
        loop.CallLater(TimeSpan.FromSeconds(1), () => log.Add("t1"));
        loop.AddCallback(() => log.Add("a"));
        new ExceptionStackContext(e => { log.Add(e.Message); return true; })
            .Run(() => loop.AddCallback(() => throw new InvalidOperationException("x")));
        loop.AddCallback(async () => { await Task.Yield(); log.Add("b"); });
        loop.RunUntilIdle();
        Assert.Equal(["a", "x", "b", "t1", "t2"], log);
    }
}
