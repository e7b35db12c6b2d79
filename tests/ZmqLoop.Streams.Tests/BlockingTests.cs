namespace ZmqLoop.Streams.Tests;

/// <summary>What a report of a blocked loop calls the callbacks of streams.</summary>
public sealed class BlockingTests
{
    private static readonly TimeSpan _threshold = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_report_names_the_receive_callback_that_blocks_and_its_stream()
    {
        using StreamWorld world = new();
        BlockedCallback? report = null;
        world.Loop.SetBlockingSignalThreshold(_threshold, blocked => Volatile.Write(ref report, blocked));
        Action<Message> callback = _ => Deadline.WaitUntil(() => Volatile.Read(ref report) is not null);
        world.Stream.OnRecv(callback);
        world.Socket.Arrive("1");
        world.Run();
        Assert.Empty(world.Errors);
        Assert.Equal(new CallbackOrigin(CallbackKind.Stream, callback, world.Stream), report!.Origin);
        Assert.True(report.Elapsed >= _threshold);
        Assert.Contains(nameof(A_report_names_the_receive_callback_that_blocks_and_its_stream), report.ToString(),
            StringComparison.Ordinal);
        Assert.Contains($" of {world.Stream}", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_callback_is_the_inner_one_while_it_runs_and_none_is_afterwards()
    {
        using StreamWorld world = new();
        List<object?> inner = [];
        void Note() => inner.Add(world.Loop.InnerCallback?.Callback);
        Action<Message> plain = _ => Note();
        Func<Message, Task> async = _ =>
        {
            Note();
            return Task.CompletedTask;
        };
        Action<ZMQStream, Message> ofMany = (_, _) => Note();
        Action<Message, Exception?> sent = (_, _) => Note();
        Action<Message, Exception?> sentAny = (_, _) => Note();
        Action closed = Note;
        foreach (Action receive in (Action[])[() => world.Stream.OnRecv(plain), () => world.Stream.OnRecv(async),
            () => world.Stream.OnRecvStream(ofMany)])
        {
            receive();
            world.Socket.Arrive("1");
            world.Run();
        }

        world.Stream.OnSend(sentAny);
        world.Stream.Send("1", sent);
        world.Stream.Send("2");
        world.Run();
        world.Stream.SetCloseCallback(closed);
        world.Stream.Close();
        world.Run();
        Assert.Equal([plain, async, ofMany, sent, sentAny, closed], inner);
        Assert.Empty(world.Errors);
        Assert.Null(world.Loop.InnerCallback);
    }

    [Fact]
    public void A_callback_that_flushes_another_stream_is_the_inner_one_again_when_that_has_called_back()
    {
        using StreamWorld world = new();
        using ScriptedSocket socket = new(SocketType.Dealer);
        using ZMQStream other = new(socket, world.Loop);
        List<object?> inner = [];
        void Note() => inner.Add(world.Loop.InnerCallback?.Owner);
        other.OnRecv(_ => Note());
        world.Stream.OnRecv(_ =>
        {
            Note();
            socket.Arrive("1");
            other.Flush();
            Note();
        });
        world.Socket.Arrive("1");
        world.Run();
        Assert.Equal([world.Stream, other, world.Stream], inner);
    }

    [Fact]
    public void Where_a_reporter_throws_no_callback_stays_the_inner_one()
    {
        using StreamWorld world = new();
        world.Loop.OnError = static error => throw error;
        world.Stream.OnRecv(static (Message _) => throw StreamWorld.Oops);
        world.Stream.Send("1", static (_, _) => throw StreamWorld.Oops);
        world.Socket.Arrive("1");
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<InvalidOperationException>(world.Run);
            Assert.Null(world.Loop.InnerCallback);
        }
    }

    [Fact]
    public void In_debug_errors_and_reports_say_where_the_callback_was_given()
    {
        using ScriptedLoop loop = new(debug: true);
        using ScriptedSocket socket = new(SocketType.Dealer);
        using ZMQStream stream = new(socket, loop);
        CallbackTrail? inner = null;
        stream.OnRecv((Message _) =>
        {
            inner = loop.InnerCallback!.Trail;
            throw StreamWorld.Oops;
        });
        socket.Arrive("1");
        loop.RunUntilIdle();
        Assert.Same(inner, loop.Errors[0].Origin.Trail);
        Assert.Contains(nameof(In_debug_errors_and_reports_say_where_the_callback_was_given), inner!.ToString(), StringComparison.Ordinal);
    }
}
