using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class RunOnLoopTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void On_the_loops_thread_it_is_now()
    {
        using ScriptedLoop loop = new();
        loop.AddCallback(() =>
        {
            loop.RunOnLoop(() => _log.Add("action"));
            _log.Add("after");
        });
        loop.RunUntilIdle();
        Assert.Equal(["action", "after"], _log);
    }

    [Fact]
    public void While_the_loop_runs_on_another_thread_it_is_soon_and_there()
    {
        using ScriptedLoop loop = new();
        int there = 0;
        using ManualResetEventSlim asked = new();
        loop.AddCallback(() =>
        {
            Thread other = new(() =>
            {
                loop.RunOnLoop(() =>
                {
                    there = Environment.CurrentManagedThreadId;
                    loop.Stop();
                });
                asked.Set();
            });
            other.Start();
            Assert.True(asked.Wait(Deadline.Default));
            Assert.Equal(0, there);
        });
        Deadline.Run(loop);
        Assert.Equal(Environment.CurrentManagedThreadId, there);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void On_a_loop_that_does_not_run_or_is_closed_it_is_now(bool closed)
    {
        using ScriptedLoop loop = new();
        if (closed) loop.Close();
        loop.RunOnLoop(() => _log.Add("action"));
        Assert.Equal(["action"], _log);
        Assert.Throws<InvalidOperationException>(() => loop.RunOnLoop(() => throw new InvalidOperationException("mine")));
    }

    [Fact]
    public void A_loop_that_is_stopped_before_it_comes_to_it_and_then_closed_has_done_it_when_it_is_closed()
    {
        using ScriptedLoop loop = new();
        loop.AddCallback(() =>
        {
            Deadline.RunThread(() =>
            {
                loop.RunOnLoop(() => throw new InvalidOperationException("mine"));
                loop.RunOnLoop(() => _log.Add(loop.Poller.IsDisposed ? "action" : "in the midst of closing"));
            });
            loop.Stop();
        });
        loop.Start();
        Assert.Empty(_log);
        loop.Close();
        Assert.Equal(["action"], _log);
        Assert.Equal("mine", Assert.Single(loop.Errors).Exception.Message);
    }

    [Fact]
    public void What_comes_while_another_thread_is_at_it_is_done_by_that_one_afterwards_and_nobody_waits()
    {
        using ScriptedLoop loop = new();
        int first = Environment.CurrentManagedThreadId;
        loop.RunOnLoop(() =>
        {
            Thread other = new(() =>
            {
                loop.RunOnLoop(() => _log.Add($"second on the first's thread: {Environment.CurrentManagedThreadId == first}"));
                loop.RunOnLoop(() => throw new InvalidOperationException("the third's"));
            });
            other.Start();
            Assert.True(other.Join(Deadline.Default)); // did not wait for us
            loop.RunOnLoop(() => _log.Add("inside"));
            _log.Add("first");
        });
        Assert.Equal(["inside", "first", "second on the first's thread: True"], _log);
        Assert.Equal("the third's", Assert.Single(loop.Errors).Exception.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Starting_and_closing_wait_until_it_is_done(bool start)
    {
        using ScriptedLoop loop = new();
        using ManualResetEventSlim waiting = new();
        Thread? other = null;
        loop.RunOnLoop(() =>
        {
            other = new Thread(() =>
            {
                waiting.Set();
                if (start) Deadline.Run(loop);
                else loop.Close();
            });
            other.Start();
            Assert.True(waiting.Wait(Deadline.Default));
            Deadline.WaitUntil(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
            Assert.False(loop.IsRunning || loop.IsClosed);
            loop.Stop();
        });
        Assert.True(other!.Join(Deadline.Default));
        Assert.Equal(!start, loop.IsClosed);
    }

    [Fact]
    public void Whoever_wants_it_done_here_waits_for_another_thread_that_is_at_it_but_not_for_ever()
    {
        using ScriptedLoop loop = new();
        Thread? other = null;
        loop.RunOnLoop(() =>
        {
            Deadline.RunThread(() => Assert.False(loop.TryRunHere(() => _log.Add("never"), TimeSpan.Zero)));
            other = new Thread(() => loop.TryRunHere(() => _log.Add("second"), Deadline.Default));
            other.Start();
            Deadline.WaitUntil(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
            _log.Add("first");
        });
        Assert.True(other!.Join(Deadline.Default));
        Assert.Equal(["first", "second"], _log);
        loop.AddCallback(() => Deadline.RunThread(() => Assert.False(loop.TryRunHere(() => _log.Add("never"), Deadline.Default))));
        loop.RunUntilIdle();
    }

    [Fact]
    public void A_loop_that_is_to_start_waits_until_what_is_done_here_is_done()
    {
        using ScriptedLoop loop = new();
        Thread starting = new(loop.Start);
        loop.AddCallback(loop.Stop);
        Assert.True(loop.TryRunHere(() =>
        {
            starting.Start();
            Deadline.WaitUntil(() => starting.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
            Assert.False(loop.IsRunning);
        }, TimeSpan.Zero));
        Assert.True(starting.Join(Deadline.Default));
    }

    [Fact]
    public void Whoever_waits_for_the_loops_turn_gets_what_was_thrown_there()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false }); // it has to sleep
        Thread? other = null;
        int there = 0;
        loop.AddCallback(() =>
        {
            other = new Thread(() =>
            {
                Assert.True(loop.RunOnLoopAndWait(() => there = Environment.CurrentManagedThreadId, Deadline.Default));
                Assert.Throws<InvalidOperationException>(() => loop.RunOnLoopAndWait(Throw, Deadline.Default));
                loop.Stop();
            });
            other.Start();
        });
        Deadline.Run(loop);
        Assert.True(other!.Join(Deadline.Default));
        Assert.Equal(Environment.CurrentManagedThreadId, there);

        static void Throw() => throw new InvalidOperationException("mine");
    }

    [Fact]
    public void What_nobody_waits_for_any_more_is_still_done()
    {
        using ScriptedLoop loop = new();
        loop.AddCallback(() => Deadline.RunThread(() => Assert.False(loop.RunOnLoopAndWait(() => _log.Add("late"), TimeSpan.Zero))));
        loop.RunUntilIdle();
        Assert.Equal(["late"], _log);
    }

    [Fact]
    public void A_loop_may_be_closed_and_run_inside_of_it()
    {
        using ScriptedLoop loop = new();
        loop.RunOnLoop(() =>
        {
            loop.AddCallback(() => _log.Add("callback"));
            loop.RunUntilIdle();
            loop.Close();
        });
        Assert.Equal(["callback"], _log);
        Assert.True(loop.IsClosed);
    }

    [Fact]
    public void A_hundred_thousand_from_four_threads_are_each_done_once_and_never_two_at_a_time_while_a_loop_starts_and_stops()
    {
        const int Each = 25_000;
        using ScriptedLoop loop = new();
        int inside = 0;
        int done = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < Each; i++) loop.RunOnLoop(Act);
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        while (Array.Exists(threads, static thread => thread.IsAlive))
        {
            loop.Stop();
            loop.Start();
            loop.RunOnce(TimeSpan.Zero);
        }

        loop.RunOnce(TimeSpan.Zero);
        Assert.Equal((4 * Each, 0), (done, inside));
        Assert.Empty(loop.Errors);

        void Act()
        {
            Assert.Equal(1, Interlocked.Increment(ref inside));
            done++;
            Interlocked.Decrement(ref inside);
        }
    }
}
