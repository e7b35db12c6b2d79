using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopAsyncTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void AddFuture_of_a_task_that_has_ended_calls_back_in_the_next_turn_not_inside_the_call()
    {
        _loop.AddFuture(Task.FromResult(3), task => _log.Add($"{task.Result}"));
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["3"], _log);
    }

    [Fact]
    public void AddFuture_runs_on_the_loops_thread_in_the_contexts_of_registration_not_of_the_one_who_completes()
    {
        TaskCompletionSource<int> future = new();
        new ExceptionStackContext(error =>
        {
            _log.Add($"registered: {error.Message}");
            return true;
        }).Run(() => _loop.AddFuture(future.Task, task =>
        {
            _log.Add($"called {_loop.CheckAccess()} {task.IsFaulted}");
            throw new InvalidOperationException("of the callback");
        }));
        _loop.AddCallback(() => new ExceptionStackContext(_ =>
        {
            _log.Add("completer");
            return true;
        }).Run(() => future.SetException(new InvalidOperationException("of the worker"))));
        _loop.RunUntilIdle();
        Assert.Equal(["called True True", "registered: of the callback"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void AddFuture_brings_the_result_of_the_thread_pool_back_to_the_loop()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        Thread? worker = null;
        Thread? loops = null;
        loop.AddFuture(loop.RunInExecutor(() => worker = Thread.CurrentThread), task =>
        {
            loops = Thread.CurrentThread;
            loop.Stop();
        });
        Deadline.Run(loop);
        Assert.Same(Thread.CurrentThread, loops);
        Assert.NotSame(loops, worker);
    }

    [Fact]
    public void RunInExecutor_runs_blocking_functions_at_the_same_time()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        using Barrier both = new(2);
        int[] results = loop.RunSync(() => Task.WhenAll(Work(1), Work(2)), Deadline.Default);
        Assert.Equal([1, 2], results);

        Task<int> Work(int number) => loop.RunInExecutor(() => both.SignalAndWait(Deadline.Default) ? number : -1);
    }

    [Fact]
    public async Task InvokeAsync_from_another_thread_gives_back_result_exception_and_cancellation()
    {
        using RunningLoop running = new();
        Assert.Equal(5, await running.Loop.InvokeAsync(() => 5));
        Assert.True(await running.Loop.InvokeAsync(running.Loop.CheckAccess));
        InvalidOperationException error = new("mine");
        Assert.Same(error, await Assert.ThrowsAsync<InvalidOperationException>(() => running.Loop.InvokeAsync(void () => throw error)));
        Task cancelled = running.Loop.InvokeAsync(static void () => throw new OperationCanceledException());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.True(cancelled.IsCanceled);
    }

    [Fact]
    public async Task InvokeAsync_of_an_async_function_ends_with_the_function()
    {
        using RunningLoop running = new();
        TaskCompletionSource gate = new();
        Task<int> result = running.Loop.InvokeAsync(async () =>
        {
            await gate.Task;
            return running.Loop.CheckAccess() ? 1 : 0;
        });
        await running.Loop.InvokeAsync(static () => { });
        Assert.False(result.IsCompleted);
        gate.SetResult();
        Assert.Equal(1, await result);
        await Assert.ThrowsAsync<InvalidOperationException>(() => running.Loop.InvokeAsync(async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException();
        }));
    }

    [Fact]
    public void InvokeAsync_runs_in_the_callers_contexts_and_its_task_ends_well_where_they_consume_the_exception()
    {
        Task? task = null;
        new ExceptionStackContext(error =>
        {
            _log.Add(error.Message);
            return true;
        }).Run(() => task = _loop.InvokeAsync(void () => throw new InvalidOperationException("consumed")));
        _loop.RunUntilIdle();
        Assert.Equal(["consumed"], _log);
        Assert.True(task!.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_is_awaited_in_a_callback_resumes_on_the_loop()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        List<bool> access = loop.RunSync(async () =>
        {
            List<bool> seen = [];
            await Task.Run(static () => { });
            seen.Add(ReferenceEquals(IOLoop.Current, loop) && loop.CheckAccess());
            await Task.Yield();
            seen.Add(ReferenceEquals(IOLoop.Current, loop) && loop.CheckAccess());
            return seen;
        }, Deadline.Default);
        Assert.Equal([true, true], access);
    }

    [Fact]
    public void SynchronizationContext_Post_runs_on_the_loop_outside_of_all_contexts_and_reports_exceptions()
    {
        new ExceptionStackContext(static _ => true)
            .Run(() => _loop.SynchronizationContext.Post(static _ => throw new InvalidOperationException("posted"), null));
        _loop.RunUntilIdle();
        Assert.Equal("posted", Assert.Single(_loop.Errors).Exception.Message);
        Assert.Throws<ArgumentNullException>(() => _loop.SynchronizationContext.Post(null!, null));
        Assert.Throws<ArgumentNullException>(() => _loop.SynchronizationContext.Send(null!, null));
        Assert.Same(_loop.SynchronizationContext, _loop.SynchronizationContext.CreateCopy());
    }

    [Fact]
    public void SynchronizationContext_Send_waits_for_the_loop_and_rethrows_and_on_the_loops_thread_runs_at_once()
    {
        using RunningLoop running = new();
        Thread? ran = null;
        running.Loop.SynchronizationContext.Send(_ => ran = Thread.CurrentThread, null);
        Assert.Same(running.Thread, ran);
        Assert.Throws<InvalidOperationException>(() =>
            running.Loop.SynchronizationContext.Send(static _ => throw new InvalidOperationException(), null));

        _loop.AddCallback(() =>
        {
            _loop.SynchronizationContext.Send(_ => _log.Add("inner"), null);
            _log.Add("outer");
        });
        _loop.RunUntilIdle();
        Assert.Equal(["inner", "outer"], _log);
    }

    [Fact]
    public void A_function_that_gives_no_task_has_ended()
    {
        int calls = 0;
        Func<Task> none = () =>
        {
            calls++;
            return null!;
        };
        _loop.AddCallback(none);
        _loop.CallLater(1, none);
        using DelayedCallback delayed = new(none, TimeSpan.FromSeconds(1), _loop);
        using PeriodicCallback periodic = new(none, TimeSpan.FromSeconds(1), _loop);
        delayed.Start();
        periodic.Start();
        _loop.RunFor(TimeSpan.FromSeconds(2.5));
        Assert.Equal(5, calls);
        _loop.AddCallback(() => Assert.True(new SignalShutdown(_loop, none).Come()));
        _loop.Start();
        Assert.Equal(6, calls);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void An_async_void_callback_reports_its_exception_through_the_contexts_at_its_await()
    {
        new ExceptionStackContext(error =>
        {
            _log.Add(error.Message);
            return true;
        }).Run(() => _loop.AddCallback(static _ => AsyncVoid(), 0));
        _loop.RunUntilIdle();
        Assert.Equal(["async void"], _log);
        Assert.Empty(_loop.Errors);
    }

    private static async void AsyncVoid()
    {
        await Task.Yield();
        throw new InvalidOperationException("async void");
    }
}
