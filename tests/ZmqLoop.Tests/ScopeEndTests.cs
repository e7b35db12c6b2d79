using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>How a scope tells of its end: once, and in one way.</summary>
public sealed class ScopeEndTests
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _seen = [];
    private volatile bool _hasEnded;
    private IDisposable? _hold;

    private enum Ends
    {
        ItsToken,
        LinkedToken,
        AnotherToken,
        TimeOver,
        BeforeItBegins,
        OuterCancelled,
    }

    public static TheoryData<string, bool, bool> Ways()
    {
        TheoryData<string, bool, bool> ways = [];
        foreach (Ends end in Enum.GetValues<Ends>())
        {
            foreach (bool scopeOutside in (bool[])[false, true])
            {
                ways.Add($"{end}", scopeOutside, false);
                ways.Add($"{end}", scopeOutside, true);
            }
        }

        return ways;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scope_that_was_cancelled_before_its_body_does_not_hold_up_the_one_around_it(bool timeOver)
    {
        CallbackScope outer = new(loop: _loop);
        CallbackScope inner = new(timeOver ? TimeSpan.FromSeconds(1) : null, _loop);
        if (!timeOver) inner.Cancel();
        _loop.CallLater(2, () => outer.Run(() => Assert.ThrowsAny<OperationCanceledException>(() => inner.Run(static () => { }))));
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.True(outer.Completion.IsCompletedSuccessfully);
        Assert.Equal(timeOver ? ScopeOutcome.TimedOut : ScopeOutcome.Cancelled, inner.Completion.Result);
    }

    [Fact]
    public void A_scope_whose_body_began_on_two_threads_has_one_of_them_and_holds_up_nobody()
    {
        for (int round = 0; round < 200; round++)
        {
            CallbackScope inner = new(loop: _loop);
            CallbackScope[] outer = [new(loop: _loop), new(loop: _loop)];
            int bodies = 0;
            int refused = 0;
            Parallel.ForEach(outer, around => around.Run(() =>
            {
                try
                {
                    inner.Run(() => Interlocked.Increment(ref bodies));
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }));
            Assert.Equal((1, 1), (bodies, refused));
            Assert.All(outer, static around => Assert.True(around.Completion.IsCompletedSuccessfully));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_cancelled_scope_is_heard_of_in_one_way(string end, bool scopeOutside, bool result)
    {
        Ends how = Enum.Parse<Ends>(end);
        CallbackScope outer = new(loop: _loop) { Name = "outer" };
        CallbackScope scope = new(how == Ends.TimeOver ? TimeSpan.FromSeconds(1) : null, _loop);
        ExceptionStackContext errors = new(error =>
        {
            _seen.Add($"handler saw {error.GetType().Name}");
            return true;
        });
        if (how == Ends.BeforeItBegins) scope.Cancel();
        if (how == Ends.OuterCancelled) _loop.CallLater(1, outer.Cancel);
        else if (how != Ends.TimeOver) _loop.CallLater(1, scope.Cancel);
        Task Call() => result ? Number() : Nothing();
        Task<int> Number() => scopeOutside ? scope.Run(() => errors.Run(BodyAsync)) : errors.Run(() => scope.Run(BodyAsync));
        Task Nothing() => scopeOutside
            ? scope.Run(() => errors.Run(async () => { await BodyAsync(); }))
            : errors.Run(() => scope.Run(async () => { await BodyAsync(); }));
        async Task<int> BodyAsync()
        {
            using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(scope.CancellationToken);
            CancellationToken token = how == Ends.LinkedToken ? linked.Token : scope.CancellationToken;
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
            }
            catch (OperationCanceledException) when (how == Ends.AnotherToken)
            {
                throw new OperationCanceledException("of a library's own");
            }

            return 5;
        }

        _loop.AddCallback(async () =>
        {
            Task run = how == Ends.OuterCancelled ? NullContext.Run(() => outer.Run(WaitInsideAsync)) : WaitInsideAsync();
            try
            {
                await run;
            }
            catch (OperationCanceledException)
            {
            }

            _seen.Add($"{await scope.Completion}");

            async Task WaitInsideAsync()
            {
                try
                {
                    await Call();
                    _seen.Add("a result");
                }
                catch (OperationCanceledException cancelled)
                {
                    _seen.Add(cancelled.CancellationToken == scope.CancellationToken ? "cancelled" : "another token");
                }
            }
        });
        _loop.RunUntilIdle();
        Assert.Equal(["cancelled", how == Ends.TimeOver ? "TimedOut" : "Cancelled"], _seen);
        Assert.Empty(_loop.Errors);
    }

    public static TheoryData<string> Callers() =>
        ["InvokeAsync of an action", "InvokeAsync of a function", "InvokeAsync of an async function", "InvokeAsync that has begun",
            "a wrapped async function", "a wrapped function", "HoldCurrent", "AddHandler", "a task on the scheduler"];

    [Theory]
    [MemberData(nameof(Callers))]
    public void Whoever_calls_into_a_cancelled_scope_is_told_in_the_same_way_and_no_handler_around_is_asked(string way)
    {
        CallbackScope scope = new(loop: _loop);
        ExceptionStackContext errors = new(error =>
        {
            _seen.Add($"handler saw {error.GetType().Name}");
            return true;
        });
        _loop.AddCallback(() => errors.Run(async () =>
        {
            Func<Task> call = null!;
            scope.Run(() => call = Prepare(way));
            await _loop.Delay(way == "InvokeAsync that has begun" ? 1 : 0); // a turn, in which it begins
            scope.Cancel();
            try
            {
                await call();
            }
            catch (OperationCanceledException cancelled)
            {
                _seen.Add(cancelled.CancellationToken == scope.CancellationToken ? $"told: {cancelled.Message}" : "another token");
                throw;
            }
        }).ContinueWith(_ => _hasEnded = true, TaskScheduler.Default));
        Deadline.WaitUntil(() =>
        {
            _loop.RunUntilIdle(); // what comes back from the thread pool
            return _hasEnded;
        });
        _hold!.Dispose();
        Assert.Equal([$"told: {new ScopeCanceledException(scope).Message}"], _seen);
    }

    /// <summary>Called in the scope, before it is cancelled.</summary>
    /// <returns>Called outside, when it is.</returns>
    private Func<Task> Prepare(string way)
    {
        _hold = CallbackScope.HoldCurrent(); // else it ends with its body, and is not there to be cancelled
        Func<Task> late = StackContext.Wrap(() => Task.CompletedTask);
        switch (way)
        {
            case "InvokeAsync of an action":
                return Late(() => _loop.InvokeAsync(static () => { }));
            case "InvokeAsync of a function":
                return Late(() => _loop.InvokeAsync(static () => 5));
            case "InvokeAsync of an async function":
                return Late(() => _loop.InvokeAsync(static () => Task.CompletedTask));
            case "InvokeAsync that has begun":
                Task begun = _loop.InvokeAsync(() => new TaskCompletionSource().Task.WaitAsync(CallbackScope.CurrentToken));
                return () => begun;
            case "a wrapped async function":
                return late;
            case "a wrapped function":
                Func<int> wrapped = StackContext.Wrap(static () => 5);
                return () => Task.FromResult(wrapped());
            case "HoldCurrent":
                return Late(static () => Task.FromResult(CallbackScope.HoldCurrent()));
            case "AddHandler":
                return Late(() =>
                {
                    _loop.AddHandler(7, static (_, _) => { }, IOEvents.Read);
                    return Task.CompletedTask;
                });
            default:
                return Late(() => Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.None,
                    _loop.TaskScheduler));
        }
    }

    /// <summary>Calls something where this stands, when the scope is cancelled.</summary>
    private static Func<Task> Late(Func<Task> call)
    {
        ContextNode? node = ContextThread.Current.Node;
        return () =>
        {
            ContextState before = ContextThread.Current.BeginFrame(node);
            try
            {
                return call();
            }
            catch (TaskSchedulerException refused)
            {
                throw refused.InnerException!;
            }
            finally
            {
                ContextThread.Current.EndFrame(before);
            }
        };
    }

    [Fact]
    public void What_a_cancelled_body_made_of_it_all_the_same_counts_and_real_errors_are_errors()
    {
        CallbackScope ends = new(loop: _loop);
        CallbackScope fails = new(loop: _loop);
        _loop.AddCallback(async () =>
        {
            _seen.Add($"{await ends.Run(async () => { ends.Cancel(); await Task.Yield(); return 5; })}");
            _seen.Add((await Assert.ThrowsAsync<FormatException>(() => fails.Run(async () =>
            {
                fails.Cancel();
                await Task.Yield();
                throw new FormatException("in its cleaning up");
            }))).Message);
        });
        _loop.RunUntilIdle();
        Assert.Equal(["5", "in its cleaning up"], _seen);
    }

    [Fact]
    public void A_body_that_is_not_async_ends_in_the_same_way_and_no_wrapped_function_makes_up_a_result()
    {
        CallbackScope action = new(loop: _loop);
        CallbackScope function = new(loop: _loop);
        Action body = () =>
        {
            action.Cancel();
            throw new OperationCanceledException();
        };
        OperationCanceledException told = Assert.ThrowsAny<OperationCanceledException>(() => action.Run(body));
        Assert.Equal(action.CancellationToken, told.CancellationToken);
        Func<int>? wrapped = null;
        Func<Task>? wrappedAsync = null;
        Assert.ThrowsAny<OperationCanceledException>(() => function.Run(() =>
        {
            wrapped = StackContext.Wrap(() => 1);
            wrappedAsync = StackContext.Wrap(() => Task.CompletedTask);
            function.Cancel();
            return wrapped is not null ? throw new OperationCanceledException() : 1;
        }));
        Assert.ThrowsAny<OperationCanceledException>(() => { wrapped!(); });
        Assert.True(wrappedAsync!().IsCanceled);
    }

    [Fact]
    public void A_callback_that_gives_up_in_a_cancelled_scope_is_no_error_whatever_its_token()
    {
        CallbackScope scope = new(loop: _loop);
        TaskCompletionSource gate = new();
        scope.CancellationToken.Register(gate.SetResult);
        new ExceptionStackContext(error => { _seen.Add(error.Message); return false; }).Run(() => scope.Run(() =>
            new ExceptionStackContext(error => { _seen.Add(error.Message); return false; }).Run(() => _loop.AddCallback(async () =>
            {
                await gate.Task;
                throw new OperationCanceledException("of a library's own");
            }))));
        _loop.CallLater(1, scope.Cancel);
        _loop.Poller.WaitForWake = true; // the wait ends on the thread pool
        _loop.AddFuture(scope.Completion, _ => _loop.Stop());
        _loop.Start();
        Assert.Empty(_seen);
        Assert.Empty(_loop.Errors);
        Assert.Equal(ScopeOutcome.Cancelled, scope.Completion.Result);
    }

    [Fact]
    public void A_scope_has_one_body()
    {
        CallbackScope scope = new(loop: _loop) { Name = "request" };
        scope.Run(() =>
        {
            Assert.Throws<InvalidOperationException>(() => scope.Run(() => { })); // inside of the first
            _loop.AddCallback(() => Assert.Throws<InvalidOperationException>(() => scope.Run(() => { })));
        });
        Assert.Throws<InvalidOperationException>(() => scope.Run(() => { })); // while something is pending
        _loop.RunUntilIdle();
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
        foreach (Action second in (Action[])[() => scope.Run(() => { }), () => scope.Run(() => 1),
            () => _ = scope.Run(() => Task.CompletedTask), () => _ = scope.Run(() => Task.FromResult(1)), scope.Enter])
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(second);
            Assert.Contains("CallbackScope request has had its body already", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal((0, ScopeOutcome.Completed), (scope.Pending, scope.Completion.Result));
        Assert.Empty(_loop.Errors);
        Assert.Empty(StackContext.Active);
    }

    [Fact]
    public void Waiting_inside_for_the_scopes_own_end_is_refused()
    {
        CallbackScope outer = new(loop: _loop);
        CallbackScope inner = new(loop: _loop);
        outer.Run(() => inner.Run(() => _loop.AddCallback(async () =>
        {
            InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await inner.Completion);
            Assert.Contains("waits for ever", refused.Message, StringComparison.Ordinal);
            await Task.Yield();
            Assert.Throws<InvalidOperationException>(() => _loop.AddFuture(outer.Completion, _ => { }));
            Assert.False(NullContext.Run(() => outer.Completion).IsCompleted);
            _seen.Add("refused");
        })));
        _loop.AddFuture(inner.Completion, _ => _seen.Add("inner"));
        _loop.AddFuture(outer.Completion, _ => _seen.Add("outer"));
        _loop.RunUntilIdle();
        Assert.Equal(["refused", "inner", "outer"], _seen);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_scope_waits_for_the_call_that_dropped_what_held_it()
    {
        CallbackScope scope = new(loop: _loop);
        PollSource source = 7;
        _loop.Poller.Fire(source, IOEvents.Read);
        scope.Run(() => _loop.AddHandler(source, (_, _) =>
        {
            _loop.RemoveHandler(source);
            Assert.Equal(1, scope.Pending);
            _loop.AddCallback(() => _seen.Add($"later, {NullContext.Run(() => scope.Completion).IsCompleted}"));
        }, IOEvents.Read));
        _loop.RunUntilIdle();
        Assert.Equal(["later, False"], _seen);
        Assert.Equal(ScopeOutcome.Completed, scope.Completion.Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Twenty_thousand_scopes_inside_each_other_end_one_after_the_other(bool cancel)
    {
        const int Depth = 20_000;
        List<CallbackScope> scopes = [];
        int ended = 0;
        _loop.AddCallback(Next);
        _loop.RunUntilIdle();
        Assert.Equal(Depth, scopes.Count);
        Assert.All(scopes, static scope => Assert.True(scope.Completion.IsCompletedSuccessfully));
        Assert.Equal(cancel ? 0 : 1, ended);

        void Next()
        {
            if (scopes.Count == Depth)
            {
                if (cancel) scopes[0].Cancel();
                _loop.AddCallback(() => ended++);
                return;
            }

            scopes.Add(new CallbackScope(loop: _loop));
            scopes[^1].Run(() => _loop.AddCallback(Next));
        }
    }
}
