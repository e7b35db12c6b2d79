using Microsoft.Extensions.Time.Testing;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The loop's clock is its TimeProvider's, whoever drives that.</summary>
public sealed class LoopTimeTests
{
    private readonly ScriptedLoop _loop = new();

    [Fact]
    public async Task A_clock_that_is_advanced_by_hand_wakes_a_sleeping_loop()
    {
        FakeTimeProvider time = new();
        await using IOLoopThread thread = Start(time);
        List<string> log = [];
        TaskCompletionSource last = new();
        await thread.Loop.InvokeAsync(() =>
        {
            thread.Loop.CallLater(5, () => log.Add("5"));
            thread.Loop.CallLater(60, () => log.Add("60"));
            thread.Loop.CallLater(TimeSpan.FromDays(100), last.SetResult); // longer than a timer can be
        });
        for (int i = 0; i < 200 && !last.Task.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await thread.Loop.InvokeAsync(static () => { });
        }

        await last.Task.WaitAsync(Deadline.Default);
        Assert.Equal(["5", "60"], log);
    }

    [Fact]
    public async Task However_the_clock_is_advanced_while_the_loop_falls_asleep_no_timer_is_lost()
    {
        FakeTimeProvider time = new();
        await using IOLoopThread thread = Start(time);
        int ran = 0;
        for (int i = 0; i < 300; i++)
        {
            TaskCompletionSource due = new();
            thread.Loop.AddCallback(() => { thread.Loop.CallLater(0.01, () => { ran++; due.SetResult(); }); });
            Deadline.WaitUntil(() =>
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
                return due.Task.IsCompleted;
            });
        }

        Assert.Equal(300, ran);
    }

    [Fact]
    public async Task Everything_that_waits_on_the_loop_goes_by_such_a_clock()
    {
        FakeTimeProvider time = new();
        await using IOLoopThread thread = Start(time);
        Task delay = thread.Loop.Delay(TimeSpan.FromHours(1));
        CallbackScope scope = null!;
        int ticks = 0;
        await thread.Loop.InvokeAsync(() =>
        {
            scope = new CallbackScope(TimeSpan.FromHours(1), thread.Loop);
            scope.Run(() => new PeriodicCallback(() => ticks++, TimeSpan.FromMinutes(10), thread.Loop).Start());
        });
        for (int i = 0; i < 12; i++)
        {
            time.Advance(TimeSpan.FromMinutes(5));
            await thread.Loop.InvokeAsync(static () => { });
        }

        await delay.WaitAsync(Deadline.Default);
        Assert.Equal(ScopeOutcome.TimedOut, await scope.Completion.WaitAsync(Deadline.Default));
        Assert.Equal(5, ticks);
    }

    [Fact]
    public async Task RunOnce_waits_by_such_a_clock_too()
    {
        FakeTimeProvider time = new();
        using IOLoop loop = new(new IOLoopOptions { TimeProvider = time, MakeCurrent = false });
        long start = time.GetTimestamp();
        Task<bool> turn = Task.Run(() => loop.RunOnce(TimeSpan.FromHours(1)), TestContext.Current.CancellationToken);
        Deadline.WaitUntil(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return turn.IsCompleted;
        });
        Assert.True(await turn);
        Assert.True(time.GetElapsedTime(start) >= TimeSpan.FromHours(1));
    }

    [Fact]
    public void A_delay_ends_on_the_loops_clock()
    {
        List<string> log = [];
        _loop.AddCallback(async () =>
        {
            await _loop.Delay(2.5);
            log.Add($"{_loop.Time()}");
            await _loop.Delay(TimeSpan.Zero);
            log.Add($"{_loop.Time()}");
        });
        _loop.Poller.WaitForWake = false;
        Deadline.WaitUntil(() =>
        {
            _loop.RunUntilIdle();
            return log.Count == 2;
        });
        Assert.Equal(["2.5", "2.5"], log);
    }

    [Fact]
    public void A_delay_that_is_cancelled_frees_its_timer_and_one_of_a_closed_loop_fails()
    {
        using CancellationTokenSource source = new();
        Task cancelled = _loop.Delay(TimeSpan.FromHours(1), source.Token);
        Task endless = _loop.Delay(Timeout.InfiniteTimeSpan);
        Task early = _loop.Delay(1, new CancellationToken(canceled: true));
        Assert.Equal(2, _loop.Statistics.Timeouts);
        source.Cancel();
        Assert.Equal(1, _loop.Statistics.Timeouts);
        Assert.True(cancelled.IsCanceled);
        Assert.True(early.IsCanceled);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _loop.Delay(TimeSpan.FromSeconds(-2)); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = _loop.Delay(double.NaN); });
        _loop.Close();
        Assert.IsType<ObjectDisposedException>(endless.Exception?.InnerException);
        Assert.IsType<ObjectDisposedException>(_loop.Delay(1).Exception?.InnerException);
    }

    [Fact]
    public void A_Unix_time_is_no_deadline_and_the_error_says_what_to_write()
    {
        double unix = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 5.0;
        foreach (Action call in (Action[])[() => _loop.CallAt(unix, static () => { }), () => _loop.AddTimeout(unix, static () => { }),
            () => _loop.CallAt(unix, static () => Task.CompletedTask), () => _loop.AddTimeout(unix, static () => Task.CompletedTask)])
        {
            string error = Assert.Throws<ArgumentOutOfRangeException>(call).Message;
            Assert.Contains("Unix time", error, StringComparison.Ordinal);
            Assert.Contains("CallLater(5", error, StringComparison.Ordinal);
        }

        _loop.CallAt(1e300, static () => { }); // never
        _loop.CallAt(double.PositiveInfinity, static () => { });
        _loop.CallLater(1.7e9, static () => { }); // a long time, and no time of day
        Assert.Equal(3, _loop.Statistics.Timeouts);
    }

    [Fact]
    public void A_timer_whose_scope_was_cancelled_or_whose_loop_is_closed_is_not_running()
    {
        CallbackScope scope = new(loop: _loop);
        PeriodicCallback periodic = new(static () => { }, TimeSpan.FromSeconds(1), _loop);
        DelayedCallback delayed = new(static () => { }, TimeSpan.FromSeconds(1), _loop);
        PeriodicCallback other = new(static () => { }, TimeSpan.FromSeconds(1), _loop);
        other.Start();
        scope.Run(() =>
        {
            periodic.Start();
            delayed.Start();
        });
        Assert.True(periodic.IsRunning && delayed.IsRunning && other.IsRunning);
        scope.Cancel();
        Assert.False(periodic.IsRunning || delayed.IsRunning);
        periodic.Start(); // outside of the scope
        Assert.True(periodic.IsRunning && other.IsRunning);
        _loop.Close();
        Assert.False(periodic.IsRunning || other.IsRunning);
    }

    [Theory]
    [InlineData(0.2501071, "0.25")]
    [InlineData(12.3456, "12.35")]
    [InlineData(0.0123456, "0.0123")]
    public void A_report_of_a_blocked_loop_says_for_how_long_as_exactly_as_it_is_worth_reading(double seconds, string shown)
    {
        BlockedCallback blocked = new(new CallbackOrigin(CallbackKind.Timeout), TimeSpan.FromSeconds(seconds));
        Assert.StartsWith($"The loop has been blocked for {shown} s by ", blocked.ToString(), StringComparison.Ordinal);
        RecordingLoggers loggers = new();
        using IOLoop loop = new(new IOLoopOptions { LoggerFactory = loggers, MakeCurrent = false });
        loop.LogStack(blocked);
        Assert.Contains($"for {shown} s", loggers.Entries[^1].Text, StringComparison.Ordinal);
    }

    private static IOLoopThread Start(FakeTimeProvider time) =>
        IOLoopThread.Start(() => new IOLoop(new IOLoopOptions { TimeProvider = time }), "fake time");
}
