using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

/// <summary>Everything that stores a callback stores the contexts with it: a handler around the storing sees what the callback
/// throws.</summary>
public sealed class DoorTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];
    private readonly ExceptionStackContext _handler;

    public DoorTests() => _handler = new ExceptionStackContext(error =>
    {
        _log.Add($"handled {error.Message}");
        return true;
    }) { Name = "X" };

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void AddCallback() => Through(fail => _loop.AddCallback(fail));

    [Fact]
    public void AddCallback_with_state() => Through(fail => _loop.AddCallback(static action => action(), fail));

    [Fact]
    public void AddCallback_of_an_async_function_before_its_first_await() => Through(fail => _loop.AddCallback(() =>
    {
        fail();
        return Task.CompletedTask;
    }));

    [Fact]
    public void AddCallback_of_an_async_function_after_an_await() => Through(fail => _loop.AddCallback(async () =>
    {
        await Task.Yield();
        fail();
    }));

    [Fact]
    public void CallLater() => Through(fail => _loop.CallLater(TimeSpan.FromSeconds(1), fail));

    [Fact]
    public void CallLater_with_seconds() => Through(fail => _loop.CallLater(1.5, fail));

    [Fact]
    public void CallLater_with_state() => Through(fail => _loop.CallLater(TimeSpan.FromSeconds(1), static action => action(), fail));

    [Fact]
    public void CallLater_of_an_async_function() => Through(fail => _loop.CallLater(TimeSpan.FromSeconds(1), async () =>
    {
        await Task.Yield();
        fail();
    }));

    [Fact]
    public void CallAt() => Through(fail => _loop.CallAt(_loop.Time() + 1, fail));

    [Fact]
    public void AddTimeout_at_a_time() => Through(fail => _loop.AddTimeout(_loop.Time() + 1, fail));

    [Fact]
    public void AddTimeout_after_a_span() => Through(fail => _loop.AddTimeout(TimeSpan.FromSeconds(1), fail));

    [Fact]
    public void AddHandler() => Through(fail =>
    {
        _loop.AddHandler(5, (source, _) =>
        {
            _loop.RemoveHandler(source);
            fail();
        }, IOEvents.Read);
        _loop.Poller.Fire(5, IOEvents.Read);
    });

    [Fact]
    public void AddFuture_of_a_task_that_has_ended() => Through(fail => _loop.AddFuture(Task.CompletedTask, _ => fail()));

    [Fact]
    public void AddFuture_of_a_task_that_ends_later_and_elsewhere() => Through(fail =>
    {
        var done = new TaskCompletionSource<int>();
        _loop.AddFuture(done.Task, _ => fail());
        NullContext.Run(() => _loop.AddCallback(() => done.SetResult(1)));
    });

    [Fact]
    public void InvokeAsync() => Through(fail => _loop.InvokeAsync(fail));

    [Fact]
    public void PeriodicCallback() => Through(fail =>
    {
        PeriodicCallback? periodic = null;
        periodic = new PeriodicCallback(() =>
        {
            periodic!.Stop();
            fail();
        }, TimeSpan.FromSeconds(1), _loop);
        periodic.Start();
    });

    [Fact]
    public void PeriodicCallback_of_an_async_function() => Through(fail =>
    {
        PeriodicCallback? periodic = null;
        periodic = new PeriodicCallback(async () =>
        {
            periodic!.Stop();
            await Task.Yield();
            fail();
        }, TimeSpan.FromSeconds(1), _loop);
        periodic.Start();
    });

    [Fact]
    public void DelayedCallback() => Through(fail => new DelayedCallback(fail, TimeSpan.FromSeconds(1), _loop).Start());

    [Fact]
    public void Async_void_functions() => Through(fail => _loop.AddCallback(() => FailLater(fail)));

    [Fact]
    public void RunSync_throws_what_the_function_threw_and_the_function_has_the_contexts()
    {
        _handler.Run(() => Assert.Throws<InvalidOperationException>(() => _loop.RunSync(async () =>
        {
            await Task.Yield();
            Note();
            throw new InvalidOperationException("for the caller");
        })));
        Assert.Equal(["in X"], _log);
    }

    [Fact]
    public void SpawnCallback_goes_past_them()
    {
        _handler.Run(() =>
        {
            _loop.SpawnCallback(Fail);
            _loop.AddCallbackFromSignal(Fail);
            _loop.SpawnCallback(async () =>
            {
                await Task.Yield();
                Fail();
            });
        });
        _loop.RunUntilIdle();
        Assert.Equal(["in ", "in ", "in "], _log);
        Assert.Equal(3, _loop.Errors.Count);
    }

    [Fact]
    public void Callbacks_posted_by_a_thread_run_before_those_that_the_loop_adds_later()
    {
        _loop.AddCallback(() =>
        {
            var thread = new Thread(() => _loop.AddCallback(() => _log.Add("posted first")));
            thread.Start();
            thread.Join();
            _loop.AddCallback(() => _log.Add("added later"));
        });
        _loop.RunUntilIdle();
        Assert.Equal(["posted first", "added later"], _log);
    }

    /// <summary>Stores a failing callback inside the handler's context, and runs it: the handler must see the exception, once, and nobody
    /// else.</summary>
    private void Through(Action<Action> door)
    {
        _handler.Run(() => door(Fail));
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["in X", "handled oops"], _log);
        Assert.Empty(_loop.Errors);
    }

    private static async void FailLater(Action fail)
    {
        await Task.Yield();
        fail();
    }

    private void Note() => _log.Add($"in {string.Join(',', StackContext.Active.Select(context => context.Name))}");

    private void Fail()
    {
        Note();
        throw new InvalidOperationException("oops");
    }
}
