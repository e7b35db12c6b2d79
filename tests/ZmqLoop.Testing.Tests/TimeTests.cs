using Microsoft.Extensions.Logging;
using ZmqLoop.Streams;

namespace ZmqLoop.Testing.Tests;

public sealed class TimeTests
{
    private readonly ScriptedLoop _loop = new();

    [Fact]
    public void An_hour_of_ticks_takes_no_time()
    {
        int ticks = 0;
        using PeriodicCallback heartbeat = new(() => ticks++, TimeSpan.FromSeconds(1), _loop);
        heartbeat.Start();
        _loop.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(3600, ticks);
        Assert.Equal(TimeSpan.FromHours(1), _loop.ManualTime.Now);
    }

    [Fact]
    public void Whatever_waits_by_the_loops_time_is_driven_by_it()
    {
        List<string> log = [];
        _loop.RunSync(async () =>
        {
            await _loop.Delay(TimeSpan.FromMinutes(5));
            log.Add($"{_loop.ManualTime.Now}");
            await Task.Delay(TimeSpan.FromMinutes(5), _loop.TimeProvider, TestContext.Current.CancellationToken);
            log.Add($"{_loop.ManualTime.Now}");
        });
        Assert.Equal(["00:05:00", "00:10:00"], log);
    }

    [Fact]
    public void What_nobody_handled_stands_in_the_errors()
    {
        _loop.CallLater(1, static () => throw new InvalidOperationException("oops"));
        _loop.RunUntilIdle();
        (Exception error, CallbackOrigin origin) = Assert.Single(_loop.Errors);
        Assert.Equal("oops", error.Message);
        Assert.Equal(CallbackKind.Timeout, origin.Kind);
    }

    [Fact]
    public void What_is_logged_can_be_read()
    {
        using RecordingLoggers loggers = new();
        using ScriptedLoop loop = new(loggers: loggers);
        using ScriptedSocket socket = new(SocketType.Rep);
        using ZMQStream orders = new(socket, loop, new ZMQStreamOptions { Name = "orders" });
        orders.OnRecv(async _ => await loop.Delay(TimeSpan.FromMinutes(1)));
        socket.Arrive("one that takes long");
        loop.RunFor(TimeSpan.FromSeconds(11));
        Assert.Contains("orders", Assert.Single(loggers.Entries, static entry => entry.Level == LogLevel.Warning).Text,
            StringComparison.Ordinal);
    }
}
