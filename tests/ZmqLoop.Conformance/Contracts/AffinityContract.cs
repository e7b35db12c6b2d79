#if DEBUG
namespace ZmqLoop.Conformance;

/// <summary>A socket that a running loop watches is used on the loop's thread: Debug builds say where it is not. In Release nothing looks,
/// and there is nothing to test.</summary>
public abstract class AffinityContract(EngineUnderTest subject) : EngineContract(subject)
{
    [Fact]
    public void A_socket_that_a_running_loop_watches_throws_on_another_thread_and_nothing_has_changed()
    {
        (ZMQSocket watched, ZMQSocket peer) = MakePair();
        using IOLoop loop = new(new IOLoopOptions { Poller = AnotherPoller(), TimeProvider = Clock, MakeCurrent = false });
        loop.AddHandler(watched, (_, _) => { }, IOEvents.Read);
        int running = Environment.CurrentManagedThreadId;
        OnLoop(loop, () =>
        {
            Send(peer, new Message("1"));
            foreach (Action use in UsesOf(watched))
            {
                InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Deadline.RunThread(use));
                Assert.StartsWith($"{watched} belongs to the thread of IOLoop (running on thread {running};", error.Message,
                    StringComparison.Ordinal);
                Assert.Contains("AddCallback or InvokeAsync", error.Message, StringComparison.Ordinal);
            }

            Assert.Equal("1", Receive(watched)[0].ToText());
        });
        Assert.False(watched.IsClosed);
    }

    [Fact]
    public void Any_thread_may_use_a_socket_that_nobody_watches_and_one_whose_loop_does_not_run()
    {
        (ZMQSocket watched, ZMQSocket free) = MakePair();
        using IOLoop loop = new(new IOLoopOptions { Poller = AnotherPoller(), TimeProvider = Clock, MakeCurrent = false });
        loop.AddHandler(watched, (_, _) => { }, IOEvents.Read);
        OnLoop(loop, () => Deadline.RunThread(() => Send(free, new Message("1"))));
        Deadline.RunThread(() => Assert.Equal("1", Receive(watched)[0].ToText()));
        OnLoop(loop, () => loop.RemoveHandler(watched));
        OnLoop(loop, () => Deadline.RunThread(() => Send(watched, new Message("2"))));
        Deadline.RunThread(() =>
        {
            free.Close();
            watched.Close();
        });
    }

    [Fact]
    public void A_ZMQPoller_that_is_a_loops_passes_the_loop_on()
    {
        ZMQSocket watched = Make(SocketType.Dealer);
        using IOLoop loop = new(new IOLoopOptions { Poller = new ZMQPoller(Engine), TimeProvider = Clock, MakeCurrent = false });
        loop.AddHandler(watched, (_, _) => { }, IOEvents.Read);
        OnLoop(loop, () => Assert.Throws<InvalidOperationException>(() => Deadline.RunThread(() => watched.Close())));
        Assert.False(watched.IsClosed);
    }

    private static Action[] UsesOf(ZMQSocket socket) =>
    [
        () => socket.TrySend(new Message("x")), () => socket.TryReceive(out _), () => socket.TryReceive(new Message()),
        () => _ = socket.Events, () => socket.Bind(NewInproc()), () => socket.Connect(NewInproc()), () => _ = socket.Linger,
        () => socket.Set(ZMQSocketOptions.SndHwm, 1), () => socket.Close(), socket.Dispose,
    ];

    private static void OnLoop(IOLoop loop, Action action) => loop.RunSync(() =>
    {
        action();
        return Task.CompletedTask;
    });
}
#endif
