using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

public class CapturedCallbackTests
{
    private static readonly AsyncLocal<string?> _local = new();

    private readonly List<string> _log = [];

    [Fact]
    public void Each_call_of_a_series_enters_its_contexts_afresh()
    {
        CapturedCallback<int> callback =
            Logging("a").Run(() => Logging("b").Run(() => new CapturedCallback<int>(number => _log.Add($"{number} in {Active}"))))!;
        _log.Clear();
        Assert.All(Call(callback, 1, 2), Assert.Null);
        string[] once = ["enter a1", "enter b1", "1 in a b", "exit b1", "exit a1"];
        Assert.Equal([.. once, "enter a2", "enter b2", "2 in a b", "exit b2", "exit a2"], _log);
        Assert.Equal("", Active);
    }

    [Fact]
    public void A_call_ends_with_the_exception_that_no_context_consumed_and_the_next_call_is_not_concerned()
    {
        Exception two = new InvalidOperationException("two");
        ExceptionStackContext consumesOne = new(error =>
        {
            _log.Add("handled " + error.Message);
            return error.Message == "one";
        });
        CapturedCallback<int> callback =
            consumesOne.Run(() => new CapturedCallback<int>(number => throw (number == 2 ? two : new InvalidOperationException("one"))))!;
        Assert.Equal([null, two, null], Call(callback, 1, 2, 3));
        Assert.Equal(["handled one", "handled two", "handled one"], _log);
    }

    [Fact]
    public void A_context_that_cannot_be_entered_keeps_one_call_from_running_and_not_the_next()
    {
        int entered = 0;
        // 1 is the block itself
        StackContext context = new(() => ++entered == 2 ? throw new InvalidOperationException("no") : (IDisposable?)null);
        CapturedCallback<int> callback = context.Run(() => new CapturedCallback<int>(number => _log.Add($"{number}")))!;
        Exception?[] ends = Call(callback, 1, 2);
        Assert.Equal("no", ends[0]?.Message);
        Assert.Null(ends[1]);
        Assert.Equal(["2"], _log);
    }

    [Fact]
    public void A_context_that_is_deactivated_between_two_calls_is_passed_over_by_the_second()
    {
        StackContext outer = Logging("a");
        StackContext inner = Logging("b");
        CapturedCallback<int> callback = outer.Run(() => inner.Run(() => new CapturedCallback<int>(number =>
        {
            _log.Add($"{number} in {Active}");
            if (number == 1) outer.Deactivate();
            if (number == 2) inner.Deactivate();
        })))!;
        _log.Clear();
        Assert.All(Call(callback, 1, 2, 3), Assert.Null);
        Assert.Equal(["enter a1", "enter b1", "1 in a b", "exit b1", "exit a1", "enter b2", "2 in b", "exit b2", "3 in "], _log);
    }

    [Fact]
    public void What_a_call_does_to_AsyncLocals_and_to_the_SynchronizationContext_does_not_reach_the_next_nor_the_caller()
    {
        SynchronizationContext? mine = SynchronizationContext.Current;
        _local.Value = "captured";
        CapturedCallback<int> callback = new(number =>
        {
            _log.Add($"{number} {_local.Value} {ReferenceEquals(SynchronizationContext.Current, mine)}");
            _local.Value = "changed";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        });
        _local.Value = "caller's";
        Call(callback, 1, 2);
        Assert.Equal(["1 captured True", "2 captured True"], _log);
        Assert.Equal("caller's", _local.Value);
        Assert.Same(mine, SynchronizationContext.Current);
    }

    [Fact]
    public void A_context_that_sets_an_AsyncLocal_is_entered_once_for_each_call_and_does_not_pile_up()
    {
        StackContext context = new(() =>
        {
            _local.Value += "x";
            return (IDisposable?)null;
        });
        CapturedCallback<int>? callback = null;
        context.Run(() => callback = new CapturedCallback<int>(_ => _log.Add($"{_local.Value}")));
        _local.Value = null;
        Call(callback!, 1, 2);
        Assert.Equal(["x", "x"], _log);
    }

    [Fact]
    public void Where_the_flow_is_suppressed_it_stays_suppressed()
    {
        CapturedCallback<int> callback = new(_ => _log.Add($"{ExecutionContext.IsFlowSuppressed()}"));
        using (ExecutionContext.SuppressFlow())
        {
            Call(callback, 1, 2);
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        Assert.Equal(["True", "True"], _log);
    }

    [Fact]
    public void Calls_in_a_scope_that_was_cancelled_do_nothing()
    {
        CallbackScope scope = new();
        CapturedCallback<int>? callback = null;
        IDisposable? hold = null; // or the scope would end with its body
        scope.Run(() =>
        {
            hold = CallbackScope.HoldCurrent();
            callback = new CapturedCallback<int>(number =>
            {
                _log.Add($"{number}");
                scope.Cancel();
            });
        });
        CallbackBatch<int> calls = callback!.Begin();
        Assert.False(calls.IsCancelled);
        Assert.Null(calls.Invoke(1));
        Assert.True(calls.IsCancelled);
        Assert.Null(calls.Invoke(2));
        calls.Dispose();
        hold!.Dispose();
        Assert.Equal(["1"], _log);
    }

    [Fact]
    public void A_series_inside_a_call_of_another_leaves_that_one_as_it_was()
    {
        CapturedCallback<int> inner = Logging("b").Run(() => new CapturedCallback<int>(number => _log.Add($"inner {number} in {Active}")))!;
        CapturedCallback<int> outer = Logging("a").Run(() => new CapturedCallback<int>(number =>
        {
            Call(inner, number);
            _log.Add($"outer {number} in {Active}");
        }))!;
        _log.Clear();
        Assert.All(Call(outer, 1, 2), Assert.Null);
        Assert.Equal(["inner 1 in b", "outer 1 in a", "inner 2 in b", "outer 2 in a"], _log.Where(static line => line.Contains(" in ")));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(40)]
    public void Chains_longer_than_the_room_on_the_stack_work_the_same(int depth)
    {
        CapturedCallback<int> callback = Inside(depth);
        _log.Clear();
        Assert.All(Call(callback, 1, 2), Assert.Null);
        Assert.Equal(2 * (2 * depth + 1), _log.Count);
        Assert.Equal($"exit {depth - 1}1", _log[depth + 1]);

        CapturedCallback<int> Inside(int left) => left == 0
            ? new CapturedCallback<int>(_ => _log.Add("call"))
            : Logging($"{depth - left}").Run(() => Inside(left - 1))!;
    }

    [Fact]
    public void What_was_wrapped_keeps_its_first_capture()
    {
        Action<int>? wrapped = null;
        Action<int, int>? two = null;
        Logging("a").Run(() => wrapped = StackContext.Wrap<int>(_ => _log.Add(Active)));
        Logging("a").Run(() => two = StackContext.Wrap<int, int>((_, _) => _log.Add(Active)));
        CapturedCallback<int>? same = null;
        CapturedCallback<int>? through = null;
        CapturedCallback<int>? multicast = null;
        Logging("b").Run(() =>
        {
            same = new CapturedCallback<int>(wrapped!);
            through = new CapturedCallback<int>(number => two!(number, number), two);
            multicast = new CapturedCallback<int>(wrapped! + wrapped!);
        });
        _log.Clear();
        Call(same!, 1);
        Call(through!, 1);
        Assert.Equal(["enter a1", "a", "exit a1", "enter a1", "a", "exit a1"],
            _log.Select(static line => line[..^1] is "enter a" or "exit a" ? line[..^1] + "1" : line));
        _log.Clear();
        Call(multicast!, 1);
        Assert.Equal(["a", "a"], _log.Where(static line => !line.Contains(' '))); // the parts have theirs
        Assert.Equal(1, _log.Count(static line => line.StartsWith("enter b", StringComparison.Ordinal))); // and all of it its own
    }

    [Fact]
    public void A_callback_that_is_null_is_refused() => Assert.Throws<ArgumentNullException>(() => new CapturedCallback<int>(null!));

    [Fact]
    public void A_series_of_calls_allocates_nothing_but_what_the_contexts_make()
    {
        const int Calls = 10_000;
        int count = 0;
        CapturedCallback<int> callback =
            new StackContext(static () => (IDisposable?)null).Run(() => new CapturedCallback<int>(_ => count++))!;
        Run();
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Allocations.AssertNone(GC.GetAllocatedBytesForCurrentThread() - before, Calls);
        Assert.Equal(3 * Calls, count);

        void Run()
        {
            CallbackBatch<int> calls = callback.Begin();
            for (int i = 0; i < Calls; i++) calls.Invoke(i);
            calls.Dispose();
        }
    }

    private static string Active => string.Join(' ', StackContext.Active.Select(static context => context.Name));

    private static Exception?[] Call<T>(CapturedCallback<T> callback, params T[] arguments)
    {
        var ends = new Exception?[arguments.Length];
        CallbackBatch<T> calls = callback.Begin();
        for (int i = 0; i < ends.Length; i++) ends[i] = calls.Invoke(arguments[i]);
        calls.Dispose();
        return ends;
    }

    /// <summary>A context that logs, counting its instances but for the block's.</summary>
    private StackContext Logging(string name)
    {
        int made = -1;
        return new StackContext(() =>
        {
            string instance = $"{name}{++made}";
            _log.Add("enter " + instance);
            return new Exit(() => _log.Add("exit " + instance));
        }) { Name = name };
    }

    private sealed class Exit(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
