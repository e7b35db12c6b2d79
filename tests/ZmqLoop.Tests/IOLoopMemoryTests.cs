using System.Runtime.CompilerServices;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>What must not be kept alive, and what must not be allocated.</summary>
public sealed class IOLoopMemoryTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<WeakReference> _kept = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_cancelled_timer_frees_its_callback_at_once()
    {
        AddAndCancel();
        AssertAllFreed();
        GC.KeepAlive(_loop);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void AddAndCancel()
        {
            _loop.RemoveTimeout(_loop.CallLater(3600, Callback()));
            DelayedCallback delayed = new(Callback(), 3_600_000, _loop);
            delayed.Start();
            delayed.Stop();
            PeriodicCallback periodic = new(Callback(), 3_600_000, _loop);
            periodic.Start();
            periodic.Stop();
        }
    }

    [Fact]
    public void A_due_timer_cancelled_in_its_turn_frees_its_callback_at_once()
    {
        _loop.AddCallback(Cancel);
        Add();
        _loop.RunUntilIdle();

        void Cancel()
        {
            _loop.RemoveTimeout(_timer);
            AssertAllFreed();
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Add() => _timer = _loop.CallLater(0, Callback());
    }

    private TimeoutHandle _timer;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sleeping_loop_keeps_nothing_of_what_it_ran_alive(bool watched)
    {
        if (watched) _loop.SetBlockingLogThreshold(3600);
        bool looked = false;
        AddAll();
        _loop.Poller.OnIdle = () =>
        {
            looked = true;
            AssertAllFreed();
            _loop.Stop();
        };
        _loop.Start();
        Assert.True(looked);
        Assert.Equal(6, _kept.Count);
        Assert.Empty(_loop.Errors.Skip(1));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void AddAll()
        {
            _loop.AddCallback(Callback());
            _loop.CallLater(1, Callback());
            _loop.AddFuture(Task.CompletedTask, static _ => { });
            _ = _loop.InvokeAsync(Callback());
            Action inHandler = Callback();
            _loop.AddHandler(1, (_, _) =>
            {
                inHandler();
                _loop.RemoveHandler(1);
            }, IOEvents.Read);
            _loop.Poller.Fire(1, IOEvents.Read);
            Action onContext = Callback();
            new StackContext(static () => new MemoryStream()).Run(() => _loop.AddCallback(async () =>
            {
                await Task.Yield();
                onContext();
            }));
            Thread thread = new(static state => ((IOLoopMemoryTests)state!).Post());
            thread.Start(this);
            thread.Join();
        }
    }

    [Fact]
    public void A_closed_loop_keeps_nothing_alive()
    {
        Add();
        _loop.Close(allFds: false);
        AssertAllFreed();
        GC.KeepAlive(_loop);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Add()
        {
            _loop.AddCallback(Callback());
            _loop.CallLater(1, Callback());
            Action handler = Callback();
            _loop.AddHandler(1, (_, _) => handler(), IOEvents.Read);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_callback_without_context_costs_no_allocation(bool watched)
    {
        if (watched) _loop.SetBlockingLogThreshold(3600);
        int left = 0;
        long before = 0;
        long allocated = long.MaxValue;
        Action? again = null;
        again = () =>
        {
            if (--left > 0) _loop.AddCallback(again!);
            else allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        };
        _loop.Poller.Polls.Capacity = 40_000; // the script's own notes
        // a collection in between, of other tests' garbage, may count room as used
        foreach (int count in (int[])[2_000, 10_000, 10_000, 10_000])
        {
            left = count;
            _loop.AddCallback(() => before = GC.GetAllocatedBytesForCurrentThread()); // a run's beginning may cost something
            _loop.AddCallback(again);
            _loop.RunUntilIdle();
        }

        Allocations.AssertNone(allocated, 10_000);
    }

    [Fact]
    public void A_timer_without_context_costs_no_allocation()
    {
        long before = 0;
        int left = 10_000;
        long allocated = -1;
        Action? again = null;
        again = () =>
        {
            if (left == 8_000) before = GC.GetAllocatedBytesForCurrentThread();
            if (--left > 0) _loop.CallLater(TimeSpan.FromTicks(5), again!);
            else allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        };
        _loop.Poller.Polls.Capacity = 20_000;
        _loop.AddCallback(again);
        _loop.RunUntilIdle();
        Allocations.AssertNone(allocated, 8_000);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Post() => _loop.SpawnCallback(Callback());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Action Callback()
    {
        object held = new();
        _kept.Add(new WeakReference(held));
        return () => GC.KeepAlive(held);
    }

    private void AssertAllFreed()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(_kept, kept => Assert.False(kept.IsAlive));
    }
}
