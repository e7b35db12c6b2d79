using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopRunSyncTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void RunSync_returns_what_the_task_ends_with_with_the_loop_current_inside()
    {
        Assert.Equal(42, _loop.RunSync(async () =>
        {
            Assert.Same(_loop, IOLoop.Current);
            await Task.Yield();
            Assert.Same(_loop, IOLoop.Current);
            return 42;
        }));
        Assert.Null(_loop.RunSync(() => Task.FromResult<string?>(null)));
        _loop.RunSync(() => Task.CompletedTask);
        Assert.False(_loop.IsRunning);
    }

    [Fact]
    public void RunSync_takes_whatever_is_async()
    {
        _loop.RunSync(async () => await Task.Yield());
        _loop.RunSync(async () =>
        {
            await Task.Yield();
            _log.Add("body");
        });
        _loop.RunSync(AsTask);
        _loop.RunSync(AsValueTask);
        _loop.RunSync(() => AsTask());
        _loop.RunSync(() => AsValueTask(), TimeSpan.FromSeconds(1));
        Func<ValueTask> function = async () => await Task.Yield();
        _loop.RunSync(function);
        Assert.Equal(1, _loop.RunSync(async () =>
        {
            await Task.Yield();
            return 1;
        }));
        Assert.Equal(2, _loop.RunSync(() => ResultAsTask()));
        Assert.Equal(2, _loop.RunSync(ResultAsTask));
        Assert.Equal(3, _loop.RunSync(() => ResultAsValueTask()));
        Assert.Equal(3, _loop.RunSync(ResultAsValueTask, cancellationToken: CancellationToken.None));
        Assert.Equal("thrown", Assert.Throws<InvalidOperationException>(() => _loop.RunSync(() => throw Error())).Message);
        Assert.Throws<InvalidOperationException>(() => _loop.RunSync(async ValueTask () =>
        {
            await Task.Yield();
            throw Error();
        }));
        Assert.Equal(["body", "task", "value task", "task", "value task"], _log);

        async Task AsTask()
        {
            await Task.Yield();
            _log.Add("task");
        }

        async ValueTask AsValueTask()
        {
            await Task.Yield();
            _log.Add("value task");
        }

        static async Task<int> ResultAsTask()
        {
            await Task.Yield();
            return 2;
        }

        static async ValueTask<int> ResultAsValueTask()
        {
            await Task.Yield();
            return 3;
        }

        static InvalidOperationException Error() => new("thrown");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RunSync_rethrows_the_very_exception_with_its_stack(bool early)
    {
        InvalidOperationException error = new("thrown");
        var caught = Assert.Throws<InvalidOperationException>(() => _loop.RunSync(() => early ? Thrower(error) : AsyncThrower(error)));
        Assert.Same(error, caught);
        Assert.Contains(nameof(Thrower), caught.StackTrace, StringComparison.Ordinal);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void RunSync_runs_after_the_callbacks_queued_before()
    {
        _loop.AddCallback(() => _log.Add("before"));
        _loop.RunSync(() =>
        {
            _log.Add("function");
            return Task.CompletedTask;
        });
        Assert.Equal(["before", "function"], _log);
    }

    [Fact]
    public void RunSync_whose_token_is_cancelled_throws_and_the_loop_is_usable_again()
    {
        using CancellationTokenSource cancellation = new();
        TaskCompletionSource<int> never = new();
        _loop.AddCallback(cancellation.Cancel);
        var thrown =
            Assert.Throws<OperationCanceledException>(() => _loop.RunSync(() => never.Task, cancellationToken: cancellation.Token));
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        Assert.Equal(1, _loop.RunSync(() => Task.FromResult(1)));
        never.SetResult(2);
        Assert.Equal(3, _loop.RunSync(() => Task.FromResult(3)));
    }

    [Fact]
    public void RunSync_with_a_token_that_is_cancelled_already_calls_nothing_now_or_later()
    {
        bool called = false;
        Assert.Throws<OperationCanceledException>(() => _loop.RunSync(
            () =>
            {
                called = true;
                return Task.CompletedTask;
            },
            cancellationToken: new CancellationToken(canceled: true)));
        _loop.RunSync(() => Task.CompletedTask);
        Assert.False(called);
    }

    [Fact]
    public void RunSync_gives_the_result_though_the_token_is_cancelled_in_the_last_moment()
    {
        using CancellationTokenSource cancellation = new();
        Assert.Equal(5, _loop.RunSync(
            () =>
            {
                cancellation.Cancel();
                return Task.FromResult(5);
            },
            cancellationToken: cancellation.Token));
    }

    [Fact]
    public void RunSync_that_takes_too_long_throws_TimeoutException_and_the_loop_is_usable_again()
    {
        TaskCompletionSource<int> never = new();
        Assert.Throws<TimeoutException>(() => _loop.RunSync(() => never.Task, TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromSeconds(3), _loop.ManualTime.Now);
        Assert.Equal(1, _loop.RunSync(() => Task.FromResult(1)));
    }

    [Fact]
    public void A_function_that_ends_after_its_timeout_does_not_stop_a_later_run()
    {
        TaskCompletionSource late = new();
        Assert.Throws<TimeoutException>(() => _loop.RunSync(() => late.Task, TimeSpan.FromSeconds(1)));
        _loop.AddCallback(late.SetResult);
        _loop.CallLater(5, () => _log.Add("timer"));
        _loop.RunUntilIdle();
        Assert.Equal(["timer"], _log);
    }

    [Fact]
    public void A_timeout_of_zero_lets_a_function_pass_that_is_done_at_once()
    {
        Assert.Equal(7, _loop.RunSync(() => Task.FromResult(7), TimeSpan.Zero));
        Assert.Equal(8, _loop.RunSync(() => Task.FromResult(8), Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_timeout_that_was_not_needed_is_taken_back()
    {
        _loop.RunSync(() => Task.CompletedTask, TimeSpan.FromHours(1));
        _loop.RunUntilIdle();
        Assert.Equal(TimeSpan.Zero, _loop.ManualTime.Now);
    }

    [Fact]
    public void An_infinite_timeout_is_no_timeout()
    {
        TaskCompletionSource<int> done = new();
        _loop.CallLater(1000, () => done.SetResult(5));
        Assert.Equal(5, _loop.RunSync(() => done.Task, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void L5_RunSync_inside_the_running_loop_throws_and_posts_nothing()
    {
        _loop.AddCallback(() => Assert.Throws<InvalidOperationException>(() => _loop.RunSync(() =>
        {
            _log.Add("ran");
            return Task.CompletedTask;
        })));
        _loop.CallLater(5, () => _log.Add("timer"));
        _loop.RunUntilIdle();
        Assert.Equal(["timer"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void L6_RunSync_clears_a_pending_stop()
    {
        _loop.Stop();
        Assert.Equal(1, _loop.RunSync(() => Task.FromResult(1)));
        _loop.AddCallback(() => _log.Add("next"));
        _loop.RunUntilIdle();
        Assert.Equal(["next"], _log);
    }

    [Fact]
    public void L7_Stop_inside_RunSync_is_told_from_a_timeout()
    {
        Assert.Throws<InvalidOperationException>(() => _loop.RunSync(() =>
        {
            _loop.Stop();
            return new TaskCompletionSource().Task;
        }, TimeSpan.FromSeconds(1)));
        _loop.RunUntilIdle();
        Assert.Equal(TimeSpan.Zero, _loop.ManualTime.Now); // the timeout went with it
    }

    [Fact]
    public void L10_RunSync_does_not_enter_the_callers_contexts_to_stop_the_loop()
    {
        StackContext context = new(() => new Scope(_log));
        context.Run(() => _loop.RunSync(() =>
        {
            _log.Add("function");
            return Task.CompletedTask;
        }, TimeSpan.FromSeconds(1)));
        Assert.Equal(["enter", "enter", "function", "leave", "leave"], _log); // once for the block, once for the function
    }

    [Fact]
    public void An_exception_that_leaves_Start_leaves_RunSync_and_neither_function_nor_timeout_stays_behind()
    {
        _loop.OnError = static error => throw error;
        _loop.AddCallback(() => throw new InvalidOperationException("before"));
        Assert.Equal("before", Assert.Throws<InvalidOperationException>(() => _loop.RunSync(() =>
        {
            _log.Add("function");
            return Task.CompletedTask;
        }, TimeSpan.FromSeconds(1))).Message);
        _loop.CallLater(5, () => _log.Add("timer"));
        _loop.RunUntilIdle();
        Assert.Equal(["timer"], _log);
    }

    [Fact]
    public void RunSync_in_a_cancelled_scope_throws_instead_of_waiting_for_ever()
    {
        CallbackScope scope = new(loop: _loop);
        scope.Run(() =>
        {
            scope.Cancel();
            OperationCanceledException thrown = Assert.Throws<OperationCanceledException>(() => _loop.RunSync(() => Task.CompletedTask));
            Assert.Equal(scope.CancellationToken, thrown.CancellationToken);
        });
    }

    [Fact]
    public void RunSync_in_a_scope_that_is_cancelled_before_its_function_begins_throws_instead_of_waiting_for_ever()
    {
        CallbackScope scope = new(loop: _loop);
        _loop.AddCallback(scope.Cancel);
        _loop.CallLater(1, () => Assert.Fail("It waited."));
        scope.Run(() =>
        {
            OperationCanceledException thrown =
                Assert.Throws<OperationCanceledException>(() => _loop.RunSync(() => throw new InvalidOperationException("It began.")));
            Assert.Equal(scope.CancellationToken, thrown.CancellationToken);
        });
        _loop.RunSync(static () => Task.CompletedTask); // nothing of that is left
    }

    [Fact]
    public void RunSync_goes_on_where_its_function_cancels_its_own_scope()
    {
        CallbackScope scope = new(loop: _loop);
        bool ended = false;
        scope.Run(() => _loop.RunSync(async () =>
        {
            scope.Cancel();
            await Task.Yield();
            ended = true;
        }));
        Assert.True(ended);
    }

    [Fact]
    public void A_function_that_returns_null_or_is_cancelled_throws()
    {
        Assert.Throws<InvalidOperationException>(() => _loop.RunSync(static () => null!));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            _loop.RunSync(static () => Task.FromCanceled(new CancellationToken(canceled: true))));
        Assert.Throws<ArgumentNullException>(() => _loop.RunSync(null!));
    }

    private static Task Thrower(Exception error) => throw error;

    private static async Task AsyncThrower(Exception error)
    {
        await Task.Yield();
        await Thrower(error);
    }

    private sealed class Scope : IDisposable
    {
        private readonly List<string> _log;

        public Scope(List<string> log)
        {
            _log = log;
            log.Add("enter");
        }

        public void Dispose() => _log.Add("leave");
    }
}
