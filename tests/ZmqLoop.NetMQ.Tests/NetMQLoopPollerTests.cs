using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>Where NetMQ's own poller dies, hangs, or forgets, ours goes on.</summary>
public sealed class NetMQLoopPollerTests
{
    [Fact]
    public void Several_threads_may_add_at_once_while_nothing_runs()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        int ticks = 0;
        Parallel.Invoke(AddMany, AddMany);
        world.RunUntil(() => ticks == 4000);

        void AddMany()
        {
            for (int i = 0; i < 2000; i++)
            {
                NetMQTimer timer = new(1);
                timer.Elapsed += (_, _) =>
                {
                    timer.Enable = false;
                    ticks++;
                };
                poller.Add(timer);
            }
        }
    }

    [Fact]
    public void A_handler_that_throws_ends_neither_the_loop_nor_the_process()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        socket.ReceiveReady += (_, args) =>
        {
            string text = args.Socket.ReceiveFrameString();
            if (text == "bad") throw new InvalidOperationException("oops");
            world.Log.Add(text);
        };
        poller.Add(socket);
        peer.SendFrame("bad");
        peer.SendFrame("good");
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Equal(["oops"], world.Loop.Errors);
    }

    [Fact]
    public void A_poller_that_was_stopped_runs_and_stops_again_with_all_that_was_added()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = [];
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        using BlockingQueue<string> received = new();
        socket.ReceiveReady += (_, args) => received.Add(args.Socket.ReceiveFrameString());
        poller.Add(socket);
        for (int run = 0; run < 3; run++)
        {
            poller.RunAsync();
            Assert.True(poller.IsRunning);
            Assert.Throws<InvalidOperationException>(poller.RunAsync);
            peer.SendFrame($"run {run}");
            Assert.Equal($"run {run}", received.Take());
            poller.Stop();
            Assert.False(poller.IsRunning);
            poller.Stop();
            Assert.Throws<InvalidOperationException>(poller.StopAsync);
        }
    }

    [Fact]
    public void A_run_that_ended_with_an_exception_can_be_followed_by_one_that_is_stopped()
    {
        using NetMQWorld world = new();
        using RethrowingLoop loop = new();
        using NetMQLoopPoller poller = new(loop);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        socket.ReceiveReady += (_, args) =>
        {
            world.Log.Add(args.Socket.ReceiveFrameString());
            if (world.Log[^1] == "bad") throw new InvalidOperationException("oops");
            poller.Stop();
        };
        poller.Add(socket);
        peer.SendFrame("bad");
        Assert.Equal("oops", Assert.Throws<InvalidOperationException>(poller.Run).Message);
        Assert.False(poller.IsRunning);
        peer.SendFrame("good");
        Deadline.RunThread(poller.Run);
        Assert.Equal(["bad", "good"], world.Log);
    }

    [Fact]
    public void A_socket_that_another_handler_has_removed_gets_no_event_any_more()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket first, DealerSocket firstPeer) = world.Pair();
        (DealerSocket second, DealerSocket secondPeer) = world.Pair();
        void Handle(DealerSocket mine, DealerSocket other) => mine.ReceiveReady += (_, _) =>
        {
            mine.SkipFrame();
            world.Log.Add("event");
            poller.Remove(other);
        };
        Handle(first, second);
        Handle(second, first);
        poller.Add(first);
        poller.Add(second);
        firstPeer.SendFrame("");
        secondPeer.SendFrame("");
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        Assert.Equal(["event"], world.Log);
    }

    [Fact]
    public async Task A_socket_disposed_elsewhere_is_dropped_and_the_others_go_on()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket disposed, _) = world.Pair();
        (DealerSocket other, DealerSocket peer) = world.Pair();
        disposed.ReceiveReady += (_, _) => world.Log.Add("disposed");
        other.ReceiveReady += (_, args) => world.Log.Add(args.Socket.ReceiveFrameString());
        poller.Add(disposed);
        poller.Add(other);
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        disposed.Dispose();
        peer.SendFrame("other");
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Equal(["other"], world.Log);
        Task<bool> contains = poller.ContainsAsync(disposed);
        world.RunUntil(() => contains.IsCompleted);
        Assert.False(await contains);
        Assert.Throws<ArgumentException>(() => poller.Add(disposed));
        Assert.Throws<ArgumentException>(() => poller.Remove(disposed));
        Assert.Throws<ArgumentException>(() => poller.RemoveAndDispose(disposed));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Cleanup_while_it_runs_ends_it_quietly()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = [];
        (DealerSocket socket, _) = world.Pair();
        socket.ReceiveReady += (_, args) => args.Socket.SkipFrame();
        poller.Add(socket);
        poller.RunAsync();
        NetMQConfig.Cleanup(block: false);
        Deadline.WaitUntil(() => !poller.IsRunning);
    }

    [Fact]
    public void An_async_handler_that_throws_after_an_await_is_reported()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        socket.ReceiveReady += async (_, args) =>
        {
            args.Socket.SkipFrame();
            await Task.Yield();
            world.Log.Add($"{world.Loop.CheckAccess()}");
            throw new InvalidOperationException("after the await");
        };
        poller.Add(socket);
        peer.SendFrame("");
        world.RunUntil(() => world.Loop.Errors.Count > 0);
        Assert.Equal(["True"], world.Log);
        Assert.Equal(["after the await"], world.Loop.Errors);
    }

    [Fact]
    public void What_cannot_be_added_from_another_thread_is_reported_and_not_swallowed()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket socket, _) = world.Pair();
        world.Loop.AddCallback(() => Deadline.RunThread(() =>
        {
            poller.Add(socket);
            poller.Run(static () => throw new InvalidOperationException("thrown in Run"));
        }));
        world.Loop.AddCallback(socket.Dispose);
        world.RunUntil(() => world.Loop.Errors.Count == 2);
        Assert.Contains("thrown in Run", world.Loop.Errors);
    }

    [Fact]
    public void Disposing_on_its_own_thread_is_refused_and_stopping_there_is_not()
    {
        using NetMQLoopPoller poller = [];
        InvalidOperationException? error = null;
        NetMQTimer timer = new(1);
        timer.Elapsed += (_, _) =>
        {
            error = Assert.Throws<InvalidOperationException>(poller.Dispose);
            poller.Stop();
        };
        poller.Add(timer);
        Deadline.RunThread(poller.Run);
        Assert.NotNull(error);
        poller.Dispose();
        poller.Dispose();
        Assert.Throws<ObjectDisposedException>(poller.Run);
    }

    [Fact]
    public void Disposing_of_it_with_a_disposed_socket_in_it_throws_when_all_is_let_go()
    {
        NetMQLoopPoller poller = [];
        DealerSocket socket = new();
        poller.Add(socket);
        socket.Dispose();
        Assert.False(poller.IsDisposed);
        NetMQException error = Assert.Throws<NetMQException>(poller.Dispose);
        Assert.Contains("contains a disposed NetMQSocket", error.Message, StringComparison.Ordinal);
        Assert.True(poller.IsDisposed);
        Assert.True(poller.Loop.IsClosed);
        poller.Dispose();
    }

    [Fact]
    public void Posts_from_other_threads_never_block_however_many_there_are()
    {
        using NetMQWorld world = new();
        int count = 0;
        Deadline.RunThread(() =>
        {
            for (int i = 0; i < 100_000; i++) world.Loop.AddCallback(() => count++); // NetMQQueue's Enqueue would wait for a consumer
        });
        world.RunUntil(() => count == 100_000);
    }

    [Fact]
    public void A_flood_starves_neither_timers_nor_other_sockets()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket flooded, DealerSocket flooder) = world.Pair();
        (DealerSocket other, DealerSocket peer) = world.Pair();
        int received = 0;
        flooded.ReceiveReady += (_, args) =>
        {
            args.Socket.SkipFrame();
            flooder.SendFrame("more"); // there is always another one
            received++;
        };
        other.ReceiveReady += (_, args) => world.Log.Add(args.Socket.ReceiveFrameString());
        NetMQTimer timer = new(1);
        timer.Elapsed += (_, _) => world.Log.Add("tick");
        poller.Add(flooded);
        poller.Add(other);
        poller.Add(timer);
        for (int i = 0; i < 100; i++) flooder.SendFrame("");
        peer.SendFrame("other");
        world.RunUntil(() => world.Log.Contains("other") && world.Log.Contains("tick"));
        Assert.True(received > 0);
    }

    [Fact]
    public void One_turn_raises_no_more_events_of_a_socket_than_was_said()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop) { EventsPerTurn = 3 };
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        socket.ReceiveReady += (_, args) => world.Log.Add(args.Socket.ReceiveFrameString());
        poller.Add(socket);
        for (int i = 0; i < 5; i++) peer.SendFrame($"{i}");
        Assert.True(world.Loop.RunOnce(TimeSpan.FromSeconds(20)));
        Assert.Equal(["0", "1", "2"], world.Log);
        Assert.True(world.Loop.RunOnce(TimeSpan.FromSeconds(20)));
        Assert.Equal(["0", "1", "2", "3", "4"], world.Log);
    }

    [Fact]
    public void Handlers_attached_later_count_and_SendReady_is_asked_for_only_while_there_is_one()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        poller.Add(socket);
        peer.SendFrame("waiting");
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        void Write(object? sender, NetMQSocketEventArgs args)
        {
            Assert.Same(poller, sender);
            world.Log.Add("send");
            socket.SendReady -= Write;
        }

        socket.SendReady += Write;
        socket.ReceiveReady += (_, args) => world.Log.Add(args.Socket.ReceiveFrameString());
        world.RunUntil(() => world.Log.Count == 2);
        Assert.True(world.Loop.RunOnce(TimeSpan.FromMilliseconds(1)));
        Assert.Equal(["send", "waiting"], world.Log.Order());
    }

    [Fact]
    public void A_plain_socket_calls_back_until_it_is_removed()
    {
        using NetMQWorld world = new();
        using NetMQLoopPoller poller = new(world.Loop);
        using Socket receiver = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using Socket sender = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        poller.Add(receiver, socket => world.Log.Add($"{socket.Receive(new byte[10])} bytes"));
        sender.SendTo([1, 2, 3], receiver.LocalEndPoint!);
        world.RunUntil(() => world.Log.Count == 1);
        Assert.Equal(["3 bytes"], world.Log);
        poller.Remove(receiver);
        sender.SendTo([1], receiver.LocalEndPoint!);
        Assert.True(world.Loop.RunOnce(TimeSpan.FromMilliseconds(5)));
        Assert.Single(world.Log);
    }

    private sealed class RethrowingLoop() : ZMQIOLoop(NetMQEngine.Shared, new IOLoopOptions { MakeCurrent = false })
    {
        public override void HandleCallbackException(Exception exception, CallbackOrigin origin) =>
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception);
    }

    private sealed class BlockingQueue<T> : IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<T> _items = [];

        public void Add(T item) => _items.Add(item);

        public T Take() => _items.TryTake(out T? item, Deadline.Default) ? item : throw new TimeoutException();

        public void Dispose() => _items.Dispose();
    }
}
