using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The numbered turn of docs/loop.md, one test at least for each step.</summary>
public sealed class IOLoopTurnTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Step_1_a_callback_added_by_a_callback_runs_in_the_next_turn()
    {
        _loop.AddCallback(() =>
        {
            _log.Add("a");
            _loop.AddCallback(() => _log.Add($"c after {_loop.Poller.Polls.Count} polls"));
        });
        _loop.AddCallback(() => _log.Add("b"));
        _loop.RunUntilIdle();
        Assert.Equal(["a", "b", "c after 1 polls"], _log);
    }

    [Fact]
    public void Step_1_what_another_thread_posts_during_a_turn_waits_for_the_next_one()
    {
        _loop.AddCallback(() =>
        {
            Thread poster = new(() => _loop.AddCallback(() => _log.Add($"posted after {_loop.Poller.Polls.Count} polls")));
            poster.Start();
            poster.Join();
        });
        _loop.AddCallback(() => _log.Add("own"));
        _loop.RunUntilIdle();
        Assert.Equal(["own", "posted after 1 polls"], _log);
    }

    [Fact]
    public void Step_2_due_timers_are_chosen_before_the_callbacks_run()
    {
        _loop.CallLater(1, () => _log.Add("timer"));
        _loop.AddCallback(() =>
        {
            _loop.ManualTime.Advance(TimeSpan.FromSeconds(5)); // a slow callback makes it due, but not in this turn
            _loop.AddCallback(() => _log.Add("callback"));
        });
        _loop.RunUntilIdle();
        Assert.Equal(["callback", "timer"], _log);
    }

    [Fact]
    public void Step_2_a_timer_added_by_a_timer_waits_for_the_next_turn_even_if_it_is_due()
    {
        _loop.CallLater(0, () =>
        {
            _loop.CallLater(-1, () => _log.Add($"inner after {_loop.Poller.Polls.Count} polls"));
            _log.Add("outer");
        });
        _loop.CallLater(0, () => _log.Add("second"));
        _loop.RunUntilIdle();
        Assert.Equal(["outer", "second", "inner after 1 polls"], _log);
    }

    [Fact]
    public void Step_2_due_timers_run_earliest_first_and_equal_deadlines_in_the_order_they_were_added()
    {
        string[] names = ["3a", "1a", "2a", "1b", "3b", "1c"];
        using ScriptedLoop loop = new();
        foreach (string name in names) loop.CallAt(name[0] - '0', () => _log.Add(name));
        loop.ManualTime.Advance(TimeSpan.FromSeconds(10));
        loop.RunUntilIdle();
        Assert.Equal(["1a", "1b", "1c", "2a", "3a", "3b"], _log);
    }

    [Fact]
    public void Step_3_callbacks_run_first_in_first_out_and_before_the_due_timers()
    {
        _loop.CallLater(0, Note("timer"));
        for (int i = 0; i < 200; i++) _loop.AddCallback(Note($"{i}"));
        _loop.RunUntilIdle();
        Assert.Equal([.. Enumerable.Range(0, 200).Select(i => $"{i}"), "timer"], _log);
    }

    [Fact]
    public void Step_4_a_due_timer_cancelled_by_a_callback_of_the_turn_does_not_run()
    {
        TimeoutHandle timer = _loop.CallLater(0, Note("timer"));
        _loop.AddCallback(() => _loop.RemoveTimeout(timer));
        _loop.RunUntilIdle();
        Assert.Empty(_log);
    }

    [Fact]
    public void Step_4_a_due_timer_cancelled_by_an_earlier_timer_of_the_turn_does_not_run()
    {
        TimeoutHandle second = default;
        _loop.CallLater(0, () =>
        {
            _log.Add("first");
            _loop.RemoveTimeout(second);
        });
        second = _loop.CallLater(0, Note("second"));
        _loop.CallLater(0, Note("third"));
        _loop.RunUntilIdle();
        Assert.Equal(["first", "third"], _log);
    }

    [Fact]
    public void Step_5_stopped_by_a_callback_the_turns_callbacks_and_timers_still_run_and_nothing_is_polled()
    {
        _loop.Poller.Fire(7, IOEvents.Read);
        _loop.AddHandler(7, (_, _) => _log.Add("handler"), IOEvents.Read);
        _loop.AddCallback(_loop.Stop);
        _loop.AddCallback(Note("callback"));
        _loop.CallLater(0, Note("timer"));
        _loop.Start();
        Assert.Equal(["callback", "timer"], _log);
        Assert.Empty(_loop.Poller.Polls);
    }

    [Fact]
    public void Step_5_stopped_by_a_handler_the_other_handlers_of_the_turn_and_one_more_pass_of_callbacks_run()
    {
        foreach (int source in (int[])[1, 2])
        {
            _loop.Poller.Fire(source, IOEvents.Read);
            _loop.AddHandler(source, (_, _) =>
            {
                _log.Add($"handler {source}");
                _loop.AddCallback(Note($"callback {source}"));
                _loop.Stop();
            }, IOEvents.Read);
        }

        _loop.Start();
        Assert.Equal(["handler 1", "handler 2", "callback 1", "callback 2"], _log);
    }

    [Fact]
    public void Step_6_with_callbacks_queued_the_poll_does_not_wait()
    {
        _loop.CallLater(5, Note("timer"));
        _loop.AddCallback(() => _loop.AddCallback(Note("callback")));
        _loop.RunUntilIdle();
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
    }

    [Fact]
    public void Step_6_the_wait_is_measured_by_a_new_look_at_the_clock()
    {
        _loop.CallLater(5, Note("timer"));
        _loop.AddCallback(() => _loop.ManualTime.Advance(TimeSpan.FromSeconds(2)));
        _loop.RunUntilIdle();
        Assert.Equal(TimeSpan.FromSeconds(3), _loop.Poller.Polls[0]);
    }

    [Fact]
    public void Step_6_a_cancelled_timer_does_not_wake_the_loop()
    {
        TimeoutHandle timer = _loop.CallLater(5, Note("timer"));
        _loop.AddCallback(() => _loop.RemoveTimeout(timer));
        _loop.RunUntilIdle();
        Assert.Equal([Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
        Assert.Equal(TimeSpan.Zero, _loop.ManualTime.Now);
    }

    [Fact]
    public void Step_6_a_wait_below_a_millisecond_is_one_poll_and_no_timer_is_early()
    {
        double due = -1;
        _loop.CallLater(TimeSpan.FromTicks(7), () => due = _loop.Time());
        _loop.RunUntilIdle();
        Assert.Equal([TimeSpan.FromTicks(7), Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
        Assert.Equal(7e-7, due, 9);
    }

    [Fact]
    public void Step_6_an_idle_loop_makes_one_poll()
    {
        _loop.RunUntilIdle();
        Assert.Equal([Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
    }

    [Fact]
    public void Step_7_each_ready_source_is_served_once_a_turn_in_the_pollers_order()
    {
        for (int source = 1; source <= 3; source++)
        {
            _loop.Poller.Fire(source, IOEvents.Read | IOEvents.Write);
            _loop.AddHandler(source, (from, events) =>
            {
                _log.Add($"{from.FileDescriptor} {events}");
                _loop.Stop();
            }, IOEvents.Read | IOEvents.Write);
        }

        _loop.Start();
        Assert.Equal(["1 Read, Write", "2 Read, Write", "3 Read, Write"], _log);
    }

    [Fact]
    public void Step_7_higher_priorities_come_first_and_equals_keep_their_order()
    {
        foreach ((int source, int priority) in ((int, int)[])[(1, 0), (2, 5), (3, -1), (4, 5), (5, 0)])
        {
            _loop.Poller.Fire(source, IOEvents.Read);
            _loop.AddHandler(source, (from, _) =>
            {
                _log.Add($"{from.FileDescriptor}");
                _loop.Stop();
            }, IOEvents.Read, priority);
        }

        _loop.Start();
        Assert.Equal(["2", "4", "1", "5", "3"], _log);
    }

    [Fact]
    public void Step_7_a_handler_removed_by_an_earlier_one_of_the_turn_is_not_called()
    {
        foreach (int source in (int[])[1, 2])
        {
            _loop.Poller.Fire(source, IOEvents.Read);
            _loop.AddHandler(source, (from, _) =>
            {
                _log.Add($"{from.FileDescriptor}");
                _loop.RemoveHandler(3 - from.FileDescriptor);
                _loop.Stop();
            }, IOEvents.Read);
        }

        _loop.Start();
        Assert.Equal(["1"], _log);
    }

    private Action Note(string text) => () => _log.Add(text);
}
