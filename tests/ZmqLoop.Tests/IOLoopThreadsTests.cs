using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Real threads and real waits, in the default poller and in the scripted one.</summary>
public sealed class IOLoopThreadsTests
{
    public static TheoryData<bool> Pollers { get; } = [true, false];

    [Theory]
    [MemberData(nameof(Pollers))]
    public void AddCallback_from_another_thread_wakes_a_sleeping_loop(bool scripted)
    {
        using IOLoop loop = Make(scripted);
        Thread? ran = null;
        Thread other = new(() => loop.AddCallback(() =>
        {
            ran = Thread.CurrentThread;
            loop.Stop();
        }));
        loop.AddCallback(() => other.Start());
        Run(loop, scripted);
        Assert.Same(Thread.CurrentThread, ran);
        other.Join();
    }

    [Fact]
    public void However_many_callbacks_are_posted_a_sleeping_loop_is_woken_once_and_one_at_work_not_at_all()
    {
        const int Posts = 1_000;
        using ScriptedLoop loop = new();
        int ran = 0;
        List<int> wakes = [];
        Action post = () => Deadline.RunThread(() =>
        {
            for (int i = 0; i < Posts; i++) loop.AddCallback(() => ran++);
            wakes.Add(loop.Poller.WakeCount);
        });
        loop.AddCallback(post);
        loop.Poller.OnIdle = () =>
        {
            loop.Poller.OnIdle = loop.Stop;
            post(); // the loop sleeps: this is its poll
        };
        loop.RunUntilIdle();
        Assert.Equal([0, 1], wakes);
        Assert.Equal(2 * Posts, ran);
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Stop_from_another_thread_wakes_a_sleeping_loop(bool scripted)
    {
        using IOLoop loop = Make(scripted);
        for (int i = 0; i < 200; i++)
        {
            Thread other = new(loop.Stop);
            loop.AddCallback(() => other.Start());
            Run(loop, scripted);
            other.Join();
        }
    }

    [Fact]
    public void A_loop_on_another_thread_can_be_stopped_from_here_by_a_posted_callback()
    {
        using IOLoop loop = Make(scripted: false);
        Thread thread = new(loop.Start);
        thread.Start();
        loop.AddCallbackFromSignal(loop.Stop);
        Assert.True(thread.Join(Deadline.Default));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void Four_threads_of_50000_callbacks_each_all_run_in_the_order_of_their_thread(bool scripted)
    {
        const int Threads = 4;
        const int PerThread = 50_000;
        using IOLoop loop = Make(scripted);
        int[] next = new int[Threads];
        int total = 0;
        int disorder = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            for (int i = 0; i < PerThread; i++)
            {
                loop.AddCallback(state =>
                {
                    if (next[state.Thread]++ != state.Number) disorder++;
                    if (++total == Threads * PerThread) loop.Stop();
                }, (Thread: number, Number: i));
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        Run(loop, scripted);
        Assert.Equal((Threads * PerThread, 0), (total, disorder));
    }

    [Theory]
    [MemberData(nameof(Pollers))]
    public void No_wake_up_is_lost_in_100000_races_between_falling_asleep_and_posting(bool scripted)
    {
        using IOLoop loop = Make(scripted);
        SleepWakeRace.Run(loop, 100_000, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void AddCallback_and_Stop_racing_with_Close_never_throw()
    {
        for (int i = 0; i < 200; i++)
        {
            IOLoop loop = Make(scripted: false);
            Exception? error = null;
            using Barrier start = new(3);
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    for (int j = 0; j < 500; j++)
                    {
                        loop.AddCallback(static () => { });
                        loop.Stop();
                        loop.AddFuture(Task.CompletedTask, static _ => { });
                    }
                }
                catch (Exception caught)
                {
                    error = caught;
                }
            }))];
            foreach (Thread thread in threads) thread.Start();
            start.SignalAndWait();
            loop.Start();
            loop.Close();
            foreach (Thread thread in threads) thread.Join();
            Assert.Null(error);
            Assert.False(loop.AddCallback(static () => { }));
        }
    }

    [Fact]
    public async Task No_invocation_is_forgotten_when_it_races_with_Close()
    {
        for (int i = 0; i < 200; i++)
        {
            IOLoop loop = Make(scripted: false);
            Task<Task[]> poster = Task.Run(() => Enumerable.Range(0, 50).Select(_ => loop.InvokeAsync(static () => { })).ToArray());
            loop.Close();
            foreach (Task task in await poster) await Assert.ThrowsAsync<ObjectDisposedException>(() => task.WaitAsync(Deadline.Default));
        }
    }

    [Fact]
    public void A_real_timer_is_never_early_by_the_loops_clock()
    {
        using IOLoop loop = Make(scripted: false);
        double due = 0;
        double ran = 0;
        loop.AddCallback(() =>
        {
            due = loop.Time() + 0.0021;
            loop.CallLater(0.0021, () =>
            {
                ran = loop.Time();
                loop.Stop();
            });
        });
        Deadline.Run(loop);
        Assert.True(ran >= due - 1e-9, $"due {due}, ran {ran}");
    }

    private static IOLoop Make(bool scripted)
    {
        if (!scripted) return new IOLoop(new IOLoopOptions { MakeCurrent = false });
        ScriptedLoop loop = new();
        loop.Poller.WaitForWake = true;
        return loop;
    }

    // A deadline would make manual time jump to it.
    private static void Run(IOLoop loop, bool scripted)
    {
        if (scripted) loop.Start();
        else Deadline.Run(loop);
    }
}
