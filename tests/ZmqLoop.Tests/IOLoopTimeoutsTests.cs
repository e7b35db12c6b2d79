using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopTimeoutsTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(12345678)]
    [InlineData(520805609095)] // does not survive the way to a double and back
    [InlineData(712814917220)]
    [InlineData(333333333333333)]
    public void Timers_due_now_run_in_the_order_of_the_calls_whichever_member_added_them(long uptime)
    {
        _loop.ManualTime.Advance(TimeSpan.FromTicks(uptime));
        _loop.AddTimeout(_loop.Time(), Note("1"));
        _loop.AddTimeout(TimeSpan.Zero, Note("2"));
        _loop.CallAt(_loop.Time(), Note("3"));
        _loop.CallLater(0, Note("4"));
        _loop.CallLater(TimeSpan.Zero, Note("5"));
        _loop.CallLater(TimeSpan.Zero, static state => state.Log.Add(state.Name), (Log: _log, Name: "6"));
        _loop.CallLater(0, AsyncNote("7"));
        _loop.CallAt(_loop.Time(), AsyncNote("8"));
        _loop.AddTimeout(_loop.Time(), AsyncNote("9"));
        _loop.AddTimeout(TimeSpan.Zero, AsyncNote("10"));
        _loop.RunUntilIdle();
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], _log);
        Assert.Equal([Timeout.InfiniteTimeSpan], _loop.Poller.Polls); // all in the first turn
    }

    [Fact]
    public void Negative_delays_and_past_times_mean_the_next_turn_never_now()
    {
        _loop.ManualTime.Advance(TimeSpan.FromSeconds(100));
        _loop.CallLater(-5, Note("later"));
        _loop.CallAt(1, Note("at"));
        _loop.CallAt(double.NegativeInfinity, Note("infinitely early"));
        _loop.CallLater(TimeSpan.MinValue, Note("minimal"));
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["minimal", "infinitely early", "at", "later"], _log.Order(Comparer<string>.Create((a, b) => Rank(a) - Rank(b))));
        Assert.Equal(TimeSpan.FromSeconds(100), _loop.ManualTime.Now);

        static int Rank(string name) => Array.IndexOf(["minimal", "infinitely early", "at", "later"], name);
    }

    [Fact]
    public void The_most_negative_delay_given_by_a_callback_that_takes_time_does_not_overflow()
    {
        _loop.AddCallback(() =>
        {
            _loop.CallLater(TimeSpan.MinValue, Note("minimal"));
            _loop.ManualTime.Advance(TimeSpan.FromSeconds(1));
        });
        _loop.RunUntilIdle();
        Assert.Equal(["minimal"], _log);
        Assert.Equal(TimeSpan.FromSeconds(1), _loop.ManualTime.Now);
    }

    [Fact]
    public void A_time_that_is_not_a_number_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.CallLater(double.NaN, Note("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.CallAt(double.NaN, Note("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.AddTimeout(double.NaN, Note("x")));
        Assert.Throws<ArgumentNullException>(() => _loop.CallLater(1, (Action)null!));
        Assert.Throws<ArgumentNullException>(() => _loop.CallAt(1, (Func<Task>)null!));
    }

    [Fact]
    public void A_time_beyond_the_end_of_time_never_comes_and_does_not_overflow()
    {
        _loop.ManualTime.Advance(TimeSpan.FromDays(1));
        TimeoutHandle[] timers =
        [
            _loop.CallLater(double.PositiveInfinity, Note("x")), _loop.CallAt(double.MaxValue, Note("x")),
            _loop.CallLater(TimeSpan.MaxValue, Note("x")),
        ];
        DelayedCallback delayed = new(Note("x"), TimeSpan.MaxValue, _loop);
        PeriodicCallback periodic = new(Note("x"), TimeSpan.MaxValue, _loop);
        delayed.Start();
        periodic.Start();
        _loop.AddCallback(() => _loop.AddCallback(_loop.Stop));
        _loop.Start();
        Assert.Empty(_log);
        foreach (TimeoutHandle timer in timers) _loop.RemoveTimeout(timer);
        delayed.Stop();
        periodic.Stop();
        _loop.Poller.Polls.Clear();
        _loop.RunUntilIdle();
        Assert.Equal([Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
    }

    [Fact]
    public void RemoveTimeout_is_harmless_after_the_timer_ran_twice_and_inside_itself()
    {
        TimeoutHandle timer = default;
        timer = _loop.CallLater(1, () =>
        {
            _loop.RemoveTimeout(timer);
            _log.Add("ran");
        });
        _loop.RunUntilIdle();
        _loop.RemoveTimeout(timer);
        _loop.RemoveTimeout(timer);
        Assert.Equal(["ran"], _log);
    }

    [Fact]
    public void An_old_handle_never_cancels_a_strangers_timer()
    {
        TimeoutHandle old = _loop.CallLater(1, Note("old"));
        _loop.RemoveTimeout(old);
        _loop.CallLater(1, Note("stranger")); // takes over the place of the old one
        _loop.RemoveTimeout(old);
        _loop.RunUntilIdle();
        Assert.Equal(["stranger"], _log);
    }

    [Fact]
    public void RemoveTimeout_refuses_no_handle_and_another_loops()
    {
        using ScriptedLoop other = new();
        Assert.Throws<ArgumentException>(() => _loop.RemoveTimeout(default));
        Assert.Throws<ArgumentException>(() => _loop.RemoveTimeout(other.CallLater(1, Note("x"))));
    }

    [Fact]
    public void Each_way_to_add_a_timer_returns_a_handle_that_can_be_removed()
    {
        TimeoutHandle[] timers =
        [
            _loop.AddTimeout(1, Note("x")), _loop.AddTimeout(TimeSpan.FromSeconds(1), Note("x")), _loop.CallAt(1, Note("x")),
            _loop.CallLater(1, Note("x")),
            _loop.CallLater(1, AsyncNote("x")), _loop.CallLater(TimeSpan.Zero, static _ => Assert.Fail("ran"), 1),
        ];
        Assert.All(timers, timer => Assert.False(timer.IsNone));
        Assert.Equal(timers.Length, timers.Distinct().Count());
        foreach (TimeoutHandle timer in timers) _loop.RemoveTimeout(timer);
        _loop.RunUntilIdle();
        Assert.Empty(_log);
    }

    [Fact]
    public void Thousands_of_cancelled_timers_leave_nothing_behind()
    {
        for (int i = 0; i < 100_000; i++) _loop.RemoveTimeout(_loop.CallLater(3600, Note("x")));
        Assert.Contains("0 timers", _loop.ToString(), StringComparison.Ordinal);
        _loop.RunUntilIdle();
        Assert.Empty(_log);
    }

    [Fact]
    public void Timers_added_and_removed_at_random_run_in_order_as_a_sorted_list_says()
    {
        Random random = new(20240229);
        List<(long Deadline, int Id, TimeoutHandle Timer)> expected = [];
        List<int> ran = [];
        for (int i = 0; i < 20_000; i++)
        {
            if (expected.Count > 0 && random.Next(3) == 0)
            {
                int index = random.Next(expected.Count);
                _loop.RemoveTimeout(expected[index].Timer);
                expected.RemoveAt(index);
                continue;
            }

            int id = i;
            long deadline = random.Next(500);
            expected.Add((deadline, id, _loop.CallLater(TimeSpan.FromTicks(deadline), () => ran.Add(id))));
        }

        _loop.RunUntilIdle();
        Assert.Equal(expected.OrderBy(static timer => timer.Deadline).ThenBy(static timer => timer.Id).Select(static timer => timer.Id),
            ran);
    }

    private Action Note(string text) => () => _log.Add(text);

    private Func<Task> AsyncNote(string text) => () =>
    {
        _log.Add(text);
        return Task.CompletedTask;
    };
}
