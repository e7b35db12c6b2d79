using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>Several threads at one poller, at once.</summary>
public sealed class NetMQPollerThreadsTests
{
    private const int Rounds = 100;
    private const int Sockets = 10;

    [Fact]
    public void What_is_added_while_another_thread_begins_to_run_it_is_there()
    {
        for (int round = 0; round < Rounds * 5; round++)
        {
            using NetMQLoopPoller poller = [];
            int ticks = 0;
            NetMQTimer[] timers = [.. Enumerable.Range(0, Sockets).Select(_ => new NetMQTimer(1))];
            using Barrier barrier = new(2);
            Parallel.Invoke(RunIt, AddAll);
            Deadline.WaitUntil(() => Volatile.Read(ref ticks) == timers.Length, () => $"{ticks} of {timers.Length} ticked.");

            void RunIt()
            {
                barrier.SignalAndWait();
                poller.RunAsync();
            }

            void AddAll()
            {
                barrier.SignalAndWait();
                foreach (NetMQTimer timer in timers)
                {
                    timer.Elapsed += (_, _) =>
                    {
                        timer.Enable = false;
                        ticks++; // on the loop's thread
                    };
                    poller.Add(timer);
                }
            }
        }
    }

    [Fact]
    public async Task On_a_shared_loop_that_runs_elsewhere_disposing_returns_when_the_sockets_are_let_go_of()
    {
        using NetMQWorld world = new();
        await using IOLoopThread thread = IOLoopThread.Start(() => world.Loop);
        for (int round = 0; round < Rounds; round++)
        {
            NetMQLoopPoller poller = new(world.Loop);
            DealerSocket[] sockets = AddSockets(poller);
            poller.Dispose();
            foreach (DealerSocket socket in sockets) socket.Dispose();
        }

        await world.Loop.InvokeAsync(static () => { });
        Assert.Equal(0, world.Loop.Statistics.Handlers);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_threads_may_dispose_of_it_at_once_and_each_returns_when_the_sockets_are_let_go_of(bool shared)
    {
        using NetMQWorld world = new();
        await using IOLoopThread thread = IOLoopThread.Start(() => world.Loop);
        for (int round = 0; round < Rounds; round++)
        {
            NetMQLoopPoller poller = shared ? new(world.Loop) : [];
            DealerSocket[] sockets = AddSockets(poller);
            if (!shared) poller.RunAsync();
            Parallel.ForEach(sockets.Chunk(Sockets / 2), mine =>
            {
                poller.Dispose();
                foreach (DealerSocket socket in mine) socket.Dispose();
            });
            Assert.Equal(!shared, poller.Loop.IsClosed);
        }

        await world.Loop.InvokeAsync(static () => { });
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public async Task Several_threads_may_have_the_same_socket_removed_and_disposed_of_while_others_dispose_of_the_poller()
    {
        using NetMQWorld world = new();
        await using IOLoopThread thread = IOLoopThread.Start(() => world.Loop);
        for (int round = 0; round < Rounds; round++)
        {
            NetMQLoopPoller poller = new(world.Loop);
            DealerSocket[] sockets = AddSockets(poller);
            Parallel.Invoke(RemoveAll, RemoveAll, poller.Dispose);
            Deadline.WaitUntil(() => Array.TrueForAll(sockets, static socket => socket.IsDisposed));

            void RemoveAll()
            {
                foreach (DealerSocket socket in sockets)
                {
                    try
                    {
                        poller.RemoveAndDispose(socket);
                    }
                    catch (ArgumentException)
                    {
                        // The other one has disposed of it before.
                    }
                }
            }
        }

        await world.Loop.InvokeAsync(static () => { });
        Assert.Equal(0, world.Loop.Statistics.Handlers);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void One_that_is_disposed_of_while_another_thread_is_to_run_it_runs_or_throws_there()
    {
        for (int round = 0; round < Rounds; round++)
        {
            NetMQLoopPoller poller = [];
            Parallel.Invoke(poller.Dispose, () =>
            {
                try
                {
                    poller.RunAsync();
                }
                catch (ObjectDisposedException)
                {
                    // Too late.
                }
            });
            Assert.True(poller.Loop.IsClosed);
        }
    }

    [Fact]
    public void A_second_thread_that_has_it_run_is_told_so()
    {
        for (int round = 0; round < Rounds; round++)
        {
            using NetMQLoopPoller poller = [];
            int refused = 0;
            Parallel.Invoke(Run, Run);
            Assert.Equal(1, refused);

            void Run()
            {
                try
                {
                    poller.RunAsync();
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }
    }

    [Fact]
    public void A_loop_that_ends_while_somebody_waits_for_its_turn_lets_go_of_the_sockets_all_the_same()
    {
        using NetMQWorld world = new();
        NetMQLoopPoller poller = new(world.Loop);
        DealerSocket[] sockets = AddSockets(poller);
        Thread? disposing = null;
        world.Loop.AddCallback(() =>
        {
            disposing = new Thread(() =>
            {
                poller.Dispose();
                foreach (DealerSocket socket in sockets) socket.Dispose();
            });
            disposing.Start();
            Deadline.WaitUntil(() => disposing.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
            world.Loop.Stop(); // this was the last turn
        });
        Deadline.Run(world.Loop);
        Assert.True(disposing!.Join(Deadline.Default));
        Assert.True(sockets[^1].IsDisposed);
        Assert.Equal(0, world.Loop.Statistics.Handlers);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void On_a_loop_that_does_not_run_or_is_closed_disposing_is_done_at_once(bool closed)
    {
        using NetMQWorld world = new();
        NetMQLoopPoller poller = new(world.Loop);
        DealerSocket[] sockets = AddSockets(poller);
        if (closed) world.Loop.Close();
        poller.Dispose();
        Assert.Equal(0, world.Loop.Statistics.Handlers);
        foreach (DealerSocket socket in sockets) socket.Dispose();
    }

    [Fact]
    public void A_callback_that_waits_for_whoever_disposes_of_it_is_not_waited_for_for_ever_and_a_warning_says_so()
    {
        using RecordingLoggers loggers = new();
        using ZMQIOLoop loop = new(NetMQEngine.Shared, new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        NetMQLoopPoller poller = new(loop) { Patience = TimeSpan.FromMilliseconds(1) };
        DealerSocket[] sockets = AddSockets(poller);
        loop.AddCallback(() =>
        {
            Deadline.RunThread(poller.Dispose);
            Assert.Equal(Sockets, loop.Statistics.Handlers);
        });
        Deadline.RunUntil(loop, () => loop.Statistics.Handlers == 0);
        Assert.Single(loggers.Entries, static entry => entry.Text.Contains("has its sockets yet", StringComparison.Ordinal));
        foreach (DealerSocket socket in sockets) socket.Dispose();
    }

    [Fact]
    public void A_socket_that_was_not_let_go_of_when_it_was_disposed_of_is_told_to_whoever_disposes_of_the_poller()
    {
        using NetMQWorld world = new();
        NetMQLoopPoller poller = new(world.Loop);
        DealerSocket[] sockets = AddSockets(poller);
        world.Loop.AddCallback(() =>
        {
            sockets[0].Dispose();
            Deadline.RunThread(() => Assert.Throws<NetMQException>(poller.Dispose));
        });
        world.Loop.AddCallback(world.Loop.Stop);
        Deadline.Run(world.Loop);
        foreach (DealerSocket socket in sockets) socket.Dispose();
    }

    private static DealerSocket[] AddSockets(NetMQLoopPoller poller)
    {
        DealerSocket[] sockets = [.. Enumerable.Range(0, Sockets).Select(static _ => new DealerSocket())];
        foreach (DealerSocket socket in sockets)
        {
            socket.ReceiveReady += static (_, args) => args.Socket.SkipFrame();
            poller.Add(socket);
        }

        return sockets;
    }
}
