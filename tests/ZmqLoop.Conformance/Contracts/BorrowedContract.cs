using ZmqLoop.Testing;

namespace ZmqLoop.Conformance;

/// <summary>Messages that look into the engine's memory.</summary>
public abstract class BorrowedContract(EngineUnderTest subject) : EngineContract(subject)
{
    private static readonly int[] _sizes = [0, 1, 29, 30, 33, 34, 64, 1000, 100_000];

    [Fact]
    public void Frames_show_what_was_sent_and_throw_once_their_message_was_released()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Message message = new();
        foreach (int size in _sizes)
        {
            byte[] bytes = new byte[size];
            Array.Fill(bytes, (byte)size);
            Send(peer, new Message("head", bytes, ""));
            Assert.True(socket.TryReceive(message));
            Assert.Equal(3, message.Count);
            Frame frame = message[1];
            Assert.True(frame.IsBorrowed);
            Assert.Equal(bytes, frame.ToArray());
            message.Clear();
            Assert.Throws<ObjectDisposedException>(() => frame.ToArray());
        }
    }

    [Fact]
    public void Lent_memory_arrives_as_it_was_and_its_tracker_ends_when_nobody_holds_it()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        foreach (int size in _sizes)
        {
            byte[] bytes = new byte[size];
            Array.Fill(bytes, (byte)size);
            Message message = new("head");
            Task released = message.Lend(bytes, Engine);
            Send(peer, message);
            Send(peer, message);
            message.Append("tail");
            message.Dispose();
            for (int i = 0; i < 2; i++)
            {
                Message received = Receive(socket);
                Assert.Equal(2, received.Count);
                Assert.Equal(bytes, received[1].ToArray());
            }

            Deadline.WaitUntil(() => released.IsCompletedSuccessfully);
        }
    }

    [Fact]
    public void A_borrowed_frame_knows_what_connection_it_came_by_and_an_owned_one_does_not()
    {
        Need(Abilities.Tcp | Abilities.Properties);
        ZMQSocket server = Make(SocketType.Pull);
        ZMQSocket client = Make(SocketType.Push);
        server.Bind("tcp://127.0.0.1:*");
        client.Connect(server.LastEndpoint);
        Message message = new();
        Send(client, new Message("head", "a body that is too long to lie inside the structure"));
        Deadline.WaitUntil(() => server.TryReceive(message));
        Assert.All(message, frame => Assert.Equal(("PUSH", "127.0.0.1", (string?)null), (frame.GetProperty("Socket-Type"), frame.GetProperty("Peer-Address"), frame.GetProperty("Nothing"))));
        Frame last = message[1];
        message.Clear();
        Assert.Throws<ObjectDisposedException>(() => last.GetProperty("Socket-Type"));
        Assert.Throws<InvalidOperationException>(() => new Message("x")[0].GetProperty("Socket-Type"));
    }

    [Fact]
    public void Receiving_again_releases_what_the_message_held()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Message message = new();
        Send(peer, new Message("one"));
        Send(peer, new Message("two"));
        Assert.True(socket.TryReceive(message));
        Frame one = message[0];
        Assert.True(socket.TryReceive(message));
        Assert.Equal("two", message[0].ToText());
        Assert.Throws<ObjectDisposedException>(() => one.Span.Length);
        Assert.False(socket.TryReceive(message));
        Assert.Empty(message);
    }

    [Fact]
    public void A_borrowed_message_can_be_sent_on_and_stays_ones_own()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        byte[] bytes = new byte[5000];
        new Random(7).NextBytes(bytes);
        Send(peer, new Message("head", bytes));
        Message message = new();
        Assert.True(socket.TryReceive(message));
        Assert.True(socket.TrySend(message));
        Assert.True(socket.TrySend(message));
        Assert.Equal(bytes, message[1].ToArray());
        message.Dispose();
        for (int i = 0; i < 2; i++) Assert.Equal(bytes, Receive(peer)[1].ToArray());
    }

    [Fact]
    public void A_copy_survives_the_original()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        byte[] bytes = new byte[5000];
        new Random(7).NextBytes(bytes);
        Send(peer, new Message("head", bytes));
        Message message = new();
        Message copy = new();
        Assert.True(socket.TryReceive(message));
        copy.CopyFrom(message);
        message.Dispose();
        Assert.Equal("head", copy[0].ToText());
        Assert.Equal(bytes, copy[1].ToArray());
    }

    [Fact]
    public void A_kept_message_survives_the_next_receive_and_a_collection()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        byte[] bytes = new byte[5000];
        Send(peer, new Message("one", bytes));
        Send(peer, new Message("two"));
        Message kept = new();
        Assert.True(socket.TryReceive(kept));
        kept.Keep();
        Assert.True(socket.TryReceive(new Message()));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("one", kept[0].ToText());
        Assert.Equal(bytes, kept[1].ToArray());
        kept.Dispose();
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(1000, 1)]
    [InlineData(1000, 3)]
    public void Sending_and_receiving_borrowed_allocates_nothing(int size, int frames)
    {
        Need(Abilities.NoGarbage | Abilities.NoQueueGarbage);
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Message outgoing = new();
        for (int i = 0; i < frames; i++) outgoing.Append(new byte[size]);
        Message incoming = new();
        long before = 0;
        for (int i = 0; i < 4000; i++)
        {
            if (i == 1000) before = GC.GetAllocatedBytesForCurrentThread();
            peer.TrySend(outgoing);
            socket.TryReceive(incoming);
            socket.TrySend(incoming);
            socket.TryReceive(incoming);
            peer.TryReceive(incoming);
        }

        Allocations.AssertNone(GC.GetAllocatedBytesForCurrentThread() - before, 3000);
    }
}
