using System.Diagnostics;

namespace ZmqLoop.Conformance;

/// <summary>Waiting: how long, and what ends it.</summary>
public abstract class WakeContract(EngineUnderTest subject) : EngineContract(subject)
{
    [Fact]
    public void A_wake_before_the_wait_ends_it()
    {
        Poller.Wake();
        Assert.Empty(Poll(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Many_wakes_may_end_one_wait_and_then_the_poller_sleeps_again()
    {
        for (int i = 0; i < 1000; i++) Poller.Wake();
        Poll(Timeout.InfiniteTimeSpan);
        long start = Clock.GetTimestamp();
        Poll(TimeSpan.FromMilliseconds(30));
        Assert.True(Clock.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void An_idle_loop_sleeps_through_and_a_timer_between_two_milliseconds_is_not_early()
    {
        (ZMQSocket idle, _) = MakePair();
        using IOLoop loop = new(new IOLoopOptions { Poller = AnotherPoller(), TimeProvider = Clock, MakeCurrent = false });
        loop.AddHandler(idle, (_, _) => Assert.Fail("Nothing was sent."), IOEvents.Read);
        loop.CallLater(TimeSpan.Zero, () => { }); // what a socket tells about its connecting comes in the first turns
        loop.RunSync(() => Task.CompletedTask);
        long start = Clock.GetTimestamp();
        long turns = loop.Statistics.Turns;
        loop.CallLater(TimeSpan.FromMilliseconds(20.9), loop.Stop);
        loop.Start();
        Assert.True(Clock.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(20.9));
        Assert.InRange(loop.Statistics.Turns - turns, 1, 4); // the last one of them does not wait
    }

    [Fact]
    public void No_wake_of_another_thread_is_lost()
    {
        const int Rounds = 20_000;
        int posted = 0;
        int seen = 0;
        IPoller poller = Poller;
        Thread waker = new(() =>
        {
            for (int i = 1; i <= Rounds; i++)
            {
                Volatile.Write(ref posted, i);
                poller.Wake();
                SpinWait spin = default;
                // Half the time the poller is surely about to sleep, half the time it may be anywhere.
                while (i % 2 == 0 && Volatile.Read(ref seen) < i) spin.SpinOnce(-1);
            }
        });
        waker.Start();
        while (seen < Rounds)
        {
            long start = TimeProvider.System.GetTimestamp();
            Poll(LongWait);
            if (TimeProvider.System.GetElapsedTime(start) >= Long) break;
            Volatile.Write(ref seen, Volatile.Read(ref posted));
        }

        int woken = seen;
        Volatile.Write(ref seen, Rounds);
        waker.Join();
        Assert.True(woken == Rounds, $"After {woken} wakes none came for {Long}; {posted} were made.");
    }

    [Fact]
    public void A_wake_does_not_hide_what_is_ready()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "socket");
        Settle();
        Send(peer, new Message("message"));
        Poller.Wake();
        PollFor("socket");
    }

    [Fact]
    public void A_wait_lasts_as_long_as_was_asked_and_never_less()
    {
        Poller.Register(MakePair().Bound, IOEvents.Read, "socket");
        foreach (double milliseconds in (double[])[0.2, 1, 7.3, 20])
        {
            TimeSpan timeout = TimeSpan.FromMilliseconds(milliseconds);
            long start = Clock.GetTimestamp();
            Assert.Empty(Poll(timeout));
            Assert.True(Clock.GetElapsedTime(start) >= timeout);
        }
    }

    [Fact]
    public void An_interrupted_wait_goes_on_for_what_is_left()
    {
        Need(Abilities.SystemCalls);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent as on Linux.");
        TimeSpan timeout = TimeSpan.FromMilliseconds(150);
        Poll();
        using Interruptions interruptions = new();
        int sent = 0;
        for (int attempt = 0; attempt < 50 && sent == 0; attempt++) // on a busy machine the sender may come too late for one wait
        {
            int before = interruptions.Sent;
            long start = Stopwatch.GetTimestamp();
            Assert.Empty(Poll(timeout));
            Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
            sent = interruptions.Sent - before;
        }

        Assert.True(sent > 0);
    }

    [Fact]
    public void After_disposal_waking_does_nothing_and_the_rest_throws()
    {
        ZMQSocket socket = MakePair().Bound;
        Poller.Register(socket, IOEvents.Read, "socket");
        Poller.Dispose();
        Poller.Dispose();
        Poller.Wake();
        Assert.Throws<ObjectDisposedException>(() => Poll());
        Assert.Throws<ObjectDisposedException>(() => Poller.Register(socket, IOEvents.Read, null));
        Assert.False(socket.IsClosed);
        AnotherPoller().Register(socket, IOEvents.Read, null);
    }

    [Fact]
    public void Polling_allocates_nothing()
    {
        Need(Abilities.NoGarbage);
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "socket");
        ReadyList ready = new();
        Send(peer, new Message("message"));
        long before = 0;
        for (int i = 0; i < 2000; i++)
        {
            if (i == 1000) before = GC.GetAllocatedBytesForCurrentThread();
            ready.Clear();
            Poller.Poll(Long, ready);
            _ = socket.Events;
        }

        Allocations.AssertNone(GC.GetAllocatedBytesForCurrentThread() - before, 1000);
    }
}
