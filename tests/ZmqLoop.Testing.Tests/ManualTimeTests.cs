namespace ZmqLoop.Testing.Tests;

public sealed class ManualTimeTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _log = [];

    [Fact]
    public void Timers_fire_each_at_its_own_time_in_the_order_of_these()
    {
        using ITimer late = Timer("late", 3, 0);
        using ITimer every = Timer("every", 1, 2);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["every at 1", "late at 3", "every at 3", "every at 5"], _log);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Now);
        Assert.Equal(TimeSpan.FromSeconds(2), _time.UntilNextTimer);
    }

    [Fact]
    public void A_timer_that_was_set_anew_or_disposed_of_does_not_fire_at_its_old_time()
    {
        using ITimer changed = Timer("changed", 1, 0);
        ITimer gone = Timer("gone", 1, 1);
        Assert.True(changed.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan));
        gone.Dispose();
        Assert.False(gone.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["changed at 2"], _log);
        Assert.Equal(Timeout.InfiniteTimeSpan, _time.UntilNextTimer);
    }

    [Fact]
    public void Time_goes_on_alone()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromTicks(-1)));
        _time.WallClockOffset = TimeSpan.FromDays(1);
        Assert.Equal(0, _time.GetTimestamp());
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), _time.GetUtcNow());
    }

    [Fact]
    public void A_token_that_is_cancelled_after_a_time_goes_by_it()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromHours(1), _time);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(limit.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(limit.IsCancellationRequested);
    }

    private ITimer Timer(string name, int seconds, int period) => _time.CreateTimer(_ => _log.Add($"{name} at {_time.Now.TotalSeconds}"),
        null, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(period));
}
