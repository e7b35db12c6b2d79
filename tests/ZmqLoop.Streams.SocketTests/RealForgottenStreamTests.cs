using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>What the scripted tests of forgotten streams pin in order, once more over a real engine.</summary>
public sealed class RealForgottenStreamTests
{
    private const string Host = "tcp://127.0.0.1";

    [Fact]
    public void A_forgotten_stream_leaves_neither_a_socket_nor_a_handler_and_is_named_with_its_endpoint()
    {
        using RealWorld world = new();
        string endpoint = "";
        Make(world, SocketType.Pull, stream => endpoint = $"{Host}:{stream.BindToRandomPort(Host)}");
        AssertForgotten(world);
        Assert.Contains(endpoint, world.Loggers.Warnings()[0], StringComparison.Ordinal);
        Assert.Equal(0, world.Loop.Statistics.Handlers);
        ZMQSocket next = world.Socket(SocketType.Pull);
        Deadline.WaitUntil(() => CanBind(next, endpoint)); // engines let go of an endpoint in the background
    }

    [Fact]
    public async Task A_loop_that_sleeps_is_woken_to_close_it()
    {
        using RealWorld world = new();
        await using IOLoopThread thread = IOLoopThread.Start(() => world.Loop);
        await thread.Loop.InvokeAsync(() => Make(world, SocketType.Pull, static _ => { }));
        Deadline.WaitUntil(() =>
        {
            Forgetting.Collect(static () => { });
            return world.Loggers.Warnings().Length == 1;
        });
    }

    [Fact]
    public void A_server_that_nobody_holds_goes_on_serving()
    {
        using RealWorld world = new();
        ZMQSocket client = world.Socket(SocketType.Req);
        Make(world, SocketType.Rep, stream =>
        {
            client.Connect($"{Host}:{stream.BindToRandomPort(Host)}");
            stream.OnRecv(request => stream.Send(request));
        });
        for (int i = 0; i < 10; i++)
        {
            AssertStays(world);
            RealWorld.Send(client, $"{i}");
            string? reply = null;
            world.RunUntil(() => (reply ??= client.TryReceive(out Message? message) ? message.Text() : null) is not null);
            Assert.Equal($"{i}", reply);
        }
    }

    [Fact]
    public void A_receive_that_waits_gets_its_message_and_then_the_stream_is_forgotten()
    {
        using RealWorld world = new();
        ZMQSocket peer = world.Socket(SocketType.Push);
        Task<Message>? waiting = null;
        Make(world, SocketType.Pull, stream =>
        {
            peer.Connect($"{Host}:{stream.BindToRandomPort(Host)}");
            waiting = stream.ReceiveAsync().AsTask();
        });
        AssertStays(world);
        RealWorld.Send(peer, "1");
        world.RunUntil(() => waiting!.IsCompleted);
        Assert.Equal("1", waiting!.Result.Text());
        AssertForgotten(world);
    }

    [Fact]
    public void What_waits_for_a_peer_that_is_not_there_yet_is_sent_before_the_stream_is_forgotten()
    {
        using RealWorld world = new();
        string name = RealWorld.Inproc();
        Make(world, SocketType.Push, stream =>
        {
            stream.Bind(name);
            for (int i = 0; i < 3; i++) stream.Send($"{i}");
        });
        AssertStays(world);
        ZMQStream peer = world.Stream(SocketType.Pull);
        world.LogReceived(peer);
        peer.Connect(name);
        world.RunUntil(() => world.Log.Count == 3);
        Assert.Equal(["0", "1", "2"], world.Log);
        AssertForgotten(world);
    }

    [Fact]
    public void What_other_threads_send_on_streams_that_they_drop_at_once_arrives()
    {
        const int Streams = 200;
        using RealWorld world = new();
        string name = RealWorld.Inproc();
        ZMQStream peer = world.Stream(SocketType.Pull);
        peer.Bind(name);
        world.LogReceived(peer);
        for (int i = 0; i < Streams; i++)
        {
            SendAndDrop(world, name, $"{i}");
            if (i % 10 == 0) Forgetting.Collect(() => world.Loop.RunOnce(TimeSpan.Zero));
        }

        world.RunUntil(() => world.Log.Count == Streams);
        Assert.Equal(Streams, world.Log.Distinct().Count());
        Assert.True(Forgetting.CollectUntil(() => world.Loop.Statistics.Handlers == 1, () => world.Loop.RunOnce(TimeSpan.Zero)));
        Assert.Equal(Streams, world.Loggers.Warnings().Length);
    }

    [Fact]
    public async Task What_other_threads_ask_for_on_streams_that_they_drop_at_once_comes_while_the_collector_does_not_rest()
    {
        const int Streams = 200;
        using RealWorld world = new();
        await using IOLoopThread thread = IOLoopThread.Start(() => world.Loop);
        using CancellationTokenSource done = new();
        Task collecting = Task.Run(() =>
        {
            while (!done.IsCancellationRequested) Forgetting.Collect(static () => { });
        });
        for (int i = 0; i < Streams; i++)
        {
            string name = RealWorld.Inproc();
            Task<Message> answer = AskAndDrop(await thread.Loop.InvokeAsync(() => Bound(world, name)));
            await thread.Loop.InvokeAsync(() =>
            {
                using ZMQSocket peer = world.Socket(SocketType.Push);
                peer.Linger = Deadline.Default;
                peer.Connect(name);
                RealWorld.Send(peer, $"{i}");
            });
            Assert.Equal($"{i}", (await answer.WaitAsync(Deadline.Default)).Text());
        }

        await Task.Yield(); // leaves the stack on which the last stream came
        Deadline.WaitUntil(() => world.Loggers.Warnings().Length == Streams, () => string.Join(", ", ZMQStream.GetOpenStreams(world.Loop)));
        done.Cancel();
        await collecting;

        static ZMQStream Bound(RealWorld world, string name)
        {
            ZMQStream stream = new(world.Socket(SocketType.Pull), world.Loop);
            stream.Bind(name);
            return stream;
        }

        static Task<Message> AskAndDrop(ZMQStream stream) => stream.ReceiveAsync().AsTask();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SendAndDrop(RealWorld world, string name, string text)
    {
        ZMQStream stream = new(world.Socket(SocketType.Push), world.Loop);
        stream.Socket.Linger = Deadline.Default;
        stream.Connect(name);
        Deadline.RunThread(() => stream.Send(text));
    }

    // In a method of its own, so that the stream does not lie on the test's stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make(RealWorld world, SocketType type, Action<ZMQStream> use)
    {
        ZMQStream stream = new(world.Socket(type), world.Loop);
        use(stream);
    }

    private static void AssertForgotten(RealWorld world)
    {
        Assert.True(Forgetting.CollectUntil(() => world.Loggers.Warnings().Length > 0, () => world.Loop.RunOnce(TimeSpan.Zero)));
        Assert.Single(world.Loggers.Warnings());
    }

    private static void AssertStays(RealWorld world)
    {
        for (int i = 0; i < 3; i++) Forgetting.Collect(() => world.Loop.RunOnce(TimeSpan.Zero));
        Assert.Empty(world.Loggers.Warnings());
    }

    private static bool CanBind(ZMQSocket socket, string endpoint)
    {
        try
        {
            socket.Bind(endpoint);
            return true;
        }
        catch (ZMQException)
        {
            return false;
        }
    }
}
