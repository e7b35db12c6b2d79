using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class PeriodicCallbackTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<double> _calls = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void It_keeps_its_grid()
    {
        _loop.ManualTime.Advance(TimeSpan.FromSeconds(1000));
        RunFor(10_000, 1055, static () => 0);
        Assert.Equal([1010, 1020, 1030, 1040, 1050], _calls);
    }

    [Fact]
    public void A_call_that_takes_too_long_skips_the_slots_it_missed()
    {
        _loop.ManualTime.Advance(TimeSpan.FromSeconds(1000));
        Queue<int> durations = new([9, 9, 10, 11, 20, 20, 35, 35, 0, 0, 0]);
        RunFor(10_000, 1235, durations.Dequeue);
        Assert.Equal([1010, 1020, 1030, 1050, 1070, 1100, 1130, 1170, 1210, 1220, 1230], _calls);
    }

    [Theory]
    [InlineData(1.1, 11_000)]
    [InlineData(2.1, 21_000)] // 21000.000000000004 in doubles
    [InlineData(0.3, 3_000)]
    [InlineData(33.4, 334_000)]
    [InlineData(0.00001, 1)] // rounded up: no busy loop
    public void Milliseconds_become_exactly_that_many_ticks(double milliseconds, long ticks) =>
        Assert.Equal(ticks, new PeriodicCallback(static () => { }, milliseconds, _loop).Interval.Ticks);

    [Theory]
    [InlineData(0, 0, 10, 10)]
    [InlineData(0, 9, 10, 10)]
    [InlineData(0, 10, 10, 20)]
    [InlineData(10, 29, 10, 30)]
    [InlineData(10, 30, 10, 40)]
    [InlineData(50, 20, 10, 50)] // not due yet: stays
    [InlineData(5, long.MaxValue - 3, 10, long.MaxValue - 2)]
    [InlineData(5, long.MaxValue - 1, 10, long.MaxValue)] // the end of time
    [InlineData(5, 6, long.MaxValue, long.MaxValue)]
    public void The_next_slot_is_the_first_of_the_grid_after_now(long next, long now, long interval, long expected) =>
        Assert.Equal(expected, PeriodicCallback.NextSlot(next, now, interval));

    [Fact]
    public void An_interval_that_is_not_positive_or_not_a_number_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeriodicCallback(static () => { }, 0, _loop));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeriodicCallback(static () => { }, -1, _loop));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeriodicCallback(static () => { }, double.NaN, _loop));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PeriodicCallback(static () => { }, TimeSpan.Zero, _loop));
        Assert.Throws<ArgumentNullException>(() => new PeriodicCallback((Action)null!, 1, _loop));
    }

    [Fact]
    public void L8_started_twice_it_has_one_schedule_counted_from_the_second_start()
    {
        PeriodicCallback periodic = new(Note, 10_000, _loop);
        periodic.Start();
        _loop.CallLater(3, periodic.Start);
        _loop.CallLater(34, periodic.Stop);
        _loop.RunUntilIdle();
        Assert.Equal([13, 23, 33], _calls);
    }

    [Fact]
    public void L8_stopped_and_started_inside_the_callback_it_has_one_schedule()
    {
        PeriodicCallback? periodic = null;
        periodic = new PeriodicCallback(() =>
        {
            Note();
            periodic!.Stop();
            Assert.False(periodic.IsRunning);
            if (_calls.Count < 3) periodic.Start();
        }, 10_000, _loop);
        periodic.Start();
        _loop.RunUntilIdle();
        Assert.Equal([10, 20, 30], _calls);
    }

    [Fact]
    public void Stopped_before_the_first_call_it_is_never_called()
    {
        PeriodicCallback periodic = new(Note, 10_000, _loop);
        periodic.Stop();
        periodic.Start();
        Assert.True(periodic.IsRunning);
        periodic.Dispose();
        periodic.Stop();
        _loop.RunUntilIdle();
        Assert.Empty(_calls);
        Assert.Equal(TimeSpan.Zero, _loop.ManualTime.Now);
    }

    [Fact]
    public void An_exception_is_reported_and_the_schedule_goes_on()
    {
        PeriodicCallback periodic = new(() =>
        {
            Note();
            throw new InvalidOperationException();
        }, 10_000, _loop);
        periodic.Start();
        _loop.CallLater(25, periodic.Stop);
        _loop.RunUntilIdle();
        Assert.Equal([10, 20], _calls);
        Assert.Equal(2, _loop.Errors.Count);
    }

    [Fact]
    public void The_contexts_at_Start_see_each_exception_first()
    {
        PeriodicCallback periodic = new(() =>
        {
            Note();
            throw new InvalidOperationException();
        }, 10_000, _loop);
        int seen = 0;
        new ExceptionStackContext(_ => ++seen > 0).Run(periodic.Start);
        _loop.CallLater(25, periodic.Stop);
        _loop.RunUntilIdle();
        Assert.Equal(2, seen);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void An_async_callback_is_awaited_before_the_next_slot_is_chosen()
    {
        PeriodicCallback periodic = new(async () =>
        {
            Note();
            TaskCompletionSource rest = new();
            _loop.CallLater(15, rest.SetResult);
            await rest.Task;
        }, 10_000, _loop);
        periodic.Start();
        _loop.CallLater(75, periodic.Stop);
        _loop.RunUntilIdle();
        Assert.Equal([10, 30, 50, 70], _calls);
    }

    [Fact]
    public void Stopped_while_its_async_callback_is_under_way_it_is_not_scheduled_again()
    {
        TaskCompletionSource rest = new();
        PeriodicCallback periodic = new(async () =>
        {
            Note();
            await rest.Task;
        }, 10_000, _loop);
        periodic.Start();
        _loop.CallLater(12, periodic.Stop);
        _loop.CallLater(14, rest.SetResult);
        _loop.RunUntilIdle();
        Assert.Equal([10], _calls);
    }

    [Fact]
    public void An_async_callback_that_fails_is_reported_once_and_the_schedule_goes_on()
    {
        PeriodicCallback periodic = new(async () =>
        {
            Note();
            await Task.Yield();
            throw new InvalidOperationException();
        }, 10_000, _loop);
        periodic.Start();
        _loop.CallLater(25, periodic.Stop);
        _loop.RunUntilIdle();
        Assert.Equal([10, 20], _calls);
        Assert.Equal(2, _loop.Errors.Count);
    }

    [Fact]
    public void Without_a_loop_it_takes_the_current_one_at_Start()
    {
        PeriodicCallback periodic = new(() =>
        {
            Note();
            IOLoop.Current.Stop();
        }, 10_000);
        _loop.AddCallback(periodic.Start);
        _loop.Start();
        Assert.Equal([10], _calls);
        periodic.Stop();
    }

    [Fact]
    public void Stop_after_the_loop_was_closed_is_fine()
    {
        PeriodicCallback periodic = new(Note, 10, _loop);
        periodic.Start();
        _loop.Close();
        periodic.Stop();
        periodic.Dispose();
        Assert.False(periodic.IsRunning);
    }

    private void Note() => _calls.Add(_loop.Time());

    private void RunFor(double milliseconds, double until, Func<int> duration)
    {
        using PeriodicCallback periodic = new(() =>
        {
            Note();
            _loop.ManualTime.Advance(TimeSpan.FromSeconds(duration()));
        }, milliseconds, _loop);
        periodic.Start();
        _loop.CallAt(until, _loop.Stop);
        _loop.Start();
    }
}
