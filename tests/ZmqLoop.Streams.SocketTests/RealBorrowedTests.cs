using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>Spans and messages of real engines, looked at longer than they were meant to be: their own bytes, or an error.</summary>
public sealed class RealBorrowedTests
{
    private const int Size = 100_000;

    private readonly byte[] _bytes = new byte[Size];

    public RealBorrowedTests() => new Random(5).NextBytes(_bytes);

    [Theory]
    [InlineData(SocketType.Pull, SocketType.Push, false)]
    [InlineData(SocketType.Pull, SocketType.Push, true)]
    [InlineData(SocketType.Sub, SocketType.XPub, true)]
    [InlineData(SocketType.Router, SocketType.Dealer, true)]
    [InlineData(SocketType.Rep, SocketType.Req, false)]
    [InlineData(SocketType.Pair, SocketType.Pair, false)]
    public void A_span_of_a_kept_message_outlives_everything(SocketType type, SocketType peerType, bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(type, peerType, tcp);
        if (type == SocketType.Sub) stream.Subscribe("");
        Queue<Message> kept = new();
        stream.OnRecv(message => kept.Enqueue(message.Keep()), copy: false);
        Message sent = new(_bytes);
        bool once = false;
        world.RunUntil(() =>
        {
            if (type == SocketType.Sub || !once) once |= peer.TrySend(sent); // a subscription takes its time to arrive
            return kept.Count > 0;
        });
        ReadOnlySpan<byte> span = SpanOfLast(kept);
        stream.Close(TimeSpan.Zero);
        world.RunUntil(() => stream.Socket.IsClosed);
        world.Engine.Dispose();
        Collect();
        Assert.True(span.SequenceEqual(_bytes));
    }

    [Fact]
    public void Views_and_readers_of_a_message_end_with_it()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Router, SocketType.Dealer,
            options: new ZMQStreamOptions { EnvelopeFormat = EnvelopeFormat.Delimiter });
        RealWorld.Send(peer, "", """{"a":1}""", _bytes);
        Frame[] body = [];
        IEnumerator<Frame>? frames = null;
        int read = 0;
        stream.OnRecv(message =>
        {
            body = [.. message.Body];
            frames = message.GetEnumerator();
            Utf8JsonReader reader = new(message.Body[0].Span);
            while (reader.Read()) read++;
            Assert.True(message.Body[1].Span[1..^1].SequenceEqual(_bytes.AsSpan(1..^1)));
        }, copy: false);
        world.RunUntil(() => body.Length > 0);
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(4, read);
        Assert.All(body, static frame => Assert.Throws<ObjectDisposedException>(() => frame.Span.Length));
        Assert.Throws<ObjectDisposedException>(() => frames!.MoveNext());
    }

    [Fact]
    public void What_another_thread_reads_of_callbacks_messages_is_right_or_an_error()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        List<Task> readers = [];
        int wrong = 0;
        int right = 0;
        int refused = 0;
        int received = 0;
        stream.OnRecv(message =>
        {
            if (++received % 2 == 0) message.Keep();
            readers.Add(Task.Run(() => Read(message)));
        }, copy: false);
        Task sender = Task.Run(() =>
        {
            for (int i = 0; i < 2_000; i++) RealWorld.Send(peer, Filled(i));
        });
        world.RunUntil(() => received == 2_000);
        Task.WaitAll([.. readers, sender], TestContext.Current.CancellationToken);
        Assert.Equal(0, wrong);
        Assert.Equal(2_000, right + refused);
        Assert.True(right > 0 && refused > 0, $"{right} right, {refused} refused");

        void Read(Message message)
        {
            try
            {
                byte[] bytes = message[0].Span.ToArray();
                if (bytes.AsSpan().ContainsAnyExcept(bytes[0])) Interlocked.Increment(ref wrong);
                else Interlocked.Increment(ref right);
                message.Dispose();
            }
            catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
            {
                Interlocked.Increment(ref refused); // of the callback's thread, or over
            }
        }

        static byte[] Filled(int value)
        {
            byte[] bytes = new byte[1 + (value % 500)];
            Array.Fill(bytes, (byte)value);
            return bytes;
        }
    }

    [Fact]
    public void What_is_received_by_asking_is_the_askers_own()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        for (int i = 0; i < 3; i++) RealWorld.Send(peer, _bytes);
        List<Message> got = [];
        world.Loop.RunSync(
            async () =>
            {
                got.Add(await stream.ReceiveAsync(TestContext.Current.CancellationToken));
                await foreach (Message message in stream.ReadAllAsync(TestContext.Current.CancellationToken))
                {
                    got.Add(message);
                    break;
                }

                got.Add(await stream.Reader.ReadAsync(TestContext.Current.CancellationToken));
            },
            Deadline.Default);
        stream.Close();
        world.Engine.Dispose();
        Collect();
        Assert.All(got, message => Assert.Equal(_bytes, message[0].ToArray()));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> SpanOfLast(Queue<Message> messages)
    {
        ReadOnlySpan<byte> span = messages.Peek()[^1].Span;
        messages.Clear();
        return span;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
