using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>NetMQ's timers on our loop: as NetMQ's poller keeps them, and in the contexts in which they were added.</summary>
public sealed class NetMQTimerTests
{
    [Fact]
    public void Elapsed_may_remove_its_timer_and_others_that_are_due()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer first = new(1);
        NetMQTimer second = new(1);
        foreach (NetMQTimer timer in (NetMQTimer[])[first, second])
        {
            timer.Elapsed += (_, _) =>
            {
                world.Log.Add("tick");
                poller.Remove(first);
                poller.Remove(second);
            };
            poller.Add(timer);
        }

        world.RunUntil(() => world.Log.Count > 0);
        NetMQTimer last = new(20);
        bool over = false;
        last.Elapsed += (_, _) => over = true;
        poller.Add(last);
        world.RunUntil(() => over);
        Assert.Equal(["tick"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Elapsed_may_add_a_timer_and_switch_itself_off_and_another_handler_on_again()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        NetMQTimer timer = new(TimeSpan.FromMilliseconds(1));
        NetMQTimer added = new(1);
        added.Elapsed += (_, _) =>
        {
            world.Log.Add("added");
            added.Enable = false;
            peer.SendFrame("on");
        };
        timer.Elapsed += (_, args) =>
        {
            world.Log.Add("tick");
            args.Timer.Enable = false;
            poller.Add(added);
        };
        socket.ReceiveReady += (_, args) =>
        {
            args.Socket.SkipFrame();
            timer.Enable = true;
        };
        poller.Add(socket);
        poller.Add(timer);
        world.RunUntil(() => world.Log.Count == 3);
        Assert.Equal(["tick", "added", "tick"], world.Log);
    }

    [Fact]
    public void A_timer_set_anew_counts_from_then_on()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer late = new(60_000);
        late.Elapsed += (_, _) => world.Log.Add("late");
        poller.Add(late);
        poller.Run(() => late.Interval = 1);
        world.RunUntil(() => world.Log.Count > 1); // and goes on
        poller.Run(() => late.Interval = 60_000);
        poller.Run(late.EnableAndReset);
        int count = world.Log.Count;
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        Assert.InRange(world.Log.Count, count, count + 1); // one may have been due
    }

    [Fact]
    public void A_timer_that_a_request_sets_anew_outlives_the_request()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer beat = Adding(world, poller, 1);
        world.RunUntil(() => world.Log.Count > 1);
        using CallbackScope request = new(loop: world.Loop);
        request.Run(() =>
        {
            poller.Run(beat.EnableAndReset);
            world.Loop.AddCallback(beat.EnableAndReset);
        });
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        request.Cancel();
        int ticks = world.Log.Count;
        world.RunUntil(() => world.Log.Count > ticks + 3);
    }

    [Fact]
    public void What_Elapsed_throws_goes_to_the_contexts_of_Add_whoever_set_the_timer_anew_and_however_often_the_poller_ran()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        List<string> told = [];
        ExceptionStackContext service = Telling("service");
        ExceptionStackContext client = Telling("client");
        NetMQTimer beat = new(1);
        NetMQTimer other = new(1);
        int ticks = 0;
        beat.Elapsed += (_, _) =>
        {
            if (++ticks % 3 == 0) poller.Stop();
            throw new InvalidOperationException("tick");
        };
        other.Elapsed += (_, _) => beat.EnableAndReset();
        service.Run(() => poller.Add(beat));
        Deadline.RunThread(poller.Run);
        client.Run(() => poller.Run(beat.EnableAndReset));
        client.Run(() => poller.Add(other));
        client.Run(() => Deadline.RunThread(poller.Run));
        poller.Remove(other);
        client.Run(() => beat.Interval = 2);
        Deadline.RunThread(poller.Run);
        Assert.Equal(Enumerable.Repeat("service", 9), told);
        Assert.Empty(world.Loop.Errors);

        ExceptionStackContext Telling(string name) => new(_ =>
        {
            told.Add(name);
            return true;
        });
    }

    [Fact]
    public async Task A_timer_belongs_to_the_scope_it_was_added_in_and_may_be_added_again_after_that()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        using CallbackScope scope = new(loop: world.Loop);
        NetMQTimer timer = new(1);
        timer.Elapsed += (_, _) => world.Log.Add("tick");
        scope.Run(() => poller.Add(timer));
        world.RunUntil(() => world.Log.Count > 1);
        Assert.False(scope.Completion.IsCompleted);
        scope.Cancel();
        Assert.Equal(ScopeOutcome.Cancelled, await scope.Completion);
        world.Log.Clear();
        Assert.True(world.Loop.RunOnce(TimeSpan.FromMilliseconds(20)));
        Task<bool> contains = poller.ContainsAsync(timer);
        world.RunUntil(() => contains.IsCompleted);
        Assert.False(await contains);
        Assert.Empty(world.Log);
        poller.Add(timer);
        world.RunUntil(() => world.Log.Count > 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_timer_that_was_switched_off_elsewhere_does_not_tick(bool onAnotherThread)
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer timer = Adding(world, poller, 20);
        world.Loop.CallLater(0.001, () =>
        {
            if (onAnotherThread) Deadline.RunThread(() => timer.Enable = false);
            else timer.Enable = false;
            world.Loop.CallLater(0.06, () => world.Log.Add("later"));
        });
        world.RunUntil(() => world.Log.Contains("later"));
        Assert.Equal(["later"], world.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_timer_that_is_set_anew_elsewhere_before_it_is_due_does_not_tick(bool onAnotherThread)
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer liveness = Adding(world, poller, 60);
        int resets = 0;
        Reset();
        world.RunUntil(() => resets == 30);
        Assert.Empty(world.Log);
        world.RunUntil(() => world.Log.Count == 1); // and when nothing comes any more

        void Reset()
        {
            if (++resets < 30) world.Loop.CallLater(0.01, Reset); // first: so it is due before the tick, however late all is
            if (onAnotherThread) Deadline.RunThread(liveness.EnableAndReset);
            else liveness.EnableAndReset();
        }
    }

    [Fact]
    public void A_timer_that_other_code_of_the_loop_switches_on_or_makes_faster_ticks()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer switched = Adding(world, poller, 1);
        switched.Enable = false;
        world.Loop.AddCallback(() => switched.Enable = true);
        world.RunUntil(() => world.Log.Count > 0);
        switched.Enable = false;
        world.Log.Clear();
        NetMQTimer slow = Adding(world, poller, 600_000);
        world.Loop.CallLater(0.001, () => slow.Interval = 1);
        world.RunUntil(() => world.Log.Count > 1);
    }

    [Fact]
    public void A_timer_that_another_thread_switches_on_ticks_when_the_loop_has_woken()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        NetMQTimer timer = Adding(world, poller, 1);
        timer.Enable = false;
        Assert.True(world.Loop.RunOnce(TimeSpan.FromMilliseconds(5)));
        Deadline.RunThread(() => timer.Enable = true);
        world.RunUntil(() => world.Log.Count > 1);
    }

    private static NetMQTimer Adding(NetMQWorld world, NetMQLoopPoller poller, int interval)
    {
        NetMQTimer timer = new(interval);
        timer.Elapsed += (_, _) => world.Log.Add("tick");
        poller.Add(timer);
        return timer;
    }
}
