using System.Text.Json.Serialization;

namespace ZmqLoop.Streams.Tests;

public sealed partial class SendTests
{
    [Fact]
    public void Send_neither_sends_nor_calls_back_before_it_returns()
    {
        using StreamWorld world = new();
        world.Loop.AddCallback(() =>
        {
            world.Stream.Send("1", world.LogSent());
            Assert.Equal(0, world.Socket.SendAttempts);
            world.Log.Add("after send");
        });
        world.Run();
        Assert.Equal(["after send", "sent 1"], world.Log);
    }

    [Fact]
    public void Whatever_is_natural_to_write_is_sent()
    {
        using StreamWorld world = new();
        ZMQStream stream = world.Stream;
        byte[] bytes = "bytes"u8.ToArray();
        ReadOnlyMemory<byte> memory = bytes;
        TimeSpan minute = TimeSpan.FromMinutes(1);
        CancellationToken none = CancellationToken.None;
        Action<Message, Exception?> callback = static (_, _) => { };
        Task[] tasks =
        [
            stream.SendAsync("a"), stream.SendAsync(bytes), stream.SendAsync(memory), stream.SendAsync("b"u8),
            stream.SendAsync(new Message("c", "d")), stream.SendAsync("e", none), stream.SendAsync(bytes, minute),
            stream.SendAsync(memory, minute, none), stream.SendAsync(new Message("f"), minute, none),
        ];
        AssertSent("a bytes bytes b c|d e bytes bytes f");
        Assert.All(tasks, static task => Assert.True(task.IsCompletedSuccessfully));

        Assert.True(stream.TrySend("a") && stream.TrySend(bytes) && stream.TrySend(memory) && stream.TrySend("b"u8)
            && stream.TrySend(new Message("c")) && stream.TrySend("d", callback) && stream.TrySend(bytes, callback));
        AssertSent("a bytes bytes b c d bytes");

        stream.Send("a");
        stream.Send(bytes);
        stream.Send(memory);
        stream.Send("b"u8);
        stream.Send(new Message("c", "d"));
        stream.Send("e", callback);
        stream.Send("f", minute);
        stream.Send(bytes, minute, callback);
        stream.Send(new Message("g"), minute);
        AssertSent("a bytes bytes b c|d e f bytes g");

        stream.SendString("h");
        stream.SendMultipart("i", bytes, memory);
        stream.SendMultipart(new Message("j", "k"), callback);
        stream.SendMultipart("l");
        AssertSent("h i|bytes|bytes j|k l");

        void AssertSent(string texts)
        {
            world.Run();
            Assert.Equal(texts, string.Join(' ', world.Socket.Outbox));
            world.Socket.Outbox.Clear();
        }
    }

    [Fact]
    public void A_sends_callback_belongs_to_that_send_alone()
    {
        using StreamWorld world = new();
        world.Stream.OnSend(world.LogSent("stream"));
        world.Stream.Send("a", world.LogSent("A"));
        world.Stream.Send("b", world.LogSent("B"));
        world.Stream.Send("c");
        world.Run();
        Assert.Equal(["A a", "B b", "stream c"], world.Log);
        Assert.False(world.Stream.IsSending);
    }

    [Fact]
    public void OnSendStream_gives_the_stream_and_StopOnSend_ends_it()
    {
        using StreamWorld world = new();
        world.Stream.OnSendStream((stream, message, error) =>
        {
            Assert.Same(world.Stream, stream);
            Assert.Null(error);
            world.Log.Add(message.Text());
        });
        world.Stream.Send("1");
        world.Run();
        world.Stream.StopOnSend();
        world.Stream.Send("2");
        world.Run();
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public void Would_block_keeps_the_message_at_the_head_without_a_callback_and_without_spinning()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        world.Stream.Send("1", world.LogSent());
        world.Stream.Send("2", world.LogSent());
        world.Run();
        Assert.Empty(world.Log);
        Assert.Equal(2, world.Stream.SendQueueLength);
        Assert.InRange(world.Loop.Poller.Polls.Count, 1, 3);

        world.Socket.Room = 2;
        world.Run();
        Assert.Equal(["sent 1", "sent 2"], world.Log);
    }

    [Theory]
    [InlineData(SocketType.Router)]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.XPub)]
    [InlineData(SocketType.Pub)]
    public void A_socket_that_says_it_is_writable_and_is_not_is_asked_again_after_a_while(SocketType type)
    {
        using StreamWorld world = new(type: type);
        world.Socket.AlwaysSaysWritable = true;
        world.Socket.Room = 0;
        world.Stream.Send("1");
        world.Loop.CallLater(TimeSpan.FromSeconds(1), () => world.Socket.Room = 1);
        world.Run();
        Assert.Equal(["1"], world.Socket.Outbox);
        Assert.InRange(world.Socket.SendAttempts, 2, 500);
    }

    [Fact]
    public void A_failure_belongs_to_its_message_and_the_next_go()
    {
        using StreamWorld world = new();
        ZMQException unreachable = new(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "no such peer");
        world.Socket.FailSend(2, unreachable);
        world.Stream.Send("1", world.LogSent());
        world.Stream.Send("2", (message, error) =>
        {
            Assert.Same(unreachable, error);
            world.Log.Add("failed " + message.Text());
        });
        world.Stream.Send("3", world.LogSent());
        world.Run();
        Assert.Equal(["sent 1", "failed 2", "sent 3"], world.Log);
        Assert.Equal(["1", "3"], world.Socket.Outbox);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_failure_that_nobody_asked_about_is_reported_with_its_message()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(1, new ZMQException("no"));
        world.Stream.Send("1");
        world.Stream.Send("2");
        world.Run();
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Equal("no", error.Message);
        Assert.Same(world.Stream, origin.Owner);
        Assert.Equal("1", Assert.IsType<Message>(origin.Item).Text());
        Assert.Equal(["2"], world.Socket.Outbox);
    }

    [Fact]
    public async Task SendAsync_ends_when_the_engine_took_the_message_or_with_what_went_wrong()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(2, new ZMQException("no"));
        Task first = world.Stream.SendAsync(new Message("1"));
        Task second = world.Stream.SendAsync(new Message("2"));
        Assert.False(first.IsCompleted);
        world.Run();
        await first;
        Assert.Equal("no", (await Assert.ThrowsAsync<ZMQException>(() => second)).Message);
    }

    [Fact]
    public void A_send_callback_that_throws_is_reported_once_and_the_next_messages_go()
    {
        using StreamWorld world = new();
        Action<Message, Exception?> bad = static (_, _) => throw StreamWorld.Oops;
        world.Stream.OnSend(world.LogSent());
        world.Stream.Send("1", bad);
        world.Stream.Send("2");
        world.Run();
        Assert.Equal(["sent 2"], world.Log);
        CallbackOrigin origin = Assert.Single(world.Loop.Errors).Origin;
        Assert.Same(bad, origin.Callback);
        Assert.Equal("1", Assert.IsType<Message>(origin.Item).Text());
    }

    [Fact]
    public void Wrong_arguments_throw_at_the_call_and_nothing_is_queued()
    {
        using StreamWorld world = new();
        Assert.Throws<ArgumentException>(() => world.Stream.Send(new Message()));
        Assert.Throws<ArgumentException>(() => world.Stream.SendMultipart());
        Assert.Throws<ArgumentNullException>(() => world.Stream.Send((Message)null!));
        Assert.Throws<ArgumentNullException>(() => world.Stream.SendString(null!));
        Action sendAsync = () => world.Stream.SendAsync((Message)null!);
        Assert.Throws<ArgumentNullException>(sendAsync);
        Assert.Throws<ArgumentNullException>(() => world.Stream.SendJson(1, null!));
        Assert.Equal(0, world.Stream.SendQueueLength);
        Assert.False(world.Stream.IsSending);
    }

    [Fact]
    public void What_the_caller_does_to_its_arrays_and_messages_later_changes_nothing()
    {
        using StreamWorld world = new();
        byte[] bytes = "1"u8.ToArray();
        Message message = new(bytes);
        world.Stream.Send(message);
        world.Stream.SendMultipart(bytes);
        message.Append("2");
        bytes[0] = (byte)'x';
        message.Clear();
        world.Run();
        Assert.Equal(["1", "1"], world.Socket.Outbox);
    }

    [Fact]
    public void A_borrowed_message_that_is_echoed_is_sent_as_it_was()
    {
        using StreamWorld world = new();
        world.Socket.Room = 0;
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message => world.Stream.Send(message), copy: false);
        world.Run();
        world.Socket.Room = 2;
        world.Run();
        Assert.Equal(["1", "2"], world.Socket.Outbox);
    }

    [Fact]
    public void Texts_frames_and_values_can_be_sent()
    {
        using StreamWorld world = new();
        world.Stream.Send("a"u8.ToArray());
        world.Stream.SendMultipart("b", "", "c");
        world.Stream.SendString("πø");
        world.Stream.SendJson(new Point(1, 2), Json.Default.Point);
        world.Run();
        Assert.Equal(["a", "b||c", "πø", """{"X":1,"Y":2}"""], world.Socket.Outbox);
    }

    [Fact]
    public void A_message_sent_from_a_send_callback_goes_out_too()
    {
        using StreamWorld world = new();
        world.Stream.OnSend((message, _) =>
        {
            if (world.Socket.Outbox.Count < 5) world.Stream.Send(message);
        });
        world.Stream.Send("x");
        world.Run();
        Assert.Equal(5, world.Socket.Outbox.Count);
    }

    [Fact]
    public void A_terminated_context_keeps_the_message_and_is_no_error()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(1, new ContextTerminatedException());
        world.Stream.Send("1");
        world.Loop.AddCallback(() => world.Loop.Poller.FailNextPoll(new ContextTerminatedException()));
        world.Run();
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(1, world.Stream.SendQueueLength);
    }

    internal sealed record Point(int X, int Y);

    [JsonSerializable(typeof(Point))]
    internal sealed partial class Json : JsonSerializerContext;
}
