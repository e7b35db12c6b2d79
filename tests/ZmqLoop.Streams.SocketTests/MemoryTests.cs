namespace ZmqLoop.Streams.SocketTests;

/// <summary>What a stream that sleeps still holds: nothing of what went through it.</summary>
public sealed class MemoryTests
{
    private readonly List<(string What, WeakReference Reference)> _watched = [];

    [Fact]
    public void An_idle_stream_keeps_no_message_callback_or_task_alive()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Dealer);
        ZMQStream peer = world.Stream(SocketType.Dealer);
        string name = RealWorld.Inproc();
        stream.Bind(name);
        peer.Connect(name);
        Use(world, stream, peer);
        for (int i = 0; i < 10 && _watched.Exists(static watched => watched.Reference.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            world.Loop.RunOnce(TimeSpan.Zero); // the loop turns, and does nothing
        }

        Assert.Equal([], _watched.Where(static watched => watched.Reference.IsAlive).Select(static watched => watched.What));
        GC.KeepAlive(stream);
        GC.KeepAlive(peer);
    }

    // In a method of its own, so that none of it lies on the test's stack.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void Use(RealWorld world, ZMQStream stream, ZMQStream peer)
    {
        int got = 0;
        peer.OnRecv(_ => got++);
        Watch("sent message", new Message("1"), message => stream.Send(message));
        Watch("sent array", new byte[100], array => stream.Send(Frame.Own(array)));
        Watch("send callback's state", new object(), state => stream.Send("3", (_, _) => GC.KeepAlive(state)));
        Watch("task of SendAsync", stream.SendAsync(new Message("4"), TimeSpan.FromHours(1), TestContext.Current.CancellationToken),
            _ => { });
        world.RunUntil(() => got == 4);

        // Received: by a callback that is replaced, by one that stays, borrowed, and by asking.
        Watch("replaced callback's state", new object(), state => stream.OnRecv(_ => GC.KeepAlive(state)));
        got = 0;
        stream.OnRecv(message => Watch("received message", message, _ => got++));
        peer.Send("5");
        peer.SendMultipart("6", new byte[1000]);
        world.RunUntil(() => got == 2);
        stream.OnRecv(
            async message =>
            {
                await Task.Yield();
                Watch("borrowed frame", message[0].ToArray(), _ => got++);
            },
            copy: false);
        peer.Send(new byte[1000]);
        world.RunUntil(() => got == 3);
        stream.StopOnRecv();
        peer.Send("7");
        world.Loop.RunSync(async () => Watch("asked for",
            await stream.ReceiveAsync(Deadline.Default, TestContext.Current.CancellationToken), _ => { }), Deadline.Default);
    }

    private void Watch<T>(string what, T target, Action<T> use) where T : class
    {
        _watched.Add((what, new WeakReference(target)));
        use(target);
    }
}
