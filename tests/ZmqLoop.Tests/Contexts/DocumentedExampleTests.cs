using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Contexts;

/// <summary>What tornado's documentation of stack_context says to do with it. Its first example, die_on_error, ends the process:
/// examples/Contexts has that.</summary>
public sealed class DocumentedExampleTests : IDisposable
{
    private static readonly AsyncLocal<object?> _user = new();
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    private static string Active => string.Join(',', StackContext.Active.Select(context => context.Name));

    /// <summary>A request as a server has it: a user that flows, and errors that are answered.</summary>
    private void Request(object user, Action body) => _loop.AddCallback(() =>
    {
        _user.Value = user;
        new ExceptionStackContext(error =>
        {
            _log.Add($"{user} is told: {error.Message}");
            return true;
        }) { Name = user.ToString() }.Run(body);
    });

    [Fact]
    public void A_context_enters_runs_handles_and_releases_around_a_late_callback()
    {
        new StackContext(() => new Guard(_log)).Run(() => _loop.CallLater(TimeSpan.FromSeconds(1), () =>
        {
            _log.Add("run");
            throw new InvalidOperationException("late");
        }));
        Assert.Equal(["enter", "release"], _log); // its own block
        _log.Clear();
        _loop.RunUntilIdle();
        Assert.Equal(["enter", "run", "handle late", "release"], _log);
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_thread_pool_that_wraps_runs_each_job_in_the_contexts_of_whoever_gave_it()
    {
        ConcurrentQueue<string> seen = [];
        using OneThreadPool pool = new();
        foreach (string user in (string[])["alice", "bob"])
        {
            new ExceptionStackContext(error =>
            {
                seen.Enqueue($"{user} is told: {error.Message}");
                return true;
            }) { Name = user }.Run(() =>
            {
                pool.Submit(() => seen.Enqueue($"for {Active}"));
                pool.Submit(() => throw new InvalidOperationException("no"));
            });
        }

        pool.Submit(() => seen.Enqueue($"for {(Active.Length == 0 ? "nobody" : Active)}"));
        Deadline.WaitUntil(() => seen.Count == 5);
        Assert.Equal(["for alice", "alice is told: no", "for bob", "bob is told: no", "for nobody"], seen);
    }

    [Fact]
    public void A_job_of_a_thread_pool_comes_back_to_the_loop_in_its_contexts()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        using OneThreadPool pool = new();
        int here = Environment.CurrentManagedThreadId;
        List<string> told = [];
        new ExceptionStackContext(error =>
        {
            told.Add($"{error.Message}, on the loop's thread: {Environment.CurrentManagedThreadId == here}");
            return true;
        }).Run(() => pool.Submit(() => loop.AddCallback(() => throw new InvalidOperationException("found nothing"))));
        Deadline.RunUntil(loop, () => told.Count > 0);
        Assert.Equal(["found nothing, on the loop's thread: True"], told);
    }

    [Fact]
    public void A_shared_connection_made_in_the_null_context_belongs_to_no_request()
    {
        Connection? shared = null;
        foreach (string user in (string[])["alice", "bob"])
        {
            Request(user, () =>
            {
                shared ??= NullContext.RunDetached(() => new Connection(_loop, _log));
                shared.Ask(answer =>
                {
                    _log.Add($"{answer} to {_user.Value} in {Active}");
                    throw new InvalidOperationException("cannot read it");
                });
            });
        }

        _loop.RunUntilIdle();
        Assert.Equal(
            [
                "connection of ''/''",
                "answer 0 to alice in alice", "alice is told: cannot read it",
                "answer 1 to bob in bob", "bob is told: cannot read it",
                "connection of ''/''",
            ], _log);
        Assert.Equal("idle for too long", Assert.Single(_loop.Errors).Exception.Message); // told to no user
    }

    [Fact]
    public void A_shared_connection_made_inside_a_request_would_keep_that_requests_contexts_and_values()
    {
        Request("alice", () => _ = new Connection(_loop, _log));
        _loop.RunUntilIdle();
        Assert.Equal(["connection of 'alice'/'alice'", "connection of 'alice'/'alice'", "alice is told: idle for too long"], _log);
    }

    [Fact]
    public void A_shared_connection_made_in_the_null_context_keeps_nothing_of_the_request_alive()
    {
        Connection? shared = null;
        WeakReference first = Begin();
        _loop.CallLater(TimeSpan.FromSeconds(0.5), () => { }); // the connection's timers are pending still
        _loop.AddCallback(_loop.Stop);
        _loop.RunUntilIdle();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(first.IsAlive);
        Assert.NotNull(shared);
        GC.KeepAlive(shared);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Begin()
        {
            object user = new();
            Request(user, () => shared = NullContext.RunDetached(() => new Connection(_loop, _log)));
            return new WeakReference(user);
        }
    }

    private sealed class Guard(List<string> log) : IContextManager
    {
        public void Enter() => log.Add("enter");

        public bool Exit(Exception? exception)
        {
            if (exception is not null) log.Add($"handle {exception.Message}");
            log.Add("release");
            return true;
        }
    }

    /// <summary>A library that stores callbacks without the loop: it wraps them, and that is all it needs to know of contexts.</summary>
    private sealed class OneThreadPool : IDisposable
    {
        private readonly BlockingCollection<Action> _jobs = [];
        private readonly Thread _thread;

        public OneThreadPool()
        {
            _thread = new Thread(() =>
            {
                foreach (Action job in _jobs.GetConsumingEnumerable()) job();
            }) { IsBackground = true };
            _thread.UnsafeStart();
        }

        public void Submit(Action job) => _jobs.Add(StackContext.Wrap(job));

        public void Dispose()
        {
            _jobs.CompleteAdding();
            Assert.True(_thread.Join(Deadline.Default));
            _jobs.Dispose();
        }
    }

    /// <summary>Shared by all requests: its own timers are nobody's, the callbacks given to it are wrapped.</summary>
    private sealed class Connection
    {
        private readonly Queue<Action<string>> _waiting = [];
        private readonly IOLoop _loop;
        private readonly List<string> _log;
        private int _answered;

        public Connection(IOLoop loop, List<string> log)
        {
            _loop = loop;
            _log = log;
            loop.CallLater(TimeSpan.FromSeconds(1), Receive);
            loop.CallLater(TimeSpan.FromSeconds(2), Expire);
        }

        public void Ask(Action<string> callback) => _waiting.Enqueue(StackContext.Wrap(callback));

        private void Receive()
        {
            Note();
            while (_waiting.TryDequeue(out Action<string>? callback)) callback($"answer {_answered++}");
        }

        private void Expire()
        {
            Note();
            _loop.AddCallback(() => throw new TimeoutException("idle for too long"));
        }

        private void Note() => _log.Add($"connection of '{_user.Value}'/'{Active}'");
    }
}
