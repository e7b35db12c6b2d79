using System.Diagnostics;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>In whatever the loop calls, and after its awaits, the current activity is that of whoever asked for it; and nobody else's.
/// </summary>
public sealed class CurrentActivityTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly Activity _work = new("work");
    private readonly List<Activity?> _seen = [];

    public void Dispose()
    {
        _work.Dispose();
        _loop.Dispose();
    }

    public static TheoryData<string, Action<ScriptedLoop, Action>> Ways => new()
    {
        { "AddCallback", static (loop, see) => loop.AddCallback(see) },
        { "AddCallback, async", static (loop, see) => loop.AddCallback(async () =>
            {
                await loop.Delay(TimeSpan.FromSeconds(1));
                see();
            }) },
        { "CallLater", static (loop, see) => loop.CallLater(1, see) },
        { "CallAt", static (loop, see) => loop.CallAt(loop.Time() + 1, see) },
        { "PeriodicCallback", static (loop, see) =>
            {
                PeriodicCallback? periodic = null;
                periodic = new PeriodicCallback(() =>
                {
                    see();
                    periodic!.Stop();
                }, 1000, loop);
                periodic.Start();
            } },
        { "DelayedCallback", static (loop, see) => new DelayedCallback(see, 1000, loop).Start() },
        { "AddHandler", static (loop, see) =>
            {
                loop.AddHandler(7, (_, _) =>
                {
                    loop.RemoveHandler(7);
                    see();
                }, IOEvents.Read);
                loop.Poller.Fire(7, IOEvents.Read);
            } },
        { "AddFuture", static (loop, see) =>
            {
                TaskCompletionSource done = new();
                loop.AddFuture(done.Task, _ => see());
                loop.SpawnCallback(done.SetResult);
            } },
        { "what a callback asks for", static (loop, see) => loop.AddCallback(() => loop.CallLater(1, () => loop.AddCallback(see))) },
        { "StackContext.Wrap", static (loop, see) => loop.SpawnCallback(StackContext.Wrap(see)) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void It_is_that_of_whoever_asked_for_it(string way, Action<ScriptedLoop, Action> ask)
    {
        _work.Start();
        ask(_loop, See);
        _work.Stop();
        _loop.RunUntilIdle();
        Assert.True(_seen.Count > 0, way);
        Assert.All(_seen, seen => Assert.Same(_work, seen));
        Assert.Null(Activity.Current);
        _loop.AddCallback(() => Assert.Null(Activity.Current));
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Also_where_it_comes_from_another_thread()
    {
        _work.Start();
        Thread other = new(() =>
        {
            using Activity inner = new Activity("inner").Start();
            _loop.AddCallback(() => Assert.Equal("inner", Activity.Current?.OperationName));
            _loop.AddCallback(See);
        });
        other.Start();
        other.Join();
        _work.Stop();
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal("inner", Assert.Single(_seen)?.OperationName);
    }

    [Fact]
    public void What_a_callback_begins_is_gone_when_it_ends()
    {
        _loop.AddCallback(() => new Activity("left open").Start());
        _loop.AddCallback(See);
        _loop.CallLater(1, See);
        _loop.RunUntilIdle();
        Assert.Equal([null, null], _seen);
    }

    private void See() => _seen.Add(Activity.Current);
}
