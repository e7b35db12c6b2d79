using Microsoft.Extensions.Logging;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The loop among .NET's own conventions.</summary>
public sealed class IOLoopDotNetTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Tasks_of_the_loops_scheduler_run_as_callbacks_in_order()
    {
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            Task.Factory.StartNew(() => _log.Add($"task {number} {ReferenceEquals(IOLoop.CurrentOrNull, _loop)}"), CancellationToken.None,
                TaskCreationOptions.None, _loop.TaskScheduler);
        }

        _loop.AddCallback(() => _log.Add("callback"));
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["task 0 True", "task 1 True", "task 2 True", "callback"], _log);
        Assert.Equal(1, _loop.TaskScheduler.MaximumConcurrencyLevel);
    }

    [Fact]
    public void A_task_started_on_the_loop_may_be_run_at_once_by_whoever_waits_for_it_there()
    {
        _loop.AddCallback(() => Task.Factory.StartNew(() => _log.Add("inside"), CancellationToken.None, TaskCreationOptions.None,
            _loop.TaskScheduler).GetAwaiter().GetResult());
        _loop.RunUntilIdle();
        Assert.Equal(["inside"], _log);
    }

    [Fact]
    public void A_closed_loop_refuses_tasks()
    {
        _loop.Close();
        Assert.Throws<TaskSchedulerException>(() => new Task(() => { }).Start(_loop.TaskScheduler));
    }

    [Fact]
    public void A_task_in_a_cancelled_scope_is_refused_for_that_and_not_for_a_closed_loop()
    {
        CallbackScope scope = new(loop: _loop);
        scope.Run(() =>
        {
            scope.Cancel();
            TaskSchedulerException refused = Assert.Throws<TaskSchedulerException>(
                () => new Task(static () => { }).Start(_loop.TaskScheduler));
            Assert.IsAssignableFrom<OperationCanceledException>(refused.InnerException);
        });
    }

    [Fact]
    public void SwitchTo_goes_on_on_the_loops_thread_and_stays_there()
    {
        _loop.Poller.WaitForWake = true;
        int loopThread = 0;
        Task elsewhere = Task.Run(async () =>
        {
            int before = Environment.CurrentManagedThreadId;
            await _loop.SwitchTo();
            loopThread = Environment.CurrentManagedThreadId;
            await Task.Yield();
            Assert.NotEqual(before, loopThread);
            Assert.Equal(loopThread, Environment.CurrentManagedThreadId);
            await _loop.SwitchTo(); // already there
            Assert.Equal(loopThread, Environment.CurrentManagedThreadId);
            _loop.Stop();
        });
        _loop.Start();
        Deadline.WaitUntil(() => elsewhere.IsCompleted);
        Assert.True(elsewhere.IsCompletedSuccessfully, elsewhere.Exception?.ToString());
        Assert.Equal(Environment.CurrentManagedThreadId, loopThread);
    }

    [Fact]
    public async Task SwitchTo_a_closed_loop_throws_instead_of_never_going_on()
    {
        _loop.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _loop.SwitchTo());
    }

    [Fact]
    public async Task SwitchTo_a_loop_that_is_closed_before_it_comes_to_it_throws_instead_of_never_going_on()
    {
        Task switched = SwitchAsync();
        _loop.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => switched.WaitAsync(Deadline.Default));

        async Task SwitchAsync() => await _loop.SwitchTo();
    }

    [Fact]
    public void SwitchTo_keeps_the_contexts_of_the_await()
    {
        bool inForce = false;
        ExceptionStackContext context = new(_ => false);
        context.Run(async () =>
        {
            await _loop.SwitchTo();
            inForce = StackContext.Active.Contains(context);
        });
        _loop.RunUntilIdle();
        Assert.True(inForce);
    }

    [Fact]
    public void A_token_stops_the_loop()
    {
        using CancellationTokenSource source = new();
        _loop.CallLater(TimeSpan.FromSeconds(1), source.Cancel);
        _loop.CallLater(TimeSpan.FromSeconds(2), () => _log.Add("too late"));
        _loop.Start(source.Token);
        Assert.Empty(_log);
        Assert.Equal(1, _loop.Time());
    }

    [Fact]
    public void A_token_that_was_cancelled_before_runs_nothing_and_the_next_start_is_not_affected()
    {
        _loop.AddCallback(() => _log.Add("callback"));
        _loop.Start(new CancellationToken(canceled: true));
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["callback"], _log);
    }

    [Fact]
    public void A_token_cancelled_after_the_loop_was_left_stops_nothing()
    {
        using CancellationTokenSource source = new();
        _loop.Start(source.Token);
        source.Cancel();
        _loop.AddCallback(() => _log.Add("callback"));
        _loop.RunUntilIdle();
        Assert.Equal(["callback"], _log);
    }

    [Fact]
    public void RunOnce_makes_one_turn()
    {
        _loop.AddCallback(() => _loop.AddCallback(() => _log.Add("second turn")));
        Assert.True(_loop.RunOnce(TimeSpan.Zero));
        Assert.Empty(_log);
        Assert.True(_loop.RunOnce(TimeSpan.Zero));
        Assert.Equal(["second turn"], _log);
        Assert.False(_loop.IsRunning);
    }

    [Fact]
    public void RunOnce_waits_no_longer_than_it_is_told()
    {
        _loop.CallLater(TimeSpan.FromSeconds(10), () => _log.Add("timer"));
        Assert.True(_loop.RunOnce(TimeSpan.FromSeconds(3)));
        Assert.Equal(3, _loop.Time());
        Assert.True(_loop.RunOnce(TimeSpan.FromSeconds(30)));
        Assert.Equal(10, _loop.Time());
        Assert.True(_loop.RunOnce(TimeSpan.Zero));
        Assert.Equal(["timer"], _log);
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.RunOnce(TimeSpan.FromSeconds(-2)));
    }

    [Fact]
    public void RunOnce_says_that_a_handler_stopped_the_loop_in_this_turn()
    {
        _loop.AddHandler(
            1,
            (_, _) =>
            {
                _loop.RemoveHandler(1);
                _loop.Stop();
                _loop.AddCallback(() => _log.Add("queued"));
            },
            IOEvents.Read);
        _loop.Poller.Fire(1, IOEvents.Read);
        Assert.False(_loop.RunOnce(TimeSpan.Zero));
        Assert.Empty(_log);
        Assert.True(_loop.RunOnce(TimeSpan.Zero)); // said once
        Assert.Equal(["queued"], _log);
    }

    [Fact]
    public void A_stop_is_not_lost_where_an_exception_leaves_RunOnce()
    {
        using LeakyLoop loop = new();
        loop.AddCallback(loop.Stop);
        loop.AddCallback(new Action(() => throw new InvalidOperationException("left")));
        Assert.Throws<InvalidOperationException>(() => loop.RunOnce(TimeSpan.Zero));
        Assert.False(loop.RunOnce(TimeSpan.Zero));
        Assert.True(loop.RunOnce(TimeSpan.Zero));
    }

    [Fact]
    public void RunOnce_says_that_the_loop_was_stopped()
    {
        _loop.AddCallback(_loop.Stop);
        Assert.False(_loop.RunOnce(TimeSpan.Zero));
        Assert.True(_loop.RunOnce(TimeSpan.Zero));
    }

    [Fact]
    public void RunOnce_says_that_another_thread_stopped_the_loop_while_it_waited()
    {
        _loop.Poller.WaitForWake = true;
        _loop.AddCallback(() => Task.Run(() =>
        {
            Deadline.WaitUntil(() => _loop.Poller.Polls.Count > 0);
            _loop.Stop();
        }));
        Assert.False(_loop.RunOnce(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Statistics_count_what_there_is_to_do()
    {
        _loop.AddCallback(() => { });
        _loop.AddCallback(() => { });
        _loop.CallLater(TimeSpan.FromSeconds(5), () => { });
        _loop.AddHandler(3, (_, _) => { }, IOEvents.Read);
        Assert.Equal(new LoopStatistics(0, 1, 2, 1, TimeSpan.FromSeconds(5)), _loop.Statistics);
        _loop.RunUntilIdle();
        Assert.Equal(0, _loop.Statistics.Callbacks);
        Assert.Null(_loop.Statistics.NextTimeout);
        Assert.True(_loop.Statistics.Turns > 1);
    }

    [Fact]
    public void Statistics_tell_of_the_timers_that_were_late_in_the_last_seconds_and_of_one_that_is()
    {
        _loop.CallLater(TimeSpan.FromSeconds(1), () => { });
        _loop.ManualTime.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(2, _loop.Statistics.Lag.TotalSeconds);
        _loop.RunUntilIdle();
        Assert.Equal(2, _loop.Statistics.Lag.TotalSeconds);
        _loop.ManualTime.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _loop.Statistics.Lag.TotalSeconds);
        _loop.ManualTime.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _loop.Statistics.Lag.TotalSeconds);
        Assert.Equal(5, _loop.Age.TotalSeconds);
    }

    [Fact]
    public void Statistics_count_the_scopes_that_have_begun_and_not_ended()
    {
        using CallbackScope one = new(null, _loop);
        using CallbackScope other = new(null, _loop);
        new CallbackScope(null, _loop).Dispose(); // never begun
        one.Run(() => _loop.CallLater(1, () => { }));
        other.Run(() => _loop.CallLater(60, () => { }));
        Assert.Equal(2, _loop.Statistics.Scopes);
        _loop.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _loop.Statistics.Scopes);
        other.Cancel();
        Assert.Equal(0, _loop.Statistics.Scopes);
    }

    [Fact]
    public void What_a_loop_runs_is_told_with_its_contexts_while_it_runs_and_by_another_thread()
    {
        CurrentCallback? seen = null;
        Action blocks = () => seen = Task.Run(_loop.GetCurrentCallback).Result;
        StackContext context = new(static () => new MemoryStream()) { Name = "request 7" };
        context.Run(() => _loop.AddCallback(blocks));
        Assert.Null(_loop.GetCurrentCallback());
        _loop.RunUntilIdle();
        Assert.Same(blocks, seen!.Origin.Callback);
        Assert.Equal(["StackContext request 7"], seen.Contexts.Select(static context => $"{context}"));
        Assert.Null(_loop.GetCurrentCallback());
        Assert.Empty(_loop.GetRecentBlocks());
    }

    [Fact]
    public async Task A_loop_on_a_thread_of_its_own_runs_until_it_is_disposed_of()
    {
        IOLoopThread own = IOLoopThread.Start(() => new IOLoop(), "own");
        (string? name, bool current) =
            await own.Loop.InvokeAsync(() => (Thread.CurrentThread.Name, ReferenceEquals(IOLoop.CurrentOrNull, own.Loop)));
        Assert.Equal("own", name);
        Assert.True(current);
        await own.DisposeAsync();
        Assert.True(own.Completion.IsCompletedSuccessfully);
        Assert.True(own.Loop.IsClosed);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_loop_runs_when_its_thread_was_started_so_that_no_other_thread_passes_for_it()
    {
        for (int i = 0; i < 3000; i++)
        {
            await using IOLoopThread own = IOLoopThread.Start(static () => new IOLoop());
            Assert.False(own.Loop.CheckAccess());
        }
    }

    [Fact]
    public async Task Sockets_still_open_when_the_loops_thread_has_ended_are_named_in_a_warning()
    {
        using RecordingLoggers loggers = new();
        using Testing.ScriptedSocket left = new(SocketType.Router);
        using Testing.ScriptedSocket closed = new();
        IOLoopThread own = IOLoopThread.Start(() =>
        {
            ScriptedLoop loop = new(loggers: loggers);
            loop.AddHandler(left, (_, _) => { }, IOEvents.Read);
            loop.AddHandler(closed, (_, _) => { }, IOEvents.Read);
            loop.Closed.Register(closed.Dispose); // as a proxy does
            return loop;
        });
        await own.DisposeAsync();
        string warning = Assert.Single(loggers.Entries, static entry => entry.Level == LogLevel.Warning).Text;
        Assert.Contains($"{left};", warning, StringComparison.Ordinal);
        Assert.DoesNotContain($"{closed}", warning, StringComparison.Ordinal);
        await own.DisposeAsync();
        Assert.Single(loggers.Entries, static entry => entry.Level == LogLevel.Warning);
    }

    [Fact]
    public void A_loop_that_cannot_be_made_on_its_thread_fails_the_call()
    {
        InvalidOperationException error =
            Assert.Throws<InvalidOperationException>(() => IOLoopThread.Start(() => throw new InvalidOperationException("no engine")));
        Assert.Equal("no engine", error.Message);
    }

    [Fact]
    public async Task A_loops_own_thread_cannot_wait_for_its_end()
    {
        await using IOLoopThread own = IOLoopThread.Start(() => new IOLoop());
        await Assert.ThrowsAsync<InvalidOperationException>(() => own.Loop.InvokeAsync(() => own.DisposeAsync().AsTask()));
        await own.StopAsync();
    }

    [Fact]
    public async Task What_leaves_a_loop_on_its_own_thread_is_told_by_its_completion()
    {
        IOLoopThread own = IOLoopThread.Start(() => new ThrowingLoop());
        own.Loop.AddCallback(() => throw new InvalidOperationException("escapes"));
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => own.Completion);
        Assert.Equal("escapes", error.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await own.DisposeAsync());
        Assert.True(own.Loop.IsClosed);
    }

    private sealed class ThrowingLoop : IOLoop
    {
        public override void HandleCallbackException(Exception exception, CallbackOrigin origin) => throw exception;
    }

    private sealed class LeakyLoop : IOLoop
    {
        public override void HandleCallbackException(Exception exception, CallbackOrigin origin) => throw exception;
    }
}
