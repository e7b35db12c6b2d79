using Microsoft.Extensions.Logging;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

public sealed class ContextTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_context_that_cannot_be_entered_keeps_the_callback_from_running_and_outer_handlers_see_why()
    {
        bool fails = false;
        StackContext failing = new(() => new Entering(() =>
        {
            if (fails) throw new InvalidOperationException("cannot enter");
        }));
        StackContext inner = new(() =>
        {
            _log.Add("inner entered");
            return new Leaving(() => { });
        });
        new ExceptionStackContext(error =>
        {
            _log.Add(error.Message);
            return true;
        }).Run(() => failing.Run(() => inner.Run(() => _loop.AddCallback(() => _log.Add("ran")))));
        fails = true;
        _log.Clear();
        _loop.RunUntilIdle();
        Assert.Equal(["cannot enter"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(60)]
    public void Deep_chains_are_entered_from_the_outside_and_left_from_the_inside(int depth)
    {
        Nest(depth, level => new StackContext(() =>
        {
            _log.Add($"+{level}");
            return new Leaving(() => _log.Add($"-{level}"));
        }), () => _loop.AddCallback(() => _log.Add("ran")));
        _log.Clear();
        _loop.RunUntilIdle();
        IEnumerable<int> levels = Enumerable.Range(1, depth);
        Assert.Equal([.. levels.Select(level => $"+{level}"), "ran", .. levels.Reverse().Select(level => $"-{level}")], _log);
    }

    [Fact]
    public void Chains_of_more_than_a_hundred_are_logged_once()
    {
        using var log = new ListLogger();
        var time = new ManualTimeProvider();
        var poller = new ScriptedPoller(time);
        using IOLoop loop = new(new IOLoopOptions { TimeProvider = time, Poller = poller, LoggerFactory = log, MakeCurrent = false });
        poller.OnIdle = loop.Stop;
        int left = 300;
        loop.AddCallback(Hop);
        loop.Start();
        Assert.Single(log.Lines);
        Assert.Contains("101 stack contexts", log.Lines[0], StringComparison.Ordinal);

        void Hop()
        {
            if (left-- > 0) new ExceptionStackContext(_ => false).Run(() => { loop.AddCallback(Hop); });
        }
    }

    [Fact]
    public void Two_threads_in_callbacks_of_one_captured_context_do_not_disturb_each_other()
    {
        const int Calls = 20_000;
        int wrong = 0;
        StackContext context = new(() => new Owned(Environment.CurrentManagedThreadId, () => Interlocked.Increment(ref wrong)));
        int caught = 0;
        Action? wrapped = null;
        context.Run(() => new ExceptionStackContext(_ => Interlocked.Increment(ref caught) > 0)
            .Run(() => wrapped = StackContext.Wrap(new Action(Throw))));
        using var together = new Barrier(2);
        Thread[] threads = [new(Work), new(Work)];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(Deadline.Default));
        Assert.Equal(2 * Calls, caught);
        Assert.Equal(0, wrong);

        void Throw()
        {
            if (StackContext.Active.Count != 2) Interlocked.Increment(ref wrong);
            context.Run(() => { });
            throw new InvalidOperationException("each time");
        }

        void Work()
        {
            together.SignalAndWait();
            for (int i = 0; i < Calls; i++) wrapped!();
        }
    }

    [Fact]
    public void A_block_that_is_restored_by_hand_inside_a_call_can_be_left_there() => OnAThreadOfItsOwn(() =>
    {
        // Leaving X restores A's block together with the call it belongs to, so that leaving A is in step again.
        ExceptionStackContext a = new(_ => false) { Name = "A" };
        ExceptionStackContext x = new(_ => false) { Name = "X" };
        a.Enter();
        x.Enter();
        Action wrapped = StackContext.Wrap(() =>
        {
            Assert.Throws<StackContextInconsistentException>(() => x.Leave());
            a.Leave();
            Assert.Empty(StackContext.Active);
        });
        wrapped();
        Assert.Equal([a, x], StackContext.Active);
        Assert.Throws<StackContextInconsistentException>(() => x.Leave());
    });

    [Fact]
    public void A_block_left_on_another_thread_is_out_of_step()
    {
        ExceptionStackContext context = new(_ => false);
        OnAThreadOfItsOwn(context.Enter);
        OnAThreadOfItsOwn(() => Assert.Throws<StackContextInconsistentException>(() => context.Leave()));
        Assert.Throws<StackContextInconsistentException>(() => context.Leave());
    }

    /// <summary>For what leaves contexts in force on its thread.</summary>
    private static void OnAThreadOfItsOwn(Action body)
    {
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(body));
        thread.Start();
        Assert.True(thread.Join(Deadline.Default));
        Assert.Null(error);
    }

    private static void Nest(int depth, Func<int, CallbackContext> create, Action body, int level = 1)
    {
        if (level > depth) body();
        else create(level).Run(() => Nest(depth, create, body, level + 1));
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }

    private sealed class Entering(Action enter) : IContextManager
    {
        public void Enter() => enter();

        public bool Exit(Exception? exception) => false;
    }

    private sealed class Owned(int thread, Action wrong) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Environment.CurrentManagedThreadId != thread || _disposed++ != 0) wrong();
        }
    }

    private sealed class ListLogger : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
