using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

[Collection(nameof(StaticState))]
public sealed class IOLoopCurrentTests : IDisposable
{
    private readonly StaticState _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void The_first_loop_of_a_thread_becomes_current_the_second_does_not()
    {
        using IOLoop first = new();
        using IOLoop second = new();
        Assert.Same(first, IOLoop.Current);
        Assert.Same(first, IOLoop.CurrentOrNull);
    }

    [Fact]
    public void A_loop_made_not_to_be_current_is_so_only_while_it_runs()
    {
        using ScriptedLoop loop = new(makeCurrent: false);
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(IOLoop.CurrentOrNull);
            IOLoop? inside = null;
            loop.AddCallback(() => inside = IOLoop.Current);
            loop.RunUntilIdle();
            Assert.Same(loop, inside);
        }

        Assert.Null(IOLoop.CurrentOrNull);
    }

    [Fact]
    public void Forced_to_be_current_a_second_loop_throws_and_the_first_stays()
    {
        using ScriptedLoop first = new(makeCurrent: true);
        Assert.Throws<InvalidOperationException>(() => new ScriptedLoop(makeCurrent: true));
        Assert.Same(first, IOLoop.Current);
    }

    [Fact]
    public void A_loop_that_could_not_be_made_is_not_current()
    {
        Assert.Throws<InvalidOperationException>(() => new ZMQIOLoop(new FailingEngine()));
        Assert.Null(IOLoop.CurrentOrNull);
    }

    [Fact]
    public void MakeCurrent_replaces_and_ClearCurrent_twice_is_fine()
    {
        using ScriptedLoop first = new(makeCurrent: true);
        using ScriptedLoop second = new();
        second.MakeCurrent();
        Assert.Same(second, IOLoop.Current);
        IOLoop.ClearCurrent();
        IOLoop.ClearCurrent();
        Assert.Null(IOLoop.CurrentOrNull);
    }

    [Fact]
    public void Closing_the_current_loop_leaves_the_thread_without_one_whichever_thread_closes_it()
    {
        ScriptedLoop first = new(makeCurrent: true);
        first.Close();
        Assert.Null(IOLoop.CurrentOrNull);

        ScriptedLoop second = new(makeCurrent: true);
        OnThread(() => second.Close());
        Assert.Null(IOLoop.CurrentOrNull);
        using ScriptedLoop third = new(makeCurrent: true);
        Assert.Same(third, IOLoop.Current);
    }

    [Fact]
    public void Current_is_the_threads_and_falls_back_to_Instance()
    {
        using ScriptedLoop mine = new(makeCurrent: true);
        IOLoop? there = null;
        IOLoop? thereOrNull = mine;
        OnThread(() =>
        {
            thereOrNull = IOLoop.CurrentOrNull;
            there = IOLoop.Current;
        });
        Assert.Null(thereOrNull);
        Assert.Same(IOLoop.Instance, there);
        Assert.NotSame(mine, there);
        there!.Dispose();
    }

    [Fact]
    public void Instance_is_made_on_demand_once_for_all_threads_and_is_nobodys_current()
    {
        Assert.False(IOLoop.Initialized);
        IOLoop[] seen = new IOLoop[8];
        Thread[] threads = [.. seen.Select((_, i) => new Thread(() => seen[i] = IOLoop.Instance))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        Assert.True(IOLoop.Initialized);
        Assert.All(seen, loop => Assert.Same(seen[0], loop));
        Assert.Same(seen[0], IOLoop.Instance);
        Assert.Null(IOLoop.CurrentOrNull);
        seen[0].Dispose();
        Assert.False(IOLoop.Initialized);
    }

    [Fact]
    public void ClearInstance_forgets_without_closing()
    {
        using IOLoop instance = IOLoop.Instance;
        IOLoop.ClearInstance();
        Assert.False(IOLoop.Initialized);
        Assert.False(instance.IsClosed);
    }

    [Fact]
    public void InstallAsInstance_twice_is_fine_and_another_loop_throws_and_says_which_is_there_and_where_it_was_made()
    {
        using ScriptedLoop first = new();
        using ScriptedLoop second = new();
        first.InstallAsInstance();
        first.InstallAsInstance();
        Assert.Same(first, IOLoop.Instance);
        var error = Assert.Throws<InvalidOperationException>(second.InstallAsInstance);
        Assert.Contains(first.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(IOLoopCurrentTests), error.Message, StringComparison.Ordinal);
        Assert.Same(first, IOLoop.Instance);
    }

    [Fact]
    public void Configure_says_how_Instance_is_made()
    {
        Assert.Equal((typeof(IOLoop), typeof(IOLoop), typeof(IOLoop)),
            (IOLoop.ConfiguredClass, IOLoop.ConfigurableBase, IOLoop.ConfigurableDefault));
        IOLoop.Configure(static () => new ScriptedLoop(makeCurrent: null));
        Assert.Equal(typeof(ScriptedLoop), IOLoop.ConfiguredClass);
        Assert.False(IOLoop.Initialized);
        using IOLoop instance = IOLoop.Instance;
        Assert.IsType<ScriptedLoop>(instance);
        Assert.Same(instance, IOLoop.Instance);
        Assert.Null(IOLoop.CurrentOrNull);

        IOLoop.Configure<IOLoop>(null);
        Assert.Equal(typeof(IOLoop), IOLoop.ConfiguredClass);
        Assert.Same(instance, IOLoop.Instance); // what is there stays
    }

    [Fact]
    public void A_configured_factory_that_fails_leaves_no_instance_and_may_be_tried_again()
    {
        IOLoop.Configure<IOLoop>(static () => throw new InvalidOperationException("no"));
        Assert.Equal("no", Assert.Throws<InvalidOperationException>(static () => IOLoop.Instance).Message);
        IOLoop.Configure<IOLoop>(static () => null!);
        Assert.Throws<InvalidOperationException>(static () => IOLoop.Instance);
        IOLoop.Configure(static () => IOLoop.Instance);
        Assert.Throws<InvalidOperationException>(static () => IOLoop.Instance);
        Assert.False(IOLoop.Initialized);
        IOLoop.Configure<IOLoop>(null);
        IOLoop.Instance.Dispose();
    }

    [Fact]
    public void Install_is_idempotent_and_the_same_object_through_every_entry_point()
    {
        ScriptedEngine engine = new();
        using ZMQIOLoop loop = ZMQIOLoop.Install(engine);
        Assert.Same(engine, loop.Engine);
        Assert.Same(loop, ZMQIOLoop.Install(engine));
        Assert.Same(loop, ZMQIOLoop.Install());
        Assert.Same(loop, ZMQIOLoop.Instance);
        Assert.Same(loop, IOLoop.Instance);
        Assert.Same(loop, IOLoop.Current);
        Assert.Same(loop, ZMQIOLoop.Current);
        using ZMQSocket socket = ZMQSocket.Create(SocketType.Pair);
        Assert.Same(engine, socket.Engine);
        Assert.Same(loop, IOLoop.CurrentOrNull); // of the thread that installed it, so that streams made here find it
        OnThread(static () => Assert.Null(IOLoop.CurrentOrNull));
    }

    [Fact]
    public void Install_over_another_kind_of_loop_or_another_engine_throws_and_changes_nothing()
    {
        using IOLoop plain = IOLoop.Instance;
        Assert.Contains("ZMQIOLoop", Assert.Throws<InvalidOperationException>(static () => ZMQIOLoop.Install()).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => ZMQIOLoop.Instance);
        Assert.Same(plain, IOLoop.Instance);
        IOLoop.ClearInstance();
        using ZMQIOLoop loop = ZMQIOLoop.Install(new ScriptedEngine());
        Assert.Throws<InvalidOperationException>(static () => ZMQIOLoop.Install(new ScriptedEngine()));
        Assert.Throws<ArgumentNullException>(static () => ZMQIOLoop.Install((ZMQEngine)null!));
        Assert.Same(loop, IOLoop.Instance);
    }

    [Fact]
    public void A_socket_is_made_on_the_engine_of_the_threads_loop_then_of_the_process_wide_one()
    {
        ScriptedEngine ofProcess = new();
        ScriptedEngine ofThread = new();
        using ZMQIOLoop installed = ZMQIOLoop.Install(ofProcess, new IOLoopOptions { MakeCurrent = false });
        Assert.Same(ofProcess, ZMQEngine.Default);
        Assert.Same(ofProcess, Made()); // the thread has no loop
        using (ZMQIOLoop mine = new(ofThread))
        {
            Assert.Same(ofThread, Made());
            using ScriptedLoop plain = new();
            ZMQEngine? inside = null;
            plain.AddCallback(() => inside = Made());
            plain.RunUntilIdle();
            Assert.Same(ofProcess, inside); // of the loop that runs, which has none
            Assert.Same(ofThread, Made());
            OnThread(() => Assert.Same(ofProcess, Made()));
            Assert.Same(ofProcess, new ZMQIOLoop(new IOLoopOptions { MakeCurrent = false }).Engine);
        }

        Assert.Same(ofProcess, Made());
        using ZMQIOLoop closedElsewhere = new(ofThread);
        OnThread(() => closedElsewhere.Close());
        Assert.Same(ofProcess, Made());
        installed.Close();
        Assert.Throws<InvalidOperationException>(static () => Made()); // this test project references none

        static ZMQEngine Made()
        {
            using ZMQSocket socket = ZMQSocket.Create(SocketType.Pair);
            return socket.Engine;
        }
    }

    [Theory]
    [InlineData(null, true, false, "libzmq")]
    [InlineData(null, false, true, "netmq")]
    [InlineData(null, true, true, "netmq")]
    [InlineData("", true, true, "netmq")]
    [InlineData("netmq", true, true, "netmq")]
    [InlineData("libzmq", true, true, "libzmq")]
    [InlineData("libzmq", true, false, "libzmq")]
    public void The_engine_is_the_one_referenced_and_of_both_NetMQ_unless_the_variable_says_otherwise(string? variable, bool libzmq,
        bool netmq, string engine) =>
        Assert.Equal(engine, EngineDiscovery.Choose(variable, libzmq, netmq));

    [Theory]
    [InlineData("libzmq", false, true, "does not reference ZmqLoop.LibZmq")]
    [InlineData("netmq", true, false, "does not reference ZmqLoop.NetMQ")]
    [InlineData("NetMQ", true, true, "set it to netmq or libzmq, or not at all")]
    [InlineData("netmq", false, false, "add a reference")]
    public void An_engine_that_cannot_be_had_is_an_error_that_says_what_to_do(string variable, bool libzmq, bool netmq, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => EngineDiscovery.Choose(variable, libzmq, netmq)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Without_an_engine_Install_says_what_to_do_and_leaves_no_instance()
    {
        var error = Assert.Throws<InvalidOperationException>(static () => ZMQIOLoop.Install()); // this test project references none
        Assert.Contains("ZmqLoop.LibZmq", error.Message, StringComparison.Ordinal);
        Assert.False(IOLoop.Initialized);
        Assert.Throws<InvalidOperationException>(static () => new ZMQPoller());
    }

    [Fact]
    public void Loops_can_be_created_and_disposed_on_many_threads_at_once()
    {
        Exception? error = null;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 25; i++)
                {
                    using IOLoop loop = new();
                    Assert.Same(loop, IOLoop.Current);
                    loop.AddCallback(loop.Stop);
                    loop.Start();
                }
            }
            catch (Exception caught)
            {
                error = caught;
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) Assert.True(thread.Join(Deadline.Default));
        Assert.Null(error);
    }

    private static void OnThread(Action action)
    {
        Thread thread = new(() => action());
        thread.Start();
        thread.Join();
    }

    private sealed class FailingEngine : ZMQEngine
    {
        public override string Name => "failing";

        public override ZMQSocket CreateSocket(SocketType type) => throw new InvalidOperationException();

        public override IPoller CreatePoller() => throw new InvalidOperationException("no poller");

        protected override void Dispose(bool disposing)
        {
        }
    }
}
