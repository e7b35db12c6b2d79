using System.Diagnostics;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

/// <summary>AsyncLocals flow with callbacks, and contexts that set some do not flow twice.</summary>
public sealed class FlowTests : IDisposable
{
    private const int Hops = 50;
    private static readonly AsyncLocal<string?> _scopes = new();
    private static readonly AsyncLocal<int> _value = new();
    private readonly ScriptedLoop _loop = new();
    private readonly List<string?> _seen = [];

    public void Dispose() => _loop.Dispose();

    /// <summary>As a logger's scopes do it: what is pushed hangs on what was there before.</summary>
    private static StackContext Scope(string name) => new(() => Push(name));

    private static Popping Push(string name)
    {
        string? parent = _scopes.Value;
        _scopes.Value = parent + "/" + name;
        return new Popping(parent);
    }

    private void EachHopSees(string scopes)
    {
        _loop.RunUntilIdle();
        Assert.Equal(Hops, _seen.Count);
        Assert.All(_seen, seen => Assert.Equal(scopes, seen));
        Assert.Null(_scopes.Value);
    }

    /// <summary>Notes the scopes, and goes on; false at the end.</summary>
    private bool Note()
    {
        _seen.Add(_scopes.Value);
        return _seen.Count < Hops;
    }

    [Fact]
    public void A_scope_is_there_once_however_many_callbacks_later()
    {
        Scope("A").Run(() => Scope("B").Run(() => _loop.AddCallback(Hop)));
        EachHopSees("/A/B");

        void Hop()
        {
            if (Note()) _loop.AddCallback(Hop);
        }
    }

    [Fact]
    public void A_scope_is_there_once_with_blocks_inside_the_callbacks()
    {
        Scope("A").Run(() => _loop.AddCallback(Hop));
        EachHopSees("/A");

        void Hop()
        {
            Scope("inner").Run(() => Assert.Equal("/A/inner", _scopes.Value));
            if (Note()) _loop.AddCallback(Hop);
        }
    }

    [Fact]
    public void A_scope_is_there_once_with_timers_and_wrapped_calls()
    {
        Scope("A").Run(() => _loop.CallLater(TimeSpan.FromSeconds(1), Hop));
        EachHopSees("/A");

        void Hop()
        {
            StackContext.Wrap(() => Assert.Equal("/A", _scopes.Value))();
            if (Note()) StackContext.Wrap(() => { _loop.CallLater(TimeSpan.FromSeconds(1), Hop); })();
        }
    }

    [Fact]
    public void A_scope_is_there_once_after_awaits()
    {
        Scope("A").Run(() => _loop.AddCallback(HopAsync));
        EachHopSees("/A");

        async Task HopAsync()
        {
            await Task.Yield();
            await Task.Yield();
            if (Note()) _loop.AddCallback(HopAsync);
        }
    }

    [Fact]
    public void A_scope_is_there_once_when_a_handler_tries_again()
    {
        ExceptionStackContext retry = new(_ =>
        {
            if (Note()) _loop.AddCallback(Fail);
            return true;
        });
        Scope("A").Run(() => retry.Run(() => Scope("B").Run(() => _loop.AddCallback(Fail))));
        EachHopSees("/A");

        static void Fail() => throw new InvalidOperationException("again");
    }

    [Fact]
    public void What_a_callback_sets_flows_to_the_callbacks_that_it_adds_and_to_no_others()
    {
        int child = -1;
        int other = -1;
        _loop.AddCallback(() =>
        {
            _value.Value = 7;
            _loop.AddCallback(() => child = _value.Value);
        });
        _loop.AddCallback(() => other = _value.Value);
        _loop.RunUntilIdle();
        Assert.Equal(7, child);
        Assert.Equal(0, other);
        Assert.Equal(0, _value.Value);
    }

    [Fact]
    public void What_a_callback_sets_inside_of_a_scope_flows_too()
    {
        int child = -1;
        Scope("A").Run(() => _loop.AddCallback(() =>
        {
            _value.Value = 7;
            _loop.AddCallback(() => child = _value.Value);
        }));
        _loop.RunUntilIdle();
        Assert.Equal(7, child);
    }

    [Fact]
    public void The_limit_is_that_a_value_set_inside_of_a_scope_brings_the_scope_along_when_something_is_scheduled_after_it()
    {
        Scope("A").Run(() => _loop.AddCallback(() =>
        {
            Note();
            _value.Value = 7;
            _loop.AddCallback(() => Note());
        }));
        _loop.RunUntilIdle();
        Assert.Equal(["/A", "/A/A"], _seen);
    }

    [Fact]
    public void A_value_set_before_the_scope_is_entered_is_no_matter()
    {
        _loop.AddCallback(() =>
        {
            _value.Value = 7;
            Scope("A").Run(() => _loop.AddCallback(() =>
            {
                Note();
                _loop.AddCallback(() => Note());
            }));
        });
        _loop.RunUntilIdle();
        Assert.Equal(["/A", "/A"], _seen);
    }

    [Fact]
    public void After_an_await_AsyncLocals_are_those_from_before_it_though_the_context_was_entered_anew()
    {
        int entered = 0;
        new StackContext(() => Push($"{++entered}")).Run(() => _loop.AddCallback(async () =>
        {
            Note();
            await Task.Yield();
            Note();
        }));
        _loop.RunUntilIdle();
        Assert.Equal(["/2", "/2"], _seen);
        Assert.Equal(3, entered); // the block, and each stretch of the function
    }

    [Fact]
    public void The_current_activity_flows_with_callbacks()
    {
        using var activity = new Activity("request");
        activity.Start();
        Activity? seen = null;
        _loop.AddCallback(() => _loop.CallLater(TimeSpan.FromSeconds(1), () => seen = Activity.Current));
        activity.Stop();
        _loop.RunUntilIdle();
        Assert.Same(activity, seen);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void SpawnCallback_and_suppressed_flow_bring_nothing()
    {
        _value.Value = 5;
        int spawned = -1;
        int suppressed = -1;
        _loop.SpawnCallback(() => spawned = _value.Value);
        using (ExecutionContext.SuppressFlow()) _loop.AddCallback(() => suppressed = _value.Value);
        _loop.RunUntilIdle();
        Assert.Equal(0, spawned);
        Assert.Equal(0, suppressed);
        Assert.Equal(5, _value.Value);
    }

    [Fact]
    public void RunDetached_brings_neither_contexts_nor_AsyncLocals_and_leaves_both_as_they_were()
    {
        _value.Value = 5;
        int inside = -1;
        int scheduled = -1;
        int contexts = -1;
        Scope("outer").Run(() =>
        {
            NullContext.RunDetached(() =>
            {
                inside = _value.Value; // a body reads what there is; what it starts gets nothing of that
                _loop.AddCallback(() => (scheduled, contexts) = (_value.Value, StackContext.Active.Count));
            });
            Assert.False(ExecutionContext.IsFlowSuppressed());
            Assert.Single(StackContext.Active);
        });
        _loop.RunUntilIdle();
        Assert.Equal(5, inside);
        Assert.Equal(0, scheduled);
        Assert.Equal(0, contexts);
    }

    [Fact]
    public void RunDetached_keeps_a_flow_suppressed_that_was_and_gives_back_what_is_thrown()
    {
        using (ExecutionContext.SuppressFlow())
        {
            Assert.Equal(7, NullContext.RunDetached(() => 7));
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        Assert.Throws<FormatException>(() => NullContext.RunDetached(() => throw new FormatException()));
        Assert.False(ExecutionContext.IsFlowSuppressed());
    }

    private sealed class Popping(string? parent) : IDisposable
    {
        public void Dispose() => _scopes.Value = parent;
    }
}
