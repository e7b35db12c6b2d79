using ZmqLoop.Streams.Tests.Requests;

namespace ZmqLoop.Streams.Tests;

/// <summary>What the report of a failed callback says of the message that it had.</summary>
public sealed class QuotedMessageTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_report_quotes_the_first_bytes_of_the_message(bool copy, bool isAsync)
    {
        using StreamWorld world = new();
        if (isAsync) world.Stream.OnRecv(async message =>
        {
            await world.Loop.Delay(TimeSpan.FromSeconds(1));
            throw new FormatException(message[0].ToText());
        }, copy);
        else world.Stream.OnRecv(static message => throw new FormatException(message[0].ToText()), copy);
        world.Socket.Arrive(new Message("order", "", "soup"));
        world.Run();
        Assert.Equal(["a message of 3 frames, 9 bytes: ['order', '', 'soup']"], Quotes(world));
    }

    [Fact]
    public void What_a_stranger_sent_is_cut_and_makes_no_line_of_its_own()
    {
        using StreamWorld world = new();
        world.Stream.OnRecv(static _ => throw StreamWorld.Oops);
        world.Socket.Arrive(new Message("a\nfake: line", new string('x', 1000), new string('y', 1000), "z"));
        world.Socket.Arrive(new Message([.. Enumerable.Repeat(Frame.Empty, 20)]));
        world.Run();
        Assert.Equal([
            $"a message of 4 frames, 2013 bytes: [0x610A66616B653A206C696E65, '{new string('x', 32)}'… (1000 bytes), "
                + $"'{new string('y', 20)}'… (1000 bytes), …]",
            "a message of 20 frames, 0 bytes: ['', '', '', '', '', '', '', '', …]",
        ], Quotes(world));
    }

    [Fact]
    public void Messages_with_secrets_are_not_quoted()
    {
        using StreamWorld world = new(new ZMQStreamOptions { QuotedBytes = 0 });
        world.Stream.OnRecv(static _ => throw StreamWorld.Oops);
        world.Socket.Arrive("password");
        world.Run();
        Assert.Equal([null], Quotes(world));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new StreamWorld(new ZMQStreamOptions { QuotedBytes = -1 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_that_the_callback_has_let_go_of_is_no_failure_of_the_report(bool copy)
    {
        using StreamWorld world = new();
        world.Stream.OnRecv(static message =>
        {
            message.Dispose();
            throw StreamWorld.Oops;
        }, copy);
        world.Socket.Arrive("1", "2");
        world.Run();
        Assert.Equal(["oops", "oops"], world.Errors);
        Assert.Equal([null, null], Quotes(world));
    }

    [Fact]
    public void A_send_that_fails_and_a_send_callback_that_throws_quote_theirs()
    {
        using StreamWorld world = new();
        world.Socket.FailSend(1, new ZMQException(ZMQErrorCode.MessageTooLong, 90, "EMSGSIZE", "too long"));
        world.Stream.Send("1");
        world.Stream.Send("2", static (_, _) => throw StreamWorld.Oops);
        world.Run();
        Assert.Equal(["a message of one frame, 1 bytes: ['1']", "a message of one frame, 1 bytes: ['2']"], Quotes(world));
    }

    [Fact]
    public void A_handler_of_requests_quotes_what_it_was_asked()
    {
        using ResponderWorld world = new();
        world.Responder.OnRequest(static Message (_) => throw StreamWorld.Oops);
        world.Arrive("peer", "question");
        world.Run();
        Assert.Equal("a message of 3 frames, 12 bytes: ['peer', '', 'question']",
            Assert.Single(world.Loop.Errors).Origin.ItemText);
    }

    [Fact]
    public void The_log_has_it()
    {
        using RecordingLoggers loggers = new();
        ScriptedPoller poller = new(new ManualTimeProvider());
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers, Poller = poller });
        using ScriptedSocket socket = new();
        using ZMQStream stream = new(socket, loop);
        stream.OnRecv(_ =>
        {
            loop.Stop();
            throw StreamWorld.Oops;
        });
        socket.Arrive("soup");
        loop.Start();
        string text = Assert.Single(loggers.Entries).Text;
        Assert.EndsWith(", which had a message of one frame, 4 bytes: ['soup']", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Quotes(StreamWorld world) => world.Loop.Errors.Select(static error => error.Origin.ItemText);
}
