using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopStartStopTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Stop_before_Start_makes_the_next_Start_return_at_once_and_what_was_posted_stays_for_the_one_after()
    {
        _loop.AddCallback(() => _log.Add("posted"));
        _loop.CallLater(0, () => _log.Add("timer"));
        _loop.Stop();
        _loop.Stop(); // twice is once
        _loop.Start();
        Assert.Empty(_log);
        Assert.Empty(_loop.Poller.Polls);
        _loop.RunUntilIdle();
        Assert.Equal(["posted", "timer"], _log);
    }

    [Fact]
    public void What_is_added_after_Stop_within_the_turn_waits_for_the_next_Start()
    {
        _loop.AddCallback(() =>
        {
            _loop.Stop();
            _loop.AddCallback(() => _log.Add("later"));
        });
        _loop.Start();
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["later"], _log);
    }

    [Fact]
    public void Start_inside_Start_throws_and_the_outer_one_goes_on()
    {
        _loop.AddCallback(() => Assert.Throws<InvalidOperationException>(_loop.Start));
        _loop.AddCallback(() => _log.Add("after"));
        _loop.RunUntilIdle();
        Assert.Equal(["after"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Start_inside_Start_throws_also_after_Stop()
    {
        _loop.AddCallback(() =>
        {
            _loop.Stop();
            Assert.Throws<InvalidOperationException>(_loop.Start);
            Assert.Throws<InvalidOperationException>(_loop.Start);
        });
        _loop.AddCallback(() => _log.Add("b"));
        _loop.Start();
        Assert.Equal(["b"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Start_on_a_second_thread_throws_while_the_first_runs_and_names_it()
    {
        InvalidOperationException? error = null;
        _loop.AddCallback(() =>
        {
            Thread other = new(() => error = Record.Exception(_loop.Start) as InvalidOperationException);
            other.Start();
            other.Join();
        });
        _loop.RunUntilIdle();
        Assert.Contains($"thread {Environment.CurrentManagedThreadId}", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsRunning_and_CheckAccess_tell_who_runs_the_loop()
    {
        Assert.False(_loop.IsRunning);
        Assert.True(_loop.CheckAccess());
        bool? elsewhere = null;
        _loop.AddCallback(() =>
        {
            Assert.True(_loop.IsRunning);
            Assert.True(_loop.CheckAccess());
            Thread other = new(() => elsewhere = _loop.CheckAccess());
            other.Start();
            other.Join();
        });
        _loop.RunUntilIdle();
        Assert.False(elsewhere);
        Assert.False(_loop.IsRunning);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Members_of_the_loops_thread_throw_on_another_one_and_change_nothing()
    {
        List<Exception?> errors = [];
        TimeoutHandle timer = _loop.CallLater(1, () => _log.Add("timer"));
        PeriodicCallback periodic = new(() => { }, 10, _loop);
        periodic.Start();
        _loop.AddHandler(1, (_, _) => { }, IOEvents.Read);
        _loop.AddCallback(() =>
        {
            Thread other = new(() =>
            {
                errors.Add(Record.Exception(() => _loop.CallLater(1, () => { })));
                errors.Add(Record.Exception(() => _loop.CallAt(1, () => { })));
                errors.Add(Record.Exception(() => _loop.RemoveTimeout(timer)));
                errors.Add(Record.Exception(() => _loop.AddHandler(2, (_, _) => { }, IOEvents.Read)));
                errors.Add(Record.Exception(() => _loop.UpdateHandler(1, IOEvents.Write)));
                errors.Add(Record.Exception(() => _loop.RemoveHandler(1)));
                errors.Add(Record.Exception(() => _loop.RunSync(() => Task.CompletedTask)));
                errors.Add(Record.Exception(() => _loop.Close()));
                errors.Add(Record.Exception(periodic.Start));
                errors.Add(Record.Exception(periodic.Stop));
                errors.Add(Record.Exception(() => new DelayedCallback(() => { }, 1, _loop).Start()));
                errors.Add(Record.Exception(() => _loop.SetBlockingLogThreshold(1)));
            });
            other.Start();
            other.Join();
            Assert.True(periodic.IsRunning);
            periodic.Stop();
        });
        _loop.RunUntilIdle();
        Assert.All(errors, error => Assert.IsType<InvalidOperationException>(error));
        Assert.Equal(12, errors.Count);
        Assert.Equal(["timer"], _log);
        Assert.Equal([PollSource.FromFileDescriptor(1)], _loop.Poller.Sources);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_loop_may_run_inside_a_callback_of_another_loop_and_gives_back_the_threads_state()
    {
        using ScriptedLoop inner = new();
        inner.AddCallback(() => _log.Add($"inner {ReferenceEquals(IOLoop.Current, inner)}"));
        _loop.AddCallback(() =>
        {
            SynchronizationContext? before = SynchronizationContext.Current;
            inner.RunUntilIdle();
            _log.Add($"outer {ReferenceEquals(IOLoop.Current, _loop)} {ReferenceEquals(SynchronizationContext.Current, before)}");
        });
        _loop.RunUntilIdle();
        Assert.Equal(["inner True", "outer True True"], _log);
    }

    [Fact]
    public void A_loop_may_be_started_by_one_thread_after_another()
    {
        for (int i = 0; i < 3; i++)
        {
            _loop.AddCallback(() => _log.Add("run"));
            Thread thread = new(_loop.RunUntilIdle);
            thread.Start();
            thread.Join();
        }

        Assert.Equal(["run", "run", "run"], _log);
    }

    [Fact]
    public void A_poll_error_leaves_Start_and_the_loop_can_be_started_again_with_nothing_lost()
    {
        _loop.AddHandler(1, (_, _) =>
        {
            _log.Add("handler");
            _loop.Poller.Drain(1, IOEvents.Read);
        }, IOEvents.Read);
        _loop.CallLater(1, () => _log.Add("timer"));
        _loop.AddCallback(() => _log.Add("callback"));
        _loop.Poller.FailNextPoll(new ZMQException("broken"));
        Assert.Equal("broken", Assert.Throws<ZMQException>(_loop.Start).Message);
        Assert.False(_loop.IsRunning);
        Assert.Null(SynchronizationContext.Current);
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Equal(["callback", "handler", "timer"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Context_termination_found_by_the_poll_ends_Start_quietly_and_the_loop_can_be_started_again()
    {
        _loop.CallLater(1, () => _log.Add("timer"));
        _loop.Poller.FailNextPoll(new ContextTerminatedException());
        _loop.Start();
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["timer"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Context_termination_met_by_a_callback_is_an_error_like_any_other()
    {
        _loop.AddCallback(() => throw new ContextTerminatedException());
        _loop.AddCallback(() => _log.Add("next"));
        _loop.RunUntilIdle();
        Assert.Equal(["next"], _log);
        Assert.IsType<ContextTerminatedException>(Assert.Single(_loop.Errors).Exception);
    }

    [Fact]
    public void ToString_says_what_the_loop_is_doing()
    {
        _loop.CallLater(1, () => { });
        Assert.Equal("ScriptedLoop (not running; 0 handlers, 0 callbacks, 1 timers)", _loop.ToString());
        _loop.Close();
        Assert.StartsWith("ScriptedLoop (closed;", _loop.ToString(), StringComparison.Ordinal);
    }
}
