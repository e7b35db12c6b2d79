namespace ZmqLoop.Streams.SocketTests;

/// <summary>Sending without a copy: the caller's memory is libzmq's until the tracker ends, and not a moment less.</summary>
public sealed class LendTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_tracker_ends_when_libzmq_needs_the_memory_no_more(bool tcp)
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Push, SocketType.Pull, tcp);
        byte[] bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        byte[] sent = [.. bytes];
        Task released;
        using (Message message = new("head"))
        {
            released = message.Lend(bytes, stream.Socket.Engine);
            stream.Send(message);
        }

        Assert.False(released.IsCompleted); // the queue's
        Message? received = null;
        world.RunUntil(() => peer.TryReceive(out received));
        Assert.Equal(sent, received![1].ToArray());
        await released.WaitAsync(Deadline.Default, TestContext.Current.CancellationToken);
        Assert.Equal("head", received[0].ToText());
    }

    [Fact]
    public void Over_inproc_the_receiver_looks_into_the_senders_memory_and_holds_it()
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Push, SocketType.Pull);
        byte[] bytes = new byte[1000];
        Task released;
        using (Message message = new())
        {
            released = message.Lend(bytes, stream.Socket.Engine);
            stream.Send(message);
        }

        using Message received = new();
        world.RunUntil(() => peer.TryReceive(received));
        Assert.False(released.IsCompleted);
        bytes[7] = 77; // against the rule, to see whose memory it is
        Assert.Equal(77, received[0].Span[7]);
        received.Clear();
        Deadline.WaitUntil(() => released.IsCompleted);
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("terminated")]
    [InlineData("dropped")]
    [InlineData("collected")]
    public void A_message_that_never_leaves_gives_its_memory_back_all_the_same(string end)
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push); // to nobody
        Exception? told = null;
        Task released = Send();
        Deadline.RunUntil(world.Loop, () => true);
        Assert.False(released.IsCompleted);
        switch (end)
        {
            case "closed": stream.Close(TimeSpan.Zero); break;
            case "terminated":
                world.Engine.Dispose();
                stream.Close(TimeSpan.Zero);
                break;
            default:
                stream.ClearSendQueue();
                Deadline.RunUntil(world.Loop, () => told is not null);
                break;
        }

        Deadline.WaitUntil(() =>
        {
            if (end == "collected")
            {
                GC.Collect(); // the sender's own message, which it never disposed of
                GC.WaitForPendingFinalizers();
            }

            return released.IsCompleted;
        });
        Assert.Equal(end is "dropped" or "collected", told is MessageNotSentException);

        Task Send()
        {
            Message message = new();
            Task tracker = message.Lend(new byte[5000], stream.Socket.Engine);
            stream.Send(message, (_, error) => told = error);
            if (end != "collected") message.Dispose();
            return tracker;
        }
    }

    [Fact]
    public void What_the_socket_took_and_cannot_deliver_is_given_back_when_the_context_ends()
    {
        Task released;
        using (RealWorld world = new())
        {
            ZMQStream stream = world.Stream(SocketType.Push);
            stream.Connect("tcp://127.0.0.1:1"); // nobody listens: libzmq keeps it
            bool sent = false;
            using (Message message = new())
            {
                released = message.Lend(new byte[5000], stream.Socket.Engine);
                stream.Send(message, (_, error) => sent = error is null);
            }

            world.RunUntil(() => sent);
        }

        Deadline.WaitUntil(() => released.IsCompleted);
    }

    [Fact]
    public void Under_the_collectors_pressure_every_byte_arrives_and_every_tracker_ends()
    {
        const int Count = 2_000;
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Push, SocketType.Pull, tcp: true);
        Task[] released = new Task[Count];
        for (int i = 0; i < Count; i++)
        {
            byte[] bytes = new byte[100 + i];
            Array.Fill(bytes, (byte)i);
            using Message message = new($"{i}");
            released[i] = message.Lend(bytes, stream.Socket.Engine);
            stream.Send(message);
            if (i % 100 == 0) GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        }

        int received = 0;
        world.RunUntil(() =>
        {
            while (peer.TryReceive(out Message? message))
            {
                Assert.Equal($"{received}", message[0].ToText());
                Assert.Equal(100 + received, message[1].Length);
                Assert.False(message[1].Span.ContainsAnyExcept((byte)received));
                received++;
                if (received % 200 == 0) GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            }

            return received == Count;
        });
        Deadline.WaitUntil(() => Array.TrueForAll(released, task => task.IsCompletedSuccessfully));
    }

    [Fact]
    public void What_is_short_is_copied_and_an_engine_that_cannot_lend_copies_too()
    {
        using RealWorld world = new();
        byte[] bytes = "short"u8.ToArray();
        using Message message = new();
        Assert.True(message.Lend(bytes, world.Engine).IsCompletedSuccessfully);
        Assert.True(message.Lend(new byte[5000], ScriptedEngine.Shared).IsCompletedSuccessfully);
        bytes[0] = (byte)'x';
        Assert.Equal("short", message[0].ToText());
        Action lend = () => message.Lend(bytes, null!);
        Assert.Throws<ArgumentNullException>(lend);
    }

    [Fact]
    public void To_many_subscribers_the_memory_is_lent_once_and_given_back_after_the_last()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.XPub);
        int port = stream.BindToRandomPort("tcp://127.0.0.1");
        ZMQSocket[] peers = [.. Enumerable.Range(0, 5).Select(_ => world.Socket(SocketType.Sub))];
        foreach (ZMQSocket peer in peers)
        {
            peer.Subscribe("");
            peer.Connect($"tcp://127.0.0.1:{port}");
        }

        int subscribed = 0;
        stream.OnRecv(_ => subscribed++);
        stream.Set(ZMQSocketOptions.XPubVerbose, true);
        world.RunUntil(() => subscribed == 5);
        Task released;
        using (Message message = new())
        {
            released = message.Lend(new byte[100_000], stream.Socket.Engine);
            stream.Send(message);
        }

        int got = 0;
        world.RunUntil(() =>
        {
            got += peers.Count(peer => peer.TryReceive(out _));
            return got == 5;
        });
        Deadline.WaitUntil(() => released.IsCompleted);
    }
}
