using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

public sealed class WrapTests
{
    private readonly List<string> _log = [];

    private ExceptionStackContext Catching(string name) => new(error =>
    {
        _log.Add($"{name} {error.Message}");
        return true;
    }) { Name = name };

    [Fact]
    public void What_is_wrapped_already_is_returned_as_it_is()
    {
        Action action = StackContext.Wrap(() => { });
        Func<int> function = StackContext.Wrap(() => 1);
        Func<Task> async = StackContext.Wrap(() => Task.CompletedTask);
        Action<string>? withArgument = StackContext.Wrap((string _) => { });
        Catching("X").Run(() =>
        {
            Assert.Same(action, StackContext.Wrap(action));
            Assert.Same(function, StackContext.Wrap(function));
            Assert.Same(async, StackContext.Wrap(async));
            Assert.Same(withArgument, StackContext.Wrap(withArgument));
        });
    }

    [Fact]
    public void Null_stays_null()
    {
        Assert.Null(StackContext.Wrap((Action?)null));
        Assert.Null(StackContext.Wrap((Func<Task>?)null));
        Assert.Null(StackContext.Wrap((Action<int>?)null));
    }

    [Fact]
    public void A_lambda_that_only_throws_is_an_async_function_to_the_compiler_unless_it_is_cast()
    {
        bool async = StackContext.Wrap(() => throw new InvalidOperationException()) is Func<Task>;
        Action action = StackContext.Wrap((Action)(() => throw new InvalidOperationException()));
        Assert.True(async);
        Assert.Throws<InvalidOperationException>(action);
    }

    [Fact]
    public void A_multicast_delegate_is_wrapped_as_one_even_if_its_last_part_is_wrapped()
    {
        Action last = StackContext.Wrap(() => _log.Add("last"));
        Action both = (Action)(() => _log.Add("first")) + last;
        Action? wrapped = null;
        Catching("X").Run(() => wrapped = StackContext.Wrap(both));
        Assert.NotSame(both, wrapped);
        wrapped!();
        Assert.Equal(["first", "last"], _log);
    }

    [Fact]
    public void Arguments_and_results_pass_through()
    {
        Assert.Equal(3, StackContext.Wrap((int a, int b) => a + b)(1, 2));
        Assert.Equal("ab", StackContext.Wrap((string a) => a + "b")("a"));
        int sum = 0;
        StackContext.Wrap((int a, int b, int c) => { sum = a + b + c; })(1, 2, 3);
        Assert.Equal(6, sum);
    }

    [Fact]
    public void A_consumed_exception_leaves_the_default_result()
    {
        Func<int>? wrapped = null;
        Catching("X").Run(() => wrapped = StackContext.Wrap(int () => throw new InvalidOperationException("no")));
        Assert.Equal(0, wrapped!());
        Assert.Equal(["X no"], _log);
    }

    [Fact]
    public void The_first_capture_counts_at_every_door_of_the_loop()
    {
        using ScriptedLoop loop = new();
        Action? action = null;
        Func<Task>? async = null;
        Action<int>? withState = null;
        Action<Task>? withTask = null;
        Catching("X").Run(() =>
        {
            action = StackContext.Wrap(Note);
            async = StackContext.Wrap(NoteAsync);
            withState = StackContext.Wrap((int _) => Note());
            withTask = StackContext.Wrap((Task _) => Note());
        });
        Catching("Y").Run(() =>
        {
            loop.AddCallback(action!);
            loop.AddCallback(async!);
            loop.AddCallback(withState!, 1);
            loop.SpawnCallback(action!);
            loop.CallLater(TimeSpan.Zero, action!);
            loop.CallLater(TimeSpan.Zero, async!);
            loop.CallLater(TimeSpan.Zero, withState!, 1);
            loop.AddFuture(Task.CompletedTask, withTask!);
            loop.InvokeAsync(action!);
        });
        loop.RunUntilIdle();
        Assert.Equal(Enumerable.Repeat("X", 9), _log);

        void Note() => _log.Add(string.Join(',', StackContext.Active.Select(context => context.Name)));

        Task NoteAsync()
        {
            Note();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void A_handler_around_a_wrapped_delegate_keeps_its_contexts_only()
    {
        using ScriptedLoop loop = new();
        IOHandler? handler = null;
        Catching("X").Run(() => handler = new IOHandler(StackContext.Wrap(new Action<PollSource, IOEvents>(Fail))));
        Catching("Y").Run(() => loop.AddHandler(3, handler!, IOEvents.Read));
        loop.Poller.Fire(3, IOEvents.Read);
        loop.RunUntilIdle();
        Assert.Equal(["X oops"], _log);

        void Fail(PollSource source, IOEvents events)
        {
            loop.RemoveHandler(source);
            throw new InvalidOperationException("oops");
        }
    }

    [Fact]
    public async Task The_exception_of_a_wrapped_async_function_reaches_its_contexts_once()
    {
        var gate = new TaskCompletionSource();
        Func<Task>? wrapped = null;
        Catching("X").Run(() => wrapped = StackContext.Wrap(async () =>
        {
            await gate.Task;
            throw new InvalidOperationException("late");
        }));
        Task running = wrapped!();
        gate.SetResult();
        await running;
        Assert.Equal(["X late"], _log);
    }
}
