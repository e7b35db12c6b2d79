#if DEBUG
using System.Net.Sockets;
using ZmqLoop.Polling;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Affinity;

/// <summary>What lies below the loop's members is looked at in Debug builds alone: in Release there is nothing to test.</summary>
public sealed class RoomAffinityTests : ILoopThread
{
    Thread? ILoopThread.Thread => Running;

    private Thread? Running { get; set; }

    public override string ToString() => "the loop of the test";

    [Fact]
    public void The_callback_queue_is_posted_to_by_any_thread_and_used_by_the_loops()
    {
        CallbackQueue queue = new(this);
        AnyThread(() => queue.Post(new WorkItem(() => { }, default)), () => queue.PostPlain(() => { }), () => _ = queue.HasPosted,
            () => queue.IsPostedTo(), () => _ = queue.PostedCount, () => _ = queue.Count);
        LoopsThread(() => queue.Add(new WorkItem(() => { }, default)), () => queue.AddPlain(() => { }), queue.TakePosted,
            () => queue.TakePlain(), () => queue.Take(), queue.Close);
    }

    [Fact]
    public void The_timers_are_the_loops_threads_but_for_what_statistics_read()
    {
        TimerQueue timers = new(this);
        (int slot, int version) = timers.Add(0, new WorkItem(() => { }, default));
        AnyThread(() => _ = timers.Count, () => _ = timers.NextDeadline, () => timers.IsPending(slot, version));
        LoopsThread(() => timers.Add(1, new WorkItem(() => { }, default)), () => timers.Remove(slot, version, out _),
            () => timers.CollectDue(2), () => timers.TryTakeDue(out _), timers.Clear);
    }

    [Fact]
    public void The_handlers_are_the_loops_threads()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        using Socket socket = new(System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        using ScriptedPoller poller = new(new ManualTimeProvider());
        HandlerTable handlers = new(poller, this);
        HandlerEntry handler = new(loop, socket, (_, _) => { }, default, 0);
        AnyThread(() => _ = handlers.Count);
        LoopsThread(() => handlers.Add(handler, IOEvents.Read), () => handlers.Modify(socket, IOEvents.Write),
            () => handlers.SortByPriority(new ReadyList()), () => handlers.Remove(socket), () => handlers.Forget(handler),
            () => handlers.Close(closeSources: false, (_, _) => { }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_poller_is_woken_by_any_thread_and_used_by_the_loops(bool select)
    {
        using EnginePoller poller = select ? new SelectPoller() : new EpollPoller(null);
        poller.Loop = this;
        using Socket socket = new(System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        AnyThread(poller.Wake);
        LoopsThread(() => poller.Register(socket, IOEvents.Read, null), () => poller.Modify(socket, IOEvents.Write),
            () => poller.Poll(TimeSpan.Zero, new ReadyList()), () => poller.Unregister(socket), poller.Dispose);
    }

    /// <summary>Each throws on another thread while the loop runs here, then does its work here, in this order.</summary>
    private void LoopsThread(params ReadOnlySpan<Action> calls)
    {
        Running = Thread.CurrentThread;
        foreach (Action call in calls)
        {
            Exception? error = null;
            Deadline.RunThread(() => error = Record.Exception(call));
            Assert.Contains($"belongs to the thread of {this}", Assert.IsType<InvalidOperationException>(error).Message,
                StringComparison.Ordinal);
            call();
        }

        Running = null;
    }

    private void AnyThread(params ReadOnlySpan<Action> calls)
    {
        Running = Thread.CurrentThread;
        foreach (Action call in calls) Deadline.RunThread(call);
        Running = null;
    }
}
#endif
