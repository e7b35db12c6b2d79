using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>AsyncLocals and synchronization contexts: each callback gets its own, and nothing leaks.</summary>
public sealed class IOLoopFlowTests : IDisposable
{
    private static readonly AsyncLocal<string?> _local = new();
    private readonly ScriptedLoop _loop = new();
    private readonly List<string?> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_callback_has_the_AsyncLocals_of_the_one_who_added_it()
    {
        foreach (string value in (string[])["a", "b"])
        {
            _local.Value = value;
            _loop.AddCallback(Note);
            _loop.CallLater(1, Note);
        }

        _local.Value = "c";
        _loop.RunUntilIdle();
        Assert.Equal(["a", "b", "a", "b"], _log);
        Assert.Equal("c", _local.Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AsyncLocals_of_Starts_caller_do_not_leak_into_callbacks_nor_theirs_into_him(bool suppressed)
    {
        _loop.SpawnCallback(() =>
        {
            Note();
            _local.Value = "callback's";
        });
        _local.Value = "added";
        _loop.AddCallback(Note);
        _local.Value = "caller's";
        AsyncFlowControl? control = suppressed ? ExecutionContext.SuppressFlow() : null;
        _loop.RunUntilIdle();
        Assert.Equal(suppressed, ExecutionContext.IsFlowSuppressed());
        control?.Undo();
        Assert.Equal([null, "added"], _log);
        Assert.Equal("caller's", _local.Value);
    }

    [Fact]
    public void What_a_callback_sets_is_not_there_in_the_next_one()
    {
        SynchronizationContext? first = null;
        SynchronizationContext? second = null;
        _loop.AddCallback(() =>
        {
            first = SynchronizationContext.Current;
            _local.Value = "leaked";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        });
        _loop.AddCallback(() =>
        {
            second = SynchronizationContext.Current;
            Note();
        });
        _loop.RunUntilIdle();
        Assert.Equal([null], _log);
        Assert.NotNull(first);
        Assert.Same(first, second);
    }

    [Fact]
    public void A_callback_that_throws_leaks_no_more_than_one_that_returns()
    {
        SynchronizationContext? second = null;
        _loop.AddCallback(() =>
        {
            _local.Value = "leaked";
            SynchronizationContext.SetSynchronizationContext(null);
            ExecutionContext.SuppressFlow();
            throw new InvalidOperationException();
        });
        _loop.AddCallback(() =>
        {
            Assert.False(ExecutionContext.IsFlowSuppressed());
            second = SynchronizationContext.Current;
            Note();
        });
        _loop.RunUntilIdle();
        Assert.Equal([null], _log);
        Assert.Same(_loop.SynchronizationContext, second);
        Assert.Single(_loop.Errors);
    }

    [Fact]
    public void A_timer_or_handler_leaks_nothing_into_what_comes_next()
    {
        _loop.CallLater(0, () => _local.Value = "timer");
        _loop.CallLater(0, Note);
        foreach (int source in (int[])[1, 2])
        {
            _loop.Poller.Fire(source, IOEvents.Read);
            _loop.AddHandler(source, (_, _) =>
            {
                Note();
                _local.Value = "handler";
                _loop.Stop();
            }, IOEvents.Read);
        }

        _loop.Start();
        Assert.Equal([null, null, null], _log);
    }

    [Fact]
    public void SpawnCallback_has_neither_contexts_nor_AsyncLocals()
    {
        _local.Value = "mine";
        new ExceptionStackContext(_ =>
        {
            _log.Add("context");
            return true;
        }).Run(() =>
        {
            _loop.SpawnCallback(Note);
            _loop.AddCallbackFromSignal(() => throw new InvalidOperationException("to the loop"));
        });
        _loop.RunUntilIdle();
        Assert.Equal([null], _log);
        Assert.Equal("to the loop", Assert.Single(_loop.Errors).Exception.Message);
    }

    [Fact]
    public void A_wrapped_callback_keeps_what_it_was_wrapped_in_however_it_is_added()
    {
        Action wrapped = new ExceptionStackContext(error =>
        {
            _log.Add(error.Message);
            return true;
        }).Run(() => StackContext.Wrap(void () => throw new InvalidOperationException("wrapped")))!;
        new ExceptionStackContext(_ =>
        {
            _log.Add("adder");
            return true;
        }).Run(() =>
        {
            _loop.AddCallback(wrapped);
            _loop.SpawnCallback(wrapped);
            _loop.AddCallbackFromSignal(wrapped);
            _loop.CallLater(1, wrapped);
        });
        _loop.RunUntilIdle();
        Assert.Equal(["wrapped", "wrapped", "wrapped", "wrapped"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_continuation_has_the_AsyncLocals_of_its_function()
    {
        _local.Value = "flow";
        _loop.AddCallback(async () =>
        {
            Note();
            await Task.Yield();
            Note();
            _local.Value = "changed";
            await Task.Yield();
            Note();
        });
        _local.Value = null;
        _loop.AddCallback(async () =>
        {
            await Task.Yield();
            Note();
        });
        _loop.RunUntilIdle();
        Assert.Equal(["flow", "flow", null, "changed"], _log);
    }

    private void Note() => _log.Add(_local.Value);
}
