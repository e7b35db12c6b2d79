using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class DelayedCallbackTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<double> _calls = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void It_calls_once_and_is_not_running_any_more_when_it_does()
    {
        DelayedCallback? delayed = null;
        delayed = new DelayedCallback(() =>
        {
            Note();
            Assert.False(delayed!.IsRunning);
        }, 300, _loop);
        Assert.False(delayed.IsRunning);
        delayed.Start();
        Assert.True(delayed.IsRunning);
        _loop.RunUntilIdle();
        Assert.Equal([0.3], _calls);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Start_returns_when_a_DelayedCallback_stops_the_loop()
    {
        new DelayedCallback(_loop.Stop, 200, _loop).Start();
        new PeriodicCallback(Note, 50, _loop).Start();
        _loop.Start();
        Assert.Equal([0.05, 0.1, 0.15], _calls.Take(3));
        Assert.Equal(0.2, _loop.Time());
    }

    [Fact]
    public void Restarted_it_counts_from_the_restart()
    {
        DelayedCallback delayed = new(Note, 300, _loop);
        delayed.Start();
        _loop.CallLater(0.2, () =>
        {
            delayed.Stop();
            delayed.Start();
        });
        _loop.RunUntilIdle();
        Assert.Equal([0.5], _calls);
    }

    [Fact]
    public void Started_twice_it_calls_once_at_the_later_time()
    {
        DelayedCallback delayed = new(Note, 300, _loop);
        delayed.Start();
        _loop.CallLater(0.1, delayed.Start);
        _loop.RunUntilIdle();
        Assert.Equal([0.4], _calls);
    }

    [Fact]
    public void Stopped_it_does_not_even_wake_the_loop()
    {
        DelayedCallback delayed = new(Note, 300, _loop);
        delayed.Stop();
        delayed.Start();
        delayed.Dispose();
        Assert.False(delayed.IsRunning);
        _loop.RunUntilIdle();
        Assert.Equal([Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NegativeInfinity)]
    public void A_delay_of_zero_or_less_means_the_next_turn_never_at_once(double milliseconds)
    {
        DelayedCallback delayed = new(Note, milliseconds, _loop);
        delayed.Start();
        Assert.Empty(_calls);
        _loop.RunUntilIdle();
        Assert.Equal([0.0], _calls);
    }

    [Fact]
    public void It_may_start_itself_again()
    {
        DelayedCallback? delayed = null;
        delayed = new DelayedCallback(() =>
        {
            Note();
            if (_calls.Count < 3) delayed!.Start();
        }, 100, _loop);
        delayed.Start();
        _loop.RunUntilIdle();
        Assert.Equal([0.1, 0.2, 0.3], _calls, static (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void An_error_goes_to_the_contexts_at_Start_then_to_the_loop()
    {
        DelayedCallback delayed = new(static () => throw new InvalidOperationException(), 1, _loop);
        int seen = 0;
        new ExceptionStackContext(_ =>
        {
            seen++;
            return false;
        }).Run(delayed.Start);
        _loop.RunUntilIdle();
        Assert.Equal(1, seen);
        Assert.Equal(CallbackKind.Timeout, Assert.Single(_loop.Errors).Origin.Kind);
    }

    [Fact]
    public void An_async_lambda_with_milliseconds_is_async_not_async_void()
    {
        DelayedCallback? delayed = null;
        delayed = new DelayedCallback(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("async");
        }, 1, _loop);
        delayed.Start();
        _loop.RunUntilIdle();
        Assert.IsType<Func<Task>>(Assert.Single(_loop.Errors).Origin.Callback);
    }

    [Fact]
    public void Not_a_number_is_refused_and_a_closed_loop_too()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DelayedCallback(Note, double.NaN, _loop));
        Assert.Throws<ArgumentNullException>(() => new DelayedCallback((Action)null!, 1, _loop));
        DelayedCallback delayed = new(Note, 1, _loop);
        delayed.Start();
        _loop.Close();
        delayed.Stop();
        Assert.Throws<ObjectDisposedException>(delayed.Start);
    }

    private void Note() => _calls.Add(_loop.Time());
}
