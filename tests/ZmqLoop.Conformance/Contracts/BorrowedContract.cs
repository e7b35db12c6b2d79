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
        Assert.All(message, frame => Assert.Equal(("PUSH", "127.0.0.1", (string?)null),
            (frame.GetProperty("Socket-Type"), frame.GetProperty("Peer-Address"), frame.GetProperty("Nothing"))));
        Frame last = message[1];
        message.Clear();
        Assert.Throws<ObjectDisposedException>(() => last.GetProperty("Socket-Type"));
        Assert.Throws<InvalidOperationException>(() => new Message("x")[0].GetProperty("Socket-Type"));
    }

    [Fact]
    public void A_copied_frame_knows_of_its_connection_what_the_socket_was_told_to_keep()
    {
        Need(Abilities.Tcp | Abilities.Properties);
        ZMQSocket server = Make(SocketType.Pull);
        ZMQSocket client = Make(SocketType.Push);
        server.KeptProperties = ["Peer-Address", "X-Nothing"];
        Assert.Equal(["Peer-Address", "X-Nothing"], server.KeptProperties);
        server.Bind("tcp://127.0.0.1:*");
        client.Connect(server.LastEndpoint);
        Send(client, new Message("head", "", "a body that is too long to lie inside the structure"));
        Message? copy = null;
        Deadline.WaitUntil(() => server.TryReceive(out copy));
        Assert.Equal(["head", "", "a body that is too long to lie inside the structure"], copy!.Select(frame => frame.ToText()));
        Assert.Equal(4, copy![0].Memory.Length);
        Message reply = copy!.Reply("x");
        foreach (Frame frame in copy!.Append(reply[0]))
        {
            Assert.False(frame.IsBorrowed);
            Assert.Equal("127.0.0.1", frame.GetProperty("Peer-Address"));
            Assert.Null(frame.GetProperty("X-Nothing"));
            Assert.Contains("KeptProperties", Assert.Throws<InvalidOperationException>(() => frame.GetProperty("Socket-Type")).Message);
            Assert.False(frame.TryGetProperty("Socket-Type", out _));
        }

        server.KeptProperties = [];
        Send(client, new Message("next"));
        Deadline.WaitUntil(() => server.TryReceive(out copy));
        Assert.Contains("KeptProperties", Assert.Throws<InvalidOperationException>(() => copy![0].GetProperty("Peer-Address")).Message);
        Assert.Throws<ArgumentException>(() => server.KeptProperties = ["User-Id", ""]);
        Assert.Throws<ArgumentNullException>(() => server.KeptProperties = null!);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lent_in_a_row_messages_of_any_number_of_frames_show_their_own_bytes_and_are_over_then(bool single)
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        BorrowedMessages borrowed = new(single);
        List<Message> kept = [];
        Frame[] last = [];
        for (int round = 0; round < 100; round++)
        {
            Frame[] sent = [.. Enumerable.Range(0, 1 + round * 7 % 5).Select(i => Frame.Own(Bytes(round, i)))];
            Send(peer, new Message(sent));
            Message? message = null;
            Deadline.WaitUntil(() => (message = borrowed.TryReceive(socket, shared: false)) is not null);
            Assert.All(last, frame => Assert.Throws<ObjectDisposedException>(() => frame.Span.Length));
            Assert.Equal(sent, message!);
            last = [.. message!];
            if (round % 6 == 1) message!.Append("mine");
            if (round % 6 == 2) message!.Prepend("mine").Append("mine");
            if (round % 6 == 3) message!.Clear();
            if (round % 6 == 4) message!.Append(Frame.Own(Bytes(round, 9))).Clear();
            if (round % 6 != 5) continue;
            kept.Add(message!.Keep());
            last = [];
        }

        borrowed.End();
        Assert.Null(borrowed.TryReceive(socket, shared: false));
        borrowed.End();
        for (int i = 0; i < kept.Count; i++) Assert.Equal(Bytes(i * 6 + 5, 0), kept[i][0].ToArray());

        static byte[] Bytes(int round, int frame) =>
            [.. Enumerable.Repeat((byte)(round * 11 + frame), _sizes[(round + frame) % (_sizes.Length - 1)])];
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

    [Fact]
    public void A_span_outlives_its_message_and_a_collection()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        foreach (int size in _sizes)
        {
            byte[] bytes = Bytes(size);
            Send(peer, new Message("head", bytes));
            ReadOnlySpan<byte> span = SpanOfForgotten(socket, keep: size % 2 == 0);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            for (int i = 0; i < 10; i++)
            {
                Send(peer, new Message("other", new byte[size]));
                Receive(socket);
            }

            Assert.True(span.SequenceEqual(bytes));
        }
    }

    [Theory]
    [InlineData("disposed of")]
    [InlineData("received into")]
    [InlineData("a copy of another")]
    [InlineData("sent")]
    public void A_span_shows_its_own_bytes_whatever_becomes_of_its_message(string end)
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        foreach (int size in _sizes)
        {
            byte[] bytes = Bytes(size);
            Send(peer, new Message(bytes));
            Message message = new();
            Assert.True(socket.TryReceive(message));
            ReadOnlySpan<byte> span = message[0].Span;
            Send(peer, new Message(new byte[size]));
            switch (end)
            {
                case "disposed of": message.Dispose(); break;
                case "a copy of another": message.CopyFrom(new Message(new byte[size])); break;
                case "sent": Assert.True(socket.TrySend(message)); goto default;
                default: Assert.True(socket.TryReceive(message)); break;
            }

            if (end is not "received into" and not "sent") Receive(socket);
            Assert.True(span.SequenceEqual(bytes));
        }
    }

    [Fact]
    public void In_Borrow_the_memory_itself_is_shown_and_what_is_disposed_of_is_let_go_of_at_its_end()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        foreach (int size in _sizes)
        {
            byte[] bytes = Bytes(size);
            Send(peer, new Message("head", bytes));
            Send(peer, new Message("next", new byte[size]));
            Message message = new();
            Assert.True(socket.TryReceive(message));
            Frame frame = message[1];
            message.Borrow(borrowed =>
            {
                Assert.Same(message, borrowed);
                ReadOnlySpan<byte> span = borrowed[1].Span;
                borrowed.Borrow(inner => Assert.True(inner[1].Span.SequenceEqual(bytes))); // the inner one's end is not the outer one's
                Assert.True(socket.TryReceive(borrowed));
                Assert.Equal("next", borrowed[0].ToText());
                Assert.True(span.SequenceEqual(bytes));
                Assert.Throws<ObjectDisposedException>(() => frame.Span.Length);
            });
            Assert.Equal("next", message[0].ToText());
            Assert.Throws<InvalidOperationException>(() => message.Borrow(static _ => throw new InvalidOperationException()));
            message.Dispose();
            message.Borrow(static empty => Assert.Empty(empty));
        }
    }

    [Fact]
    public async Task What_another_thread_reads_while_the_message_is_received_into_is_right_or_refused()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        (ZMQSocket other, ZMQSocket far) = MakePair();
        Message incoming = new();
        Frame shared = default;
        bool done = false;
        int read = 0;
        var reader = Task.Run(() =>
        {
            Message copy = new();
            for (int i = 0; !Volatile.Read(ref done); i++)
            {
                try
                {
                    Frame frame = shared; // torn now and then: another frame's length is refused, too
                    if (frame.IsEmpty) continue;
                    switch (i % 4)
                    {
                        case 0: AssertSame(frame.Span); break;
                        case 1: AssertSame(frame.ToArray()); break;
                        case 2:
                            copy.CopyFrom(incoming);
                            if (copy.Count > 0) AssertSame(copy[0].Span);
                            break;
                        default:
                            if (other.TrySend(incoming)) AssertSame(Receive(far)[0].Span);
                            break;
                    }

                    Interlocked.Increment(ref read);
                }
                catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
                {
                    // refused
                }
            }
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < 20_000 || (Volatile.Read(ref read) < 100 && !reader.IsCompleted); i++)
        {
            byte[] bytes = new byte[1 + (i % 200)];
            Array.Fill(bytes, (byte)i);
            Assert.True(peer.TrySend(new Message(Frame.Own(bytes))));
            Assert.True(socket.TryReceive(incoming));
            shared = incoming[0];
            if (i % 3 == 0) incoming.Clear();
        }

        Volatile.Write(ref done, true);
        await reader;

        static void AssertSame(ReadOnlySpan<byte> bytes)
        {
            if (!bytes.IsEmpty) Assert.False(bytes.ContainsAnyExcept(bytes[0]));
        }
    }

    private static byte[] Bytes(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> SpanOfForgotten(ZMQSocket socket, bool keep)
    {
        Message message = new();
        Assert.True(socket.TryReceive(message));
        if (keep) message.Keep();
        return message[1].Span;
    }
}
