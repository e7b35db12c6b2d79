using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>pyzmq's tests of zmq.eventloop.future and zmq.asyncio, on real sockets.</summary>
public sealed partial class FutureTests
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <summary>Runs an async function on the loop, as run_sync does.</summary>
    private static void RunSync(RealWorld world, Func<Task> body) => world.Loop.RunSync(body, Deadline.Default);

    [Fact]
    public void ReceiveAsync_completes_with_all_frames()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        RunSync(world, async () =>
        {
            Task<Message> first = stream.ReceiveAsync(Ends).AsTask();
            Assert.False(first.IsCompleted);
            RealWorld.Send(peer, "hi", "there");
            Assert.Equal("hi|there", (await first).Text());
        });
    }

    [Fact]
    public void A_cancelled_ReceiveAsync_takes_no_message()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        RunSync(world, async () =>
        {
            using CancellationTokenSource cancel = new();
            Task<Message> first = stream.ReceiveAsync(cancel.Token).AsTask();
            Task<Message> second = stream.ReceiveAsync(Ends).AsTask();
            await cancel.CancelAsync();
            RealWorld.Send(peer, "hi", "there");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            Assert.Equal("hi|there", (await second).Text());
        });
    }

    [Fact]
    public void A_ReceiveAsync_whose_time_is_over_throws_TimeoutException_and_the_next_one_works()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        RunSync(world, async () =>
        {
            await Assert.ThrowsAsync<TimeoutException>(async () => await stream.ReceiveAsync(TimeSpan.FromMilliseconds(20), Ends));
            Task<Message> next = stream.ReceiveAsync(Deadline.Default, Ends).AsTask();
            RealWorld.Send(peer, "hi");
            Assert.Equal("hi", (await next).Text());
        });
    }

    [Fact]
    public void SendAsync_without_a_peer_fails_when_its_time_is_over()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push);
        RunSync(world, async () =>
        {
            MessageNotSentException error = await Assert.ThrowsAsync<MessageNotSentException>(() =>
                stream.SendAsync(new Message("not going anywhere"), TimeSpan.FromMilliseconds(20), Ends));
            Assert.Equal(NotSentReason.Expired, error.Reason);
        });
    }

    [Fact]
    public void TrySend_of_the_socket_says_no_without_a_peer()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push);
        Assert.False(stream.Socket.TrySend(new Message("not going anywhere")));
        Assert.False(stream.Socket.TrySend(new Message("not", "going")));
    }

    [Fact]
    public void Texts_values_and_objects_make_the_round_trip_and_a_cancelled_receive_eats_none()
    {
        using RealWorld world = new();
        Binary serializer = new();
        ZMQStream sender = world.Stream(SocketType.Push, new ZMQStreamOptions { Serializer = serializer });
        string name = RealWorld.Inproc();
        sender.Bind(name);
        ZMQStream receiver = world.Stream(SocketType.Pull);
        receiver.Connect(name);
        RunSync(world, async () =>
        {
            using CancellationTokenSource cancel = new();
            Task<Message> cancelled = receiver.ReceiveAsync(cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            sender.SendString("πøß");
            sender.SendJson(new Point(1, 2), PointJson.Default.Point);
            sender.SendObject(new Point(3, 4));
            sender.Send("bytes"u8);
            sender.Send(new ReadOnlyMemory<byte>([1, 2]));
            sender.Send(Frame.Write(target => target.Write("written"u8)));
            Assert.Equal("πøß", (await receiver.ReceiveAsync(Ends))[0].ToText());
            Assert.Equal(new Point(1, 2), (await receiver.ReceiveAsync(Ends))[0].ToJson(PointJson.Default.Point));
            Assert.Equal(new Point(3, 4), serializer.Deserialize<Point>((await receiver.ReceiveAsync(Ends))[0].Span));
            Assert.Equal("bytes", (await receiver.ReceiveAsync(Ends)).Text());
            Assert.Equal([1, 2], (await receiver.ReceiveAsync(Ends))[0].ToArray());
            Assert.Equal("written", (await receiver.ReceiveAsync(Ends)).Text());
        });
    }

    [Fact]
    public void Without_a_serializer_SendObject_says_what_to_do_and_what_a_serializer_throws_leaves_the_call()
    {
        using RealWorld world = new();
        Assert.Contains("Serializer", Assert.Throws<InvalidOperationException>(() => world.Stream(SocketType.Push).SendObject(1)).Message,
            StringComparison.Ordinal);
        ZMQStream stream = world.Stream(SocketType.Push, new ZMQStreamOptions { Serializer = new Binary() });
        Assert.Throws<NotSupportedException>(() => stream.SendObject("no point"));
        Assert.Equal(0, stream.SendQueueLength);
        Assert.Throws<JsonException>(() => Frame.FromString("{").ToJson(PointJson.Default.Point));
    }

    [Fact]
    public void A_custom_serializer_keeps_the_envelope_between_ROUTER_and_DEALER()
    {
        using RealWorld world = new();
        ZMQStream router = world.Stream(SocketType.Router, new ZMQStreamOptions { EnvelopeFormat = EnvelopeFormat.Delimiter });
        ZMQStream dealer = world.Stream(SocketType.Dealer);
        string name = RealWorld.Inproc();
        router.Bind(name);
        dealer.Connect(name);
        RunSync(world, async () =>
        {
            dealer.Send(new Message("", Frame.FromJson(new Point(5, 6), PointJson.Default.Point)));
            Message request = await router.ReceiveAsync(Ends);
            Assert.Equal(2, request.Envelope.Length);
            Assert.Equal(new Point(5, 6), request.Body[0].ToJson(PointJson.Default.Point));
            Message reply = new(request.Envelope);
            router.Send(reply.Append(Frame.FromJson(new Point(6, 5), PointJson.Default.Point)));
            Assert.Equal(new Point(6, 5), (await dealer.ReceiveAsync(Ends)).Body[0].ToJson(PointJson.Default.Point));
        });
    }

    [Fact]
    public void PollAsync_says_what_is_possible_and_the_message_can_still_be_received()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        ZMQStream push = world.Stream(SocketType.Push);
        push.Bind(RealWorld.Inproc());
        RunSync(world, async () =>
        {
            Assert.Equal(IOEvents.None, await stream.PollAsync(timeout: TimeSpan.Zero, cancellationToken: Ends));
            Assert.Equal(IOEvents.None, await stream.PollAsync(timeout: TimeSpan.FromMilliseconds(1), cancellationToken: Ends));
            Task<IOEvents> poll = stream.PollAsync(cancellationToken: Ends);
            Task<IOEvents> room = push.PollAsync(IOEvents.Write, cancellationToken: Ends);
            RealWorld.Send(peer, "hi", "there");
            Assert.Equal(IOEvents.Read, await poll);
            Assert.Equal("hi|there", (await stream.ReceiveAsync(Ends)).Text());
            Assert.False(room.IsCompleted);
            world.Socket(SocketType.Pull).Connect(push.Socket.LastEndpoint);
            Assert.Equal(IOEvents.Write, await room);
        });
    }

    [Fact]
    public void A_stream_awaited_on_the_thread_pool_serves_all_its_messages_there()
    {
        const int Count = 2_000;
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Dealer, SocketType.Dealer);
        Task server = Task.Run(async () =>
        {
            int number = 0;
            await foreach (Message message in stream.ReadAllAsync(Ends))
            {
                Assert.False(world.Loop.CheckAccess());
                await stream.SendAsync(new Message("re: " + message.Text()), Ends);
                if (++number == Count) break;
            }
        }, Ends);
        Thread client = new(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                RealWorld.Send(peer, $"{i}");
                Assert.Equal($"re: {i}", RealWorld.Receive(peer));
            }
        });
        client.Start();
        Deadline.RunUntil(world.Loop, () => server.IsCompleted);
        client.Join();
        Assert.True(server.IsCompletedSuccessfully, server.Exception?.ToString());
    }

    [Fact]
    public void An_await_under_another_synchronization_context_resumes_there()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pair, SocketType.Pair);
        using IOLoop other = new(new IOLoopOptions { MakeCurrent = false }); // as a user interface has one
        Thread ui = new(() => other.Start());
        Task<bool> resumed = other.InvokeAsync(async () =>
        {
            Message message = await stream.ReceiveAsync(Ends);
            Assert.Equal("hi", message.Text());
            await stream.SendAsync(message, Ends).ContinueWith(static _ => { }, TaskScheduler.Default);
            return other.IsRunning && other.CheckAccess();
        });
        ui.Start();
        RealWorld.Send(peer, "hi");
        Deadline.RunUntil(world.Loop, () => resumed.IsCompleted);
        other.Stop();
        ui.Join();
        Assert.True(resumed.Result);
    }

    [Fact]
    public void A_socket_can_be_used_on_several_loops_one_after_the_other()
    {
        using RealWorld world = new();
        ZMQSocket socket = world.Socket(SocketType.Pull);
        ZMQSocket peer = world.Socket(SocketType.Push);
        string name = RealWorld.Inproc();
        socket.Bind(name);
        peer.Connect(name);
        for (int i = 0; i < 3; i++)
        {
            using ZMQIOLoop loop = new(world.Engine, new IOLoopOptions { MakeCurrent = false });
            using ZMQStream stream = new(socket, loop, new ZMQStreamOptions { LeaveOpen = true });
            RealWorld.Send(peer, $"{i}");
            Assert.Equal($"{i}", loop.RunSync(async () => (await stream.ReceiveAsync(Ends)).Text(), Deadline.Default));
        }

        Assert.False(socket.IsClosed);
    }

    [Fact]
    public async Task Closing_the_loop_with_all_its_sockets_ends_what_waits()
    {
        RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Pull);
        Task<Message> receive = stream.ReceiveAsync(Ends).AsTask();
        world.Loop.Close(allFds: true);
        Assert.True(stream.Socket.IsClosed);
        Assert.True(stream.IsClosed);
        stream.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive);
        Action again = () => stream.ReceiveAsync(Ends).AsTask();
        Assert.Throws<ObjectDisposedException>(again);
        world.Dispose();
    }

    [Fact]
    public async Task Closing_the_loop_alone_ends_what_waits_for_it_and_leaves_the_queue_to_CloseAsync()
    {
        RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Dealer);
        string name = RealWorld.Inproc();
        stream.Bind(name);
        using ZMQSocket peer = world.Engine.CreateSocket(SocketType.Dealer);
        peer.Connect(name);
        Task<Message> receive = stream.ReceiveAsync(Ends).AsTask();
        Task<IOEvents> poll = stream.PollAsync(IOEvents.Read, cancellationToken: Ends);
        ValueTask<bool> next = stream.ReadAllAsync(Ends).GetAsyncEnumerator(Ends).MoveNextAsync();
        Task sent = stream.SendAsync(new Message("queued"), Ends);
        world.Loop.Close();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receive);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => poll);
        Assert.False(await next);
        Action late = () => _ = stream.PollAsync(cancellationToken: Ends);
        Assert.Throws<ObjectDisposedException>(late);
        Assert.False(stream.Socket.IsClosed);
        await stream.CloseAsync(TimeSpan.FromSeconds(1));
        await sent;
        Assert.True(stream.Socket.IsClosed);
        Message? arrived = null;
        Deadline.WaitUntil(() => peer.TryReceive(out arrived));
        Assert.Equal("[queued]", arrived!.ToString());
        world.Dispose();
    }

    [Fact]
    public void A_REQ_asked_out_of_turn_says_whose_turn_it_is_and_its_stream_just_waits()
    {
        using RealWorld world = new();
        ZMQStream client = world.Stream(SocketType.Req);
        ZMQStream server = world.Stream(SocketType.Rep);
        string name = RealWorld.Inproc();
        server.Bind(name);
        client.Connect(name);
        Assert.Contains("whose turn", Assert.Throws<ZMQException>(() => client.Socket.TryReceive(out _)).Message, StringComparison.Ordinal);
        Assert.Equal(0, client.Discard());
        RunSync(world, async () =>
        {
            Task<Message> reply = client.ReceiveAsync(Ends).AsTask();
            Assert.Equal(IOEvents.None, await client.PollAsync(timeout: TimeSpan.FromMilliseconds(1), cancellationToken: Ends));
            client.Send("question");
            Assert.Equal("question", (await server.ReceiveAsync(Ends)).Text());
            Task<Message> early = server.ReceiveAsync(Ends).AsTask(); // before the reply: waits for the next request
            server.Send("answer");
            Assert.Equal("answer", (await reply).Text());
            client.Send("again");
            Assert.Equal("again", (await early).Text());
        });
    }

    internal sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    internal sealed partial class PointJson : JsonSerializerContext;

    private sealed class Binary : IFrameSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> target)
        {
            if (value is not Point point) throw new NotSupportedException($"{value} is no point.");
            target.Write([(byte)point.X, (byte)point.Y]);
        }

        public T? Deserialize<T>(ReadOnlySpan<byte> source) => (T)(object)new Point(source[0], source[1]);
    }
}
