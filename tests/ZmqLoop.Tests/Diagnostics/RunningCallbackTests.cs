using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>What the watchdog makes of what a loop notes, in manual time.</summary>
public sealed class RunningCallbackTests
{
    private static readonly TimeSpan _tenth = TimeSpan.FromSeconds(0.1);

    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _reports = [];
    private readonly RunningCallback _running;
    private object? _plain;

    public RunningCallbackTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _running = new RunningCallback(() => _plain, static running => new CallbackOrigin(CallbackKind.Callback, Owner: running),
            static () => [], exception => _reports.Add(exception.Message)) { Watch = Second() };
    }

    [Fact]
    public void What_is_the_same_for_a_whole_threshold_is_reported_once_and_once_more_with_its_total_when_it_is_over()
    {
        _running.Begin("a");
        Look(10);
        Assert.Empty(_reports); // since the first look: 0.9 s
        Look(1);
        Assert.Equal(["blocked 1 Callback of a"], _reports);
        Look(20);
        Assert.Single(_reports);
        _running.End();
        Look(1);
        Look(20);
        Assert.Equal(["blocked 1 Callback of a", "over 3.1 Callback of a"], _reports);
    }

    [Fact]
    public void The_same_thing_begun_again_and_again_blocks_nothing()
    {
        for (int i = 0; i < 50; i++)
        {
            _running.Begin("a");
            Look(1);
        }

        Assert.Empty(_reports);
    }

    [Fact]
    public void An_action_of_the_queue_is_asked_for_there_and_each_is_another_one()
    {
        _running.BeginPlain();
        _running.Next();
        _plain = "first";
        Look(12);
        _running.Next();
        _plain = "second";
        Look(12);
        _plain = null;
        Look(1);
        Assert.Equal(["blocked 1 Callback of first", "over 1.2 Callback of first", "blocked 1 Callback of second",
            "over 1.2 Callback of second"], _reports);
    }

    [Fact]
    public void A_loop_that_sleeps_is_not_blocked_and_nothing_moves()
    {
        _running.Begin("a");
        _running.End();
        Assert.True(_running.Look(_time));
        for (int i = 0; i < 50; i++)
        {
            _time.Advance(_tenth);
            Assert.False(_running.Look(_time));
        }

        Assert.Empty(_reports);
    }

    [Fact]
    public void What_blocks_moves_so_that_the_watchdog_does_not_rest()
    {
        _running.Begin("a");
        for (int i = 0; i < 50; i++)
        {
            _time.Advance(_tenth);
            Assert.True(_running.Look(_time));
        }
    }

    [Fact]
    public void A_process_that_stood_still_is_not_taken_for_a_callback_that_did()
    {
        _running.Begin("a");
        Look(5);
        _time.Advance(TimeSpan.FromHours(8)); // the machine slept
        Look(10);
        Assert.Empty(_reports);
        Look(1);
        Assert.Equal(["blocked 1 Callback of a"], _reports);
    }

    [Fact]
    public void Who_asks_hears_what_runs_and_for_how_long_the_watchdog_has_seen_it()
    {
        Assert.Null(_running.Ask(_time));
        _running.Begin("a");
        Look(3);
        Assert.Equal(("a", 0.2), Asked());
        _time.Advance(_tenth);
        Assert.Equal(("a", 0.3), Asked());
        _running.Begin("b");
        Assert.Equal(("b", 0), Asked());
        _running.End();
        Assert.Null(_running.Ask(_time));
    }

    [Fact]
    public void Where_nothing_is_watched_for_the_time_counts_from_when_somebody_asked_first()
    {
        _running.Watch = null;
        _running.Begin("a");
        _time.Advance(_tenth);
        Assert.Equal(("a", 0), Asked());
        _time.Advance(_tenth);
        Assert.Equal(("a", 0.1), Asked());
    }

    [Fact]
    public void What_changes_while_it_is_looked_at_is_not_told()
    {
        RunningCallback running = null!;
        running = new RunningCallback(static () => null, what =>
        {
            running.Begin("another");
            return new CallbackOrigin(CallbackKind.Callback, Owner: what);
        }, static () => [], static _ => { });
        running.Begin("a");
        Assert.Null(running.Ask(_time));
    }

    [Fact]
    public void The_last_eight_blocks_are_kept_the_latest_first_with_what_each_took_in_all()
    {
        for (int i = 0; i < 9; i++)
        {
            _running.Begin($"{i}");
            Look(12);
            _running.End();
            Look(1);
        }

        _running.Begin("now");
        Look(12);
        Assert.Equal(8, _running.Blocks.Count);
        Assert.Equal(("Callback of now", 1.0, false), Told(_running.Blocks[0]));
        Assert.Equal(("Callback of 8", 1.2, true), Told(_running.Blocks[1]));
        Assert.Equal("Callback of 2", _running.Blocks[^1].Callback);
        Assert.Equal(_time.GetUtcNow() - TimeSpan.FromSeconds(1.1), _running.Blocks[0].Since);

        static (string, double, bool) Told(LoopBlock block) =>
            (block.Callback, Math.Round(block.Elapsed.TotalSeconds, 3), block.IsOver);
    }

    [Fact]
    public void What_is_over_while_it_is_described_is_not_reported()
    {
        RunningCallback running = null!;
        running = new RunningCallback(static () => null, what =>
        {
            running.End();
            return new CallbackOrigin(CallbackKind.Callback, Owner: what);
        }, static () => [], static _ => { }) { Watch = Second() };
        running.Begin("a");
        for (int i = 0; i < 30; i++)
        {
            _time.Advance(_tenth);
            running.Look(_time);
        }

        Assert.Empty(_reports);
    }

    [Fact]
    public void Switched_off_or_closed_the_loop_is_told_of_the_end_of_what_was_reported_and_of_nothing_more()
    {
        _running.Begin("a");
        Look(11);
        _running.Watch = null;
        Look(30);
        Assert.Equal(["blocked 1 Callback of a", "over 1.1 Callback of a"], _reports);
        _running.Watch = Second();
        Look(11);
        _running.Close();
        Look(30);
        Assert.Equal(4, _reports.Count);
        Assert.True(_running.IsClosed);
    }

    [Fact]
    public void What_a_report_throws_is_told_and_the_end_is_told_all_the_same()
    {
        _running.Watch = Second() with { Blocked = static _ => throw new InvalidOperationException("no disk") };
        _running.Begin("a");
        Look(11);
        _running.End();
        Look(1);
        Assert.Equal(["no disk", "over 1.1 Callback of a"], _reports);
    }

    [Theory]
    [InlineData(null, 1.0)]
    [InlineData("", 1.0)]
    [InlineData("0.5", 0.5)]
    [InlineData("30", 30.0)]
    [InlineData("off", null)]
    public void The_environment_says_the_threshold(string? variable, double? seconds) =>
        Assert.Equal(seconds, IOLoopOptions.BlockingThresholdOf(variable)?.TotalSeconds);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0,5")]
    public void An_environment_that_says_no_threshold_is_named(string variable)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => IOLoopOptions.BlockingThresholdOf(variable));
        Assert.Contains($"ZMQLOOP_BLOCKING_THRESHOLD is '{variable}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_threshold_that_is_not_positive_is_refused_where_the_option_is_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new IOLoopOptions { BlockingThreshold = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new IOLoopOptions { BlockingThreshold = Timeout.InfiniteTimeSpan });
        Assert.Null(new IOLoopOptions { BlockingThreshold = null }.BlockingThreshold);
    }

    private BlockingWatch Second() => new(TimeSpan.FromSeconds(1), blocked => _reports.Add($"blocked {blocked.Rounded} {blocked.Origin}"),
        over => _reports.Add($"over {over.Rounded} {over.Origin}"), InDebugger: true);

    private void Look(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _time.Advance(_tenth);
            _running.Look(_time);
        }
    }

    private (object?, double) Asked() =>
        _running.Ask(_time) is { } asked ? (asked.Origin.Owner, Math.Round(asked.Elapsed.TotalSeconds, 3)) : (null, -1);
}
