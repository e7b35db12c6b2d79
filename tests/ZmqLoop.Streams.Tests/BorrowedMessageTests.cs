namespace ZmqLoop.Streams.Tests;

/// <summary>Whose a message is that a callback got without a copy, and until when.</summary>
public sealed class BorrowedMessageTests
{
    [Fact]
    public void A_format_that_a_callback_gave_its_message_is_not_the_next_ones()
    {
        using StreamWorld world = new();
        world.Stream.OnRecv(
            message =>
            {
                world.Log.Add($"{message.EnvelopeFormat}");
                message.EnvelopeFormat = EnvelopeFormat.Delimiter;
            },
            copy: false);
        for (int i = 0; i < 40; i++) world.Socket.Arrive($"{i}"); // more than there are message objects
        world.Run();
        Assert.Equal(40, world.Log.Count);
        Assert.All(world.Log, static format => Assert.Equal($"{EnvelopeFormat.RoutingId}", format));
    }

    private readonly List<Message> _kept = [];

    [Fact]
    public void A_message_kept_past_its_callback_answers_as_its_frames_do()
    {
        using StreamWorld world = new();
        world.Socket.Arrive(new Message("id", "", "body"));
        world.Stream.OnRecv(_kept.Add, copy: false);
        world.Run();
        Message message = _kept[0];
        AssertOver(message);
        AssertOver(() => world.Stream.Send(message));
        Assert.False(world.Stream.IsClosed);
    }

    [Fact]
    public void Used_in_a_timer_it_throws_and_the_others_answer_is_not_sent()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("alice", "bob");
        void Answer(Message message) => world.Stream.Send(message.Reply("you said " + message[^1].ToText()));
        world.Stream.OnRecv(message => world.Loop.CallLater(1, () => Answer(message)), copy: false);
        world.Run();
        Assert.Empty(world.Socket.Outbox);
        Assert.Equal(2, world.Loop.Errors.Count);
        Assert.All(world.Errors, static error => Assert.Contains("callback has returned", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Used_in_a_later_callback_it_does_not_show_the_message_of_that_one()
    {
        using StreamWorld world = new();
        for (int i = 0; i < 16; i++) world.Socket.Arrive($"{i}");
        world.Stream.OnRecv(message =>
        {
            _kept.ForEach(AssertOver);
            _kept.Add(message);
        }, copy: false);
        world.Run();
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(16, _kept.Count);
    }

    [Fact]
    public void In_a_debug_loop_it_is_found_out_however_late()
    {
        using ScriptedLoop loop = new(debug: true);
        ScriptedSocket socket = new();
        using ZMQStream stream = new(socket, loop);
        for (int i = 0; i < 100; i++) socket.Arrive($"{i}");
        stream.OnRecv(message =>
        {
            _kept.ForEach(AssertOver);
            _kept.Add(message);
        }, copy: false);
        loop.RunUntilIdle();
        Assert.Empty(loop.Errors);
        Assert.Equal(100, _kept.Count);
    }

    [Fact]
    public void A_reporter_may_read_and_keep_the_message_whose_callback_failed()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2", "3");
        world.Loop.OnError = _ =>
        {
            var message = (Message)world.Loop.Errors[^1].Origin.Item!;
            world.Log.Add(message.Text());
            if (world.Log.Count == 2) _kept.Add(message.Keep());
        };
        world.Stream.OnRecv(static _ => throw StreamWorld.Oops, copy: false);
        world.Run();
        Assert.Equal(["1", "2", "3"], world.Log);
        Assert.Equal("2", _kept[0].Text());
        AssertOver((Message)world.Loop.Errors[0].Origin.Item!);
    }

    [Theory]
    [InlineData("disposed of")]
    [InlineData("received into")]
    [InlineData("a copy of another")]
    [InlineData("kept and disposed of")]
    public void A_span_is_good_until_the_callback_returns_whatever_becomes_of_the_message(string end)
    {
        using StreamWorld world = new();
        ScriptedSocket other = new();
        world.Socket.Arrive("12345", "67890");
        world.Stream.OnRecv(message =>
        {
            Frame frame = message[0];
            ReadOnlySpan<byte> span = frame.Span;
            string text = frame.ToText();
            other.Arrive("other");
            switch (end)
            {
                case "received into": Assert.True(other.TryReceive(message)); break;
                case "a copy of another": message.CopyFrom(new Message("other")); break;
                case "kept and disposed of": message.Keep().Dispose(); break;
                default: message.Dispose(); break;
            }

            Assert.Equal(text, System.Text.Encoding.UTF8.GetString(span));
            Assert.Throws<ObjectDisposedException>(() => frame.ToText());
            Assert.Equal(end.Contains("disposed", StringComparison.Ordinal) ? "" : "other", message.Text());
            world.Log.Add(text);
        }, copy: false);
        world.Run();
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(["12345", "67890"], world.Log);
    }

    [Fact]
    public void Another_thread_is_refused_while_the_callback_runs_and_has_not_kept_the_message()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            Frame frame = message[0];
            OnAnotherThread(() =>
            {
                Refused(() => _ = frame.Span.Length);
                Refused(() => frame.ToArray());
                Refused(() => frame.ToText());
                Refused(() => frame.GetProperty("Peer-Address"));
                Refused(() => frame.GetHashCode());
                Refused(() => new Message().CopyFrom(message));
                Refused(() => world.Stream.Send(message));
                Refused(() => message.Keep());
                Refused(() => message.Borrow(static _ => { }));
                Refused(() => message.Append("x"));
                Refused(message.Clear);
                message.Dispose(); // does nothing
                Assert.Contains("another thread", message.ToString(), StringComparison.Ordinal);
            });
            world.Log.Add(message.Text());
        }, copy: false);
        world.Run();
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(["1", "2"], world.Log);

        static void Refused(Action action) =>
            Assert.Contains("Keep()", Assert.Throws<InvalidOperationException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_was_kept_is_another_threads_at_once_to_read_and_to_dispose_of()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("12345", "67890");
        world.Stream.OnRecv(message =>
        {
            ReadOnlySpan<byte> span = message[0].Span;
            string text = message.Text();
            message.Keep();
            OnAnotherThread(() =>
            {
                Assert.Equal(text, message.Text());
                message.Borrow(borrowed => Assert.Equal(text, borrowed.Text()));
                message.Dispose();
                Assert.Empty(message);
            });
            Assert.Equal(text, System.Text.Encoding.UTF8.GetString(span));
            world.Log.Add(text);
        }, copy: false);
        world.Run();
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(["12345", "67890"], world.Log);
    }

    [Fact]
    public void An_async_handlers_message_is_read_by_any_thread_until_the_handler_has_ended()
    {
        using StreamWorld world = new();
        TaskCompletionSource gate = new();
        world.Socket.Arrive("12345");
        world.Stream.OnRecv(async message =>
        {
            OnAnotherThread(() => world.Log.Add(message.Text())); // before it is known to be async at all
            await gate.Task;
            OnAnotherThread(() => world.Log.Add(message.Text()));
            _kept.Add(message);
        }, copy: false);
        world.Run();
        gate.SetResult();
        world.Run();
        Assert.Equal(["12345", "12345"], world.Log);
        AssertOver(_kept[0]);
    }

    [Fact]
    public void A_message_that_was_disposed_of_in_its_callback_can_be_filled_there_and_is_over_all_the_same()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            using (message) world.Log.Add(message.Text());
            message.Append("mine");
            world.Log.Add(message.Text());
            _kept.Add(message);
        }, copy: false);
        world.Run();
        Assert.Equal(["1", "mine", "2", "mine"], world.Log);
        _kept.ForEach(AssertOver);
    }

    [Fact]
    public void A_message_without_borrowed_frames_stays_good_after_its_callback()
    {
        using StreamWorld world = new();
        Message? shown = null;
        world.Stream.Send("mine", (sent, _) => shown = sent);
        world.Run();
        Assert.Equal("mine", shown!.Text());
    }

    private static void AssertOver(Message message)
    {
        AssertOver(() => _ = message.Count);
        AssertOver(() => _ = message.Size);
        AssertOver(() => _ = message[0]);
        AssertOver(() => _ = message[^1]);
        AssertOver(() => _ = message.Frames.Length);
        AssertOver(() => _ = message.Envelope.Length);
        AssertOver(() => _ = message.Body.Length);
        AssertOver(() => _ = message.ToArray());
        AssertOver(() => message.Append("x"));
        AssertOver(() => message.Prepend("x"));
        AssertOver(() => message.Reply("x"));
        AssertOver(() => message.Keep());
        AssertOver(() => message.Borrow(static _ => { }));
        AssertOver(() => message.Lend(new byte[100], ScriptedEngine.Shared));
        AssertOver(() => message.CopyFrom(new Message("x")));
        AssertOver(() => new Message().CopyFrom(message));
        AssertOver(() => new ScriptedSocket().TrySend(message));
        Assert.Equal("(released)", message.ToString());
        message.Clear();
        message.Dispose();
    }

    private static void AssertOver(Action action) =>
        Assert.Contains("before the callback returns", Assert.Throws<ObjectDisposedException>(action).Message, StringComparison.Ordinal);

    private static void OnAnotherThread(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(action));
        thread.Start();
        thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
