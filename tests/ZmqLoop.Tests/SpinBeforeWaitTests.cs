using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary><see cref="IOLoopOptions.SpinBeforeWait"/>, over a poller that finds something after so many looks.</summary>
public sealed class SpinBeforeWaitTests
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(1);

    [Fact]
    public void What_comes_while_the_loop_looks_is_served_without_a_wait()
    {
        LookedAtPoller poller = new() { ReadyAt = 10 };
        using IOLoop loop = Make(poller, _long);
        int served = 0;
        loop.AddHandler(1, (_, _) =>
        {
            served++;
            loop.Stop();
        }, IOEvents.Read);
        loop.Start();
        Assert.Equal(1, served);
        Assert.Equal(Enumerable.Repeat(TimeSpan.Zero, 10), poller.Polls);
    }

    [Fact]
    public void A_callback_that_another_thread_posts_meanwhile_runs_without_a_wake()
    {
        LookedAtPoller poller = new();
        using IOLoop loop = Make(poller, _long);
        poller.AtPoll = number =>
        {
            if (number != 5) return;
            Thread other = new(() => loop.AddCallback(loop.Stop));
            other.Start();
            other.Join();
        };
        loop.Start();
        Assert.DoesNotContain(poller.Polls, static timeout => timeout != TimeSpan.Zero);
        Assert.Equal(0, poller.Wakes);
    }

    [Fact]
    public void Stopped_by_another_thread_meanwhile_it_ends()
    {
        LookedAtPoller poller = new();
        using IOLoop loop = Make(poller, _long);
        poller.AtPoll = _ =>
        {
            Thread other = new(loop.Stop);
            other.Start();
            other.Join();
        };
        loop.Start();
        Assert.Equal([TimeSpan.Zero], poller.Polls);
    }

    [Fact]
    public void Where_nothing_comes_it_sleeps_afterwards()
    {
        LookedAtPoller poller = new();
        using IOLoop loop = Make(poller, TimeSpan.FromTicks(1));
        Assert.True(loop.RunOnce(Timeout.InfiniteTimeSpan));
        Assert.Equal([TimeSpan.Zero, Timeout.InfiniteTimeSpan], poller.Polls);
    }

    [Fact]
    public void A_timer_is_not_waited_for_longer_than_it_takes_nor_kept_from_running_early_enough()
    {
        LookedAtPoller poller = new();
        using IOLoop loop = Make(poller, _long);
        double due = loop.Time() + 0.002;
        double ran = 0;
        loop.CallAt(due, () =>
        {
            ran = loop.Time();
            loop.Stop();
        });
        loop.Start();
        Assert.True(ran >= due, $"due at {due}, ran at {ran}");
        Assert.DoesNotContain(poller.Polls, static timeout => timeout > TimeSpan.FromMilliseconds(2) || timeout < TimeSpan.Zero);
    }

    [Fact]
    public void One_turn_with_a_limit_looks_and_waits_no_longer_than_that_in_all()
    {
        LookedAtPoller poller = new();
        using IOLoop loop = Make(poller, TimeSpan.FromTicks(1));
        loop.RunOnce(TimeSpan.FromSeconds(3));
        Assert.Equal(2, poller.Polls.Count);
        Assert.InRange(poller.Polls[1], TimeSpan.Zero, TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
    }

    [Fact]
    public void With_work_of_its_own_it_polls_once_a_turn()
    {
        LookedAtPoller poller = new();
        using IOLoop loop = Make(poller, _long);
        loop.AddCallback(() => loop.AddCallback(() => loop.AddCallback(loop.Stop)));
        loop.Start();
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], poller.Polls);
    }

    [Fact]
    public void A_loop_with_a_clock_of_its_own_does_not_look()
    {
        using LookedAtPoller poller = new();
        using IOLoop loop = new(new IOLoopOptions
        {
            MakeCurrent = false, Poller = poller, TimeProvider = new ManualTimeProvider(), SpinBeforeWait = _long,
        });
        loop.RunOnce(Timeout.InfiniteTimeSpan);
        Assert.Single(poller.Polls);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(TimeSpan.TicksPerSecond + 1)]
    public void A_time_out_of_range_is_refused(long ticks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IOLoopOptions { SpinBeforeWait = new TimeSpan(ticks) });

    private static IOLoop Make(IPoller poller, TimeSpan spin) =>
        new(new IOLoopOptions { MakeCurrent = false, Poller = poller, SpinBeforeWait = spin });

    /// <summary>Never waits, and remembers for how long it should have.</summary>
    private sealed class LookedAtPoller : IPoller
    {
        private object? _state;

        public List<TimeSpan> Polls { get; } = [];

        public int Wakes { get; private set; }

        /// <summary>The number of the poll that reports the source.</summary>
        public int ReadyAt { get; init; }

        public Action<int>? AtPoll { get; set; }

        public void Register(PollSource source, IOEvents events, object? state) => _state = state;

        public void Modify(PollSource source, IOEvents events)
        {
        }

        public void Unregister(PollSource source) => _state = null;

        public void Poll(TimeSpan timeout, ReadyList ready)
        {
            Polls.Add(timeout);
            AtPoll?.Invoke(Polls.Count);
            if (Polls.Count == ReadyAt) ready.Add(_state, IOEvents.Read);
        }

        public void Wake() => Wakes++;

        public void Dispose()
        {
        }
    }
}
