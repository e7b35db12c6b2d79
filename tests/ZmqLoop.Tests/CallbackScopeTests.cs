using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class CallbackScopeTests
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    [Fact]
    public void Completes_when_nothing_scheduled_inside_is_left()
    {
        CallbackScope scope = new(loop: _loop);
        scope.Run(() => _loop.CallLater(TimeSpan.FromSeconds(1),
            () => _loop.AddCallback(() => _loop.CallLater(TimeSpan.FromSeconds(2), () => _log.Add("last")))));
        Assert.False(scope.Completion.IsCompleted);
        _loop.AddFuture(scope.Completion, done => _log.Add($"{done.Result} at {_loop.Time()}"));
        _loop.RunUntilIdle();
        Assert.Equal(["last", "Completed at 3"], _log);
        Assert.Equal(0, scope.Pending);
    }

    [Fact]
    public void A_body_that_schedules_nothing_completes_at_once()
    {
        CallbackScope scope = new(loop: _loop);
        scope.Run(() => Assert.Equal(1, scope.Pending));
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Fact]
    public void Waits_for_async_callbacks_and_their_continuations()
    {
        TaskCompletionSource gate = new();
        CallbackScope scope = new(loop: _loop);
        scope.Run(() => _loop.AddCallback(async () =>
        {
            await gate.Task;
            _log.Add("resumed");
            await Task.Yield();
            _log.Add("ended");
        }));
        _loop.RunUntilIdle();
        Assert.False(scope.Completion.IsCompleted);
        gate.SetResult();
        _loop.RunUntilIdle();
        Assert.Equal(["resumed", "ended"], _log);
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Fact]
    public void Waits_for_invocations_to_their_end()
    {
        TaskCompletionSource gate = new();
        CallbackScope scope = new(loop: _loop);
        scope.Run(() =>
        {
            _loop.InvokeAsync(() => _log.Add("action"));
            _loop.InvokeAsync(() => gate.Task);
        });
        Assert.False(scope.Completion.IsCompleted);
        _loop.RunUntilIdle();
        Assert.Equal(["action"], _log);
        Assert.False(scope.Completion.IsCompleted);
        gate.SetResult();
        Deadline.WaitUntil(() => scope.Completion.IsCompleted);
        Assert.Equal(0, scope.Pending);
    }

    [Fact]
    public void An_invocation_that_a_cancelled_scope_keeps_from_beginning_is_cancelled_and_has_no_result()
    {
        CallbackScope scope = new(loop: _loop);
        Task<int>? function = null;
        Task<int>? async = null;
        scope.Run(() =>
        {
            function = _loop.InvokeAsync(() => 1);
            async = _loop.InvokeAsync(() => Task.FromResult(1));
        });
        scope.Cancel();
        _loop.RunUntilIdle();
        Deadline.WaitUntil(() => scope.Completion.IsCompleted && async!.IsCompleted); // what is unwrapped ends on the thread pool
        Assert.True(function!.IsCanceled);
        Assert.True(async!.IsCanceled);
    }

    [Fact]
    public void Waits_for_async_void_functions()
    {
        TaskCompletionSource gate = new();
        CallbackScope scope = new(loop: _loop);
        scope.Run(() => _loop.AddCallback(Begin));
        _loop.RunUntilIdle();
        Assert.False(scope.Completion.IsCompleted);
        gate.SetResult();
        _loop.RunUntilIdle();
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);

        async void Begin() => await gate.Task;
    }

    [Fact]
    public void Cancelling_keeps_all_that_is_pending_from_running_and_frees_it()
    {
        PollSource source = 7;
        _loop.Poller.Fire(source, IOEvents.Read);
        TaskCompletionSource never = new();
        CallbackScope scope = new(loop: _loop);
        scope.Run(() =>
        {
            _loop.AddCallback(() => _log.Add("callback"));
            _loop.CallLater(TimeSpan.FromSeconds(1), () => _log.Add("timer"));
            _loop.AddHandler(source, (_, _) => _log.Add("handler"), IOEvents.Read);
            _loop.AddFuture(never.Task, _ => _log.Add("future"));
            new PeriodicCallback(() => _log.Add("periodic"), TimeSpan.FromSeconds(1), _loop).Start();
        });
        scope.CancellationToken.Register(() => _log.Add("token"));
        scope.Cancel();
        Assert.Empty(_loop.Poller.Sources);
        _loop.RunUntilIdle();
        Assert.Equal(["token"], _log);
        Assert.Equal(ScopeOutcome.Cancelled, scope.Completion.Result);
    }

    [Fact]
    public void A_request_that_takes_too_long_is_cancelled_with_all_it_started()
    {
        CallbackScope scope = new(TimeSpan.FromSeconds(2), _loop);
        scope.Run(() => Tick());
        _loop.AddFuture(scope.Completion, done => _log.Add($"{done.Result} at {_loop.Time()}"));
        _loop.RunUntilIdle();
        Assert.Equal(["tick", "tick", "tick", "TimedOut at 2"], _log);

        void Tick()
        {
            _log.Add("tick");
            _loop.CallLater(TimeSpan.FromSeconds(0.8), Tick);
        }
    }

    [Fact]
    public void A_scope_that_ends_in_time_takes_its_timer_along()
    {
        CallbackScope scope = new(TimeSpan.FromHours(1), _loop);
        scope.Run(() => { });
        _loop.RunUntilIdle();
        Assert.Equal(0, _loop.Time());
    }

    [Fact]
    public void Async_functions_under_way_see_the_token_and_are_waited_for()
    {
        CallbackScope scope = new(loop: _loop);
        scope.Run(() => _loop.AddCallback(async () =>
        {
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(scope.CancellationToken);
            }
            finally
            {
                _log.Add("cleaned up");
            }
        }));
        _loop.CallLater(TimeSpan.FromSeconds(1), scope.Cancel);
        _loop.Poller.WaitForWake = true;
        _loop.AddFuture(scope.Completion, done =>
        {
            _log.Add(done.Result.ToString());
            _loop.Stop();
        });
        _loop.Start();
        Assert.Equal(["cleaned up", "Cancelled"], _log);
        Assert.Empty(_loop.Errors); // an OperationCanceledException of the scope's own is no error
    }

    [Fact]
    public void An_async_body_is_pending_until_it_ends()
    {
        TaskCompletionSource gate = new();
        CallbackScope scope = new(loop: _loop);
        Task? run = null;
        _loop.AddCallback(() => { run = scope.Run(async () => await gate.Task); });
        _loop.RunUntilIdle();
        Assert.Equal((1, false, false), (scope.Pending, scope.Completion.IsCompleted, run!.IsCompleted));
        gate.SetResult();
        _loop.RunUntilIdle();
        Assert.True(run.IsCompletedSuccessfully);
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_async_body_that_takes_too_long_sees_the_token_and_whoever_waits_for_it_hears_of_it(bool result)
    {
        CallbackScope scope = new(TimeSpan.FromSeconds(2), _loop);
        _loop.AddCallback(async () =>
        {
            Task run = result ? scope.Run(NumberAsync) : scope.Run(NeverAsync);
            OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            Assert.Equal(scope.CancellationToken, cancelled.CancellationToken);
            _log.Add($"{await scope.Completion} at {_loop.Time()}");
        });
        _loop.RunUntilIdle();
        Assert.Equal(["tidied up", "TimedOut at 2"], _log);
        Assert.Empty(_loop.Errors);

        async Task NeverAsync()
        {
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(CallbackScope.CurrentToken);
            }
            finally
            {
                _log.Add("tidied up");
            }
        }

        async Task<int> NumberAsync()
        {
            await NeverAsync();
            return 1;
        }
    }

    [Fact]
    public void Any_other_exception_of_an_async_body_ends_the_scope_and_fails_the_returned_task()
    {
        CallbackScope scope = new(loop: _loop);
        Task? run = null;
        _loop.AddCallback(() =>
        {
            run = scope.Run(async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("oops");
            });
            _loop.AddFuture(run, failed => _log.Add(failed.Exception!.InnerException!.Message));
        });
        _loop.RunUntilIdle();
        Assert.Equal(["oops"], _log);
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Fact]
    public void Cancelling_the_outer_cancels_the_inner_and_waits_for_it()
    {
        CallbackScope outer = new(loop: _loop) { Name = "outer" };
        CallbackScope inner = new(loop: _loop) { Name = "inner" };
        outer.Run(() => inner.Run(() => _loop.CallLater(TimeSpan.FromSeconds(1), () => _log.Add("never"))));
        Assert.False(outer.Completion.IsCompleted);
        outer.Cancel();
        Assert.True(inner.IsCancelled);
        Assert.True(inner.CancellationToken.IsCancellationRequested);
        _loop.RunUntilIdle();
        Assert.Empty(_log);
        Assert.Equal(ScopeOutcome.Cancelled, inner.Completion.Result);
        Assert.Equal(ScopeOutcome.Cancelled, outer.Completion.Result);
    }

    [Fact]
    public void Cancelling_the_inner_leaves_the_outer_alone()
    {
        CallbackScope outer = new(loop: _loop);
        CallbackScope inner = new(loop: _loop);
        outer.Run(() =>
        {
            inner.Run(() => _loop.CallLater(TimeSpan.FromSeconds(1), () => _log.Add("never")));
            _loop.CallLater(TimeSpan.FromSeconds(2), () => _log.Add("outer"));
        });
        inner.Cancel();
        _loop.RunUntilIdle();
        Assert.Equal(["outer"], _log);
        Assert.Equal(ScopeOutcome.Completed, outer.Completion.Result);
    }

    [Fact]
    public void Nothing_begins_in_a_cancelled_scope()
    {
        CallbackScope scope = new(loop: _loop);
        Action? wrapped = null;
        scope.Run(() => wrapped = StackContext.Wrap(() => _log.Add("wrapped")));
        scope = new CallbackScope(loop: _loop);
        scope.Run(() =>
        {
            wrapped = StackContext.Wrap(() => _log.Add("wrapped"));
            scope.Cancel();
            Assert.False(_loop.AddCallback(() => _log.Add("callback")));
            TimeoutHandle timer = _loop.CallLater(TimeSpan.Zero, () => _log.Add("timer"));
            _loop.RemoveTimeout(timer);
            Assert.ThrowsAny<OperationCanceledException>(() => _loop.AddHandler(3, (_, _) => { }, IOEvents.Read));
        });
        wrapped!();
        using CallbackScope cancelled = new(loop: _loop);
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => cancelled.Run(() => { }));
        _loop.RunUntilIdle();
        Assert.Empty(_log);
    }

    [Fact]
    public void Exceptions_inside_go_to_the_handlers_around_as_ever()
    {
        CallbackScope scope = new(loop: _loop);
        ExceptionStackContext handler = new(error =>
        {
            _log.Add(error.Message);
            return true;
        });
        handler.Run(() => scope.Run(() => _loop.AddCallback(() => throw new InvalidOperationException("late"))));
        _loop.RunUntilIdle();
        Assert.Equal(["late"], _log);
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Fact]
    public void The_current_token_is_that_of_the_innermost_scope()
    {
        CallbackScope outer = new(loop: _loop);
        CallbackScope inner = new(loop: _loop);
        Assert.Equal(CancellationToken.None, CallbackScope.CurrentToken);
        outer.Run(() =>
        {
            Assert.Equal(outer.CancellationToken, CallbackScope.CurrentToken);
            inner.Run(() => Assert.Equal(inner.CancellationToken, CallbackScope.CurrentToken));
            NullContext.Run(() => Assert.Equal(CancellationToken.None, CallbackScope.CurrentToken));
        });
    }

    [Fact]
    public void A_timer_removed_by_hand_is_pending_no_more()
    {
        CallbackScope scope = new(loop: _loop);
        TimeoutHandle timer = default;
        scope.Run(() => timer = _loop.CallLater(TimeSpan.FromHours(1), () => { }));
        _loop.RemoveTimeout(timer);
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Fact]
    public void Closing_the_loop_ends_its_scopes()
    {
        CallbackScope scope = new(loop: _loop);
        scope.Run(() =>
        {
            _loop.AddCallback(() => { });
            _loop.CallLater(TimeSpan.FromHours(1), () => { });
            _loop.AddHandler(3, (_, _) => { }, IOEvents.Read);
        });
        _loop.Close();
        Assert.True(scope.Completion.IsCompleted);
    }

    [Fact]
    public void A_long_lived_scope_does_not_remember_timers_that_ran()
    {
        CallbackScope scope = new(loop: _loop);
        int left = 10_000;
        scope.Run(() => Tick());
        _loop.RunUntilIdle();
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);

        void Tick()
        {
            if (--left == 0) return;
            _loop.CallLater(TimeSpan.FromMilliseconds(1), Tick);
            if (left % 1000 == 0) Assert.InRange(scope.Pending, 1, 3);
        }
    }
}
