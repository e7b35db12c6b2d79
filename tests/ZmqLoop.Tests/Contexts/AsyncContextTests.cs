using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

public sealed class AsyncContextTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    private static string Active => string.Join(',', StackContext.Active.Select(context => context.Name));

    private ExceptionStackContext Catching(string name, bool consumes = true) => new(error =>
    {
        _log.Add($"{name} {error.Message}");
        return consumes;
    }) { Name = name };

    private StackContext Logged(string name) => new(() =>
    {
        _log.Add($"enter {name}");
        return new Leaving(() => _log.Add($"leave {name}"));
    }) { Name = name };

    [Fact]
    public void After_an_await_in_a_handler_the_contexts_are_in_force_again_on_the_loops_thread()
    {
        int thread = Environment.CurrentManagedThreadId;
        Logged("A").Run(() => _loop.AddHandler(7, (source, _) =>
        {
            _loop.RemoveHandler(source);
            Handle();
        }, IOEvents.Read));
        _loop.Poller.Fire(7, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Equal(["enter A", "leave A", "enter A", "before A", "leave A", "enter A", "after A", "leave A"], _log);

        async void Handle()
        {
            _log.Add($"before {Active}");
            await Task.Yield();
            _log.Add($"after {Active}");
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        }
    }

    [Fact]
    public void A_callback_that_ends_well_enters_its_contexts_once_for_each_stretch()
    {
        Logged("A").Run(() => _loop.AddCallback(async () => await Task.Yield()));
        _log.Clear();
        _loop.RunUntilIdle();
        Assert.Equal(["enter A", "leave A", "enter A", "leave A"], _log);
    }

    [Fact]
    public void Two_loops_that_share_a_captured_context_keep_their_awaits_apart()
    {
        const int Rounds = 20_000;
        int wrong = 0;
        Action<IOLoop>? check = null;
        Catching("X").Run(() => check = StackContext.Wrap<IOLoop>(loop =>
        {
            var current = (ContextSynchronizationContext)SynchronizationContext.Current!;
            if (!ReferenceEquals(current.Host, loop.Host)) Interlocked.Increment(ref wrong);
        }));
        using var together = new Barrier(2);
        Thread[] threads = [new(Work), new(Work)];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(Deadline.Default));
        Assert.Equal(0, wrong);

        void Work()
        {
            using ScriptedLoop loop = new();
            loop.AddCallback(() =>
            {
                together.SignalAndWait();
                for (int i = 0; i < Rounds; i++) check!(loop);
            });
            loop.RunUntilIdle();
        }
    }

    [Fact]
    public void ConfigureAwait_false_leaves_the_loop_and_its_contexts()
    {
        _loop.Poller.WaitForWake = true;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int loopThread = Environment.CurrentManagedThreadId;
        int after = 0;
        string? active = null;
        Logged("A").Run(() => _loop.AddCallback(async () =>
        {
            await gate.Task.ConfigureAwait(false);
            after = Environment.CurrentManagedThreadId;
            active = Active;
            _loop.Stop();
        }));
        _loop.AddCallback(gate.SetResult);
        _loop.Start();
        Assert.NotEqual(loopThread, after);
        Assert.Equal("", active);
    }

    [Fact]
    public void A_block_entered_in_an_async_function_is_in_force_after_its_awaits_only()
    {
        _loop.AddCallback(async () =>
        {
            await Catching("X").Run(async () =>
            {
                await Task.Yield();
                _log.Add($"inside {Active}");
            });
            _log.Add($"outside {Active}");
        });
        _loop.RunUntilIdle();
        Assert.Equal(["inside X", "outside "], _log);
    }

    [Fact]
    public void RunWithStackContext_keeps_an_async_function_in_its_context_and_shows_it_what_ends_the_function()
    {
        _loop.AddCallback(async () =>
        {
            await StackContext.RunWithStackContext(Catching("X"), async () =>
            {
                await Task.Yield();
                _log.Add($"inside {Active}");
                throw new InvalidOperationException("late");
            });
            _log.Add($"outside {Active}");
        });
        _loop.RunUntilIdle();
        Assert.Equal(["inside X", "X late", "outside "], _log);
    }

    [Fact]
    public void Exceptions_of_async_callbacks_reach_each_context_exactly_once()
    {
        Catching("X", consumes: false).Run(() => Catching("Y", consumes: false).Run(() =>
        {
            _loop.AddCallback(async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("task");
            });
            _loop.AddCallback(FailVoid);
        }));
        _loop.RunUntilIdle();
        Assert.Equal(["Y void", "X void", "Y task", "X task"],
            _log.OrderByDescending(line => line.EndsWith("void", StringComparison.Ordinal)));
        Assert.Equal(2, _loop.Errors.Count);

        static async void FailVoid()
        {
            await Task.Yield();
            throw new InvalidOperationException("void");
        }
    }

    [Fact]
    public void An_exception_context_sees_how_its_async_body_ended_once()
    {
        Task? ended = null;
        _loop.AddCallback(() =>
        {
            ended = Catching("X").Run(async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("late");
            });
        });
        _loop.RunUntilIdle();
        Assert.Equal(["X late"], _log);
        Assert.True(ended!.IsCompletedSuccessfully);
    }

    [Fact]
    public void An_exception_context_that_does_not_consume_leaves_the_async_bodys_task_failed()
    {
        Task? ended = null;
        _loop.AddCallback(() =>
        {
            ended = Catching("X", consumes: false).Run(async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("late");
            });
        });
        _loop.RunUntilIdle();
        Assert.Equal(["X late"], _log);
        Assert.Equal("late", Assert.IsType<InvalidOperationException>(ended!.Exception!.InnerException).Message);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void What_a_callback_does_to_the_synchronization_context_ends_with_it()
    {
        SynchronizationContext? seen = null;
        _loop.AddCallback(() => SynchronizationContext.SetSynchronizationContext(null));
        _loop.AddCallback(() => seen = SynchronizationContext.Current);
        _loop.RunUntilIdle();
        Assert.Same(_loop.SynchronizationContext, seen);
    }

    [Fact]
    public void A_wrapped_call_puts_the_callers_synchronization_context_back()
    {
        var mine = new SynchronizationContext();
        SynchronizationContext? seen = null;
        Action wrapped = StackContext.Wrap(() => { });
        _loop.AddCallback(() =>
        {
            SynchronizationContext.SetSynchronizationContext(mine);
            wrapped();
            seen = SynchronizationContext.Current;
        });
        _loop.RunUntilIdle();
        Assert.Same(mine, seen);
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
