using System.Reflection;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Affinity;

/// <summary>What any thread may call is what docs/loop.md lists; all else says that this is not the loop's thread.</summary>
[Collection(nameof(StaticState))]
public sealed class ThreadAffinityTests
{
    private static bool IsDebug =>
#if DEBUG
        true;
#else
        false;
#endif

    /// <summary>In Release these do on any thread what they do on the loop's: they are called, or overridden, by whoever knows where he
    /// is.</summary>
    private static readonly string[] _saidInDebugAlone = ["IOLoop.HandleCallbackException"];

    public static TheoryData<string> Types { get; } = [.. AnyThreadTable.Types.Select(static type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_public_member_does_its_work_on_another_thread_or_names_the_loop_and_its_thread(string type)
    {
        string[] anyThread = AnyThreadTable.Read()[type];
        List<string> wrong = [];
        foreach (MethodBase member in AnyThreadTable.MembersOf(TypeOf(type)))
        {
            string name = AnyThreadTable.NameOf(member);
            if (!IsDebug && _saidInDebugAlone.Contains($"{type}.{name}")) continue;
            using AffinityWorld world = new();
            Exception? error = world.CallElsewhere(member);
            bool isRight = anyThread.Contains(name) ? error is null : NamesTheThread(error);
            if (!isRight) wrong.Add($"{member}: {error?.ToString() ?? "nothing was thrown"}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_table_lists_nothing_that_is_not_there_and_nothing_twice(string type)
    {
        string[] listed = AnyThreadTable.Read()[type];
        Assert.Empty(listed.Except(AnyThreadTable.MembersOf(TypeOf(type)).Select(AnyThreadTable.NameOf)));
        Assert.Distinct(listed);
    }

    [Fact]
    public void The_table_has_a_row_for_each_of_the_types_and_for_no_other() =>
        Assert.Equivalent(AnyThreadTable.Types.Select(static type => type.Name), AnyThreadTable.Read().Keys, strict: true);

    [Fact]
    public void A_scope_with_a_timeout_is_made_on_the_loops_thread()
    {
        using ScriptedLoop loop = new();
        Assert.True(NamesTheThread(Elsewhere(loop, () => new CallbackScope(TimeSpan.FromSeconds(1), loop).Dispose())));
    }

    [Fact]
    public void Stopping_a_periodic_or_delayed_callback_that_was_not_started_is_noticed_in_debug_builds()
    {
        using ScriptedLoop loop = new();
        foreach (Action stop in new Action[]
        {
            new PeriodicCallback(() => { }, 1, loop).Stop, new PeriodicCallback(() => { }, 1, loop).Dispose,
            new DelayedCallback(() => { }, 1, loop).Stop, new DelayedCallback(() => { }, 1, loop).Dispose,
        })
        {
            Exception? error = Elsewhere(loop, stop);
            Assert.Equal(IsDebug, NamesTheThread(error));
            if (!IsDebug) Assert.Null(error); // in Release it does nothing, as on the loop's thread
        }
    }

    private static Type TypeOf(string name) => AnyThreadTable.Types.Single(type => type.Name == name);

    private static Exception? Elsewhere(ScriptedLoop loop, Action action)
    {
        Exception? error = null;
        loop.AddCallback(() => Deadline.RunThread(() => error = Record.Exception(action)));
        loop.RunUntilIdle();
        return error;
    }

    /// <summary>True where it says on which thread the loop runs, and what to do. The loop runs on this one.</summary>
    private static bool NamesTheThread(Exception? error) =>
        error is InvalidOperationException and not ObjectDisposedException
        && error.Message.Contains($"Loop (running on thread {Environment.CurrentManagedThreadId};", StringComparison.Ordinal)
        && (error.Message.Contains("AddCallback or InvokeAsync", StringComparison.Ordinal)
            || error.Message.Contains("call Stop, and Close after", StringComparison.Ordinal));
}
