using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.Tests;

/// <summary>Async receive callbacks that take long, or never end.</summary>
public sealed class LongHandlerTests : IDisposable
{
    private readonly RecordingLoggers _loggers = new();
    private readonly ScriptedLoop _loop;
    private readonly ScriptedSocket _socket = new(SocketType.Dealer);
    private readonly List<TaskCompletionSource> _gates = [];

    public LongHandlerTests() => _loop = new ScriptedLoop(loggers: _loggers);

    public void Dispose()
    {
        _loop.Dispose();
        _socket.Dispose();
    }

    private string[] Warnings =>
        [.. _loggers.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text)];

    private ZMQStream Open(ZMQStreamOptions options) => new(_socket, _loop, options with { Name = "orders" });

    private async Task NeverEnding(Message message)
    {
        TaskCompletionSource gate = new();
        _gates.Add(gate);
        await gate.Task;
    }

    [Fact]
    public void The_stream_says_how_many_handlers_run_and_for_how_long_the_oldest_has()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { MaxConcurrency = 8 });
        stream.OnRecv(NeverEnding);
        Assert.Equal((0, null), (stream.HandlersRunning, stream.OldestHandlerAge));
        _socket.Arrive("1");
        _loop.CallLater(3.0, () => _socket.Arrive("2"));
        _loop.CallLater(5.0, () =>
        {
            Assert.Equal((2, TimeSpan.FromSeconds(5)), (stream.HandlersRunning, stream.OldestHandlerAge));
            Assert.Equal((stream, CallbackKind.Stream), (stream.OldestHandler!.Owner, stream.OldestHandler.Kind));
            Assert.Contains(nameof(NeverEnding), stream.OldestHandler.ToString(), StringComparison.Ordinal);
            Assert.EndsWith("0 to send, 2 handlers running, the oldest for 5 s", stream.ToString(), StringComparison.Ordinal);
            _gates[0].SetResult();
        });
        _loop.CallLater(6.0, () =>
        {
            Assert.Equal((1, TimeSpan.FromSeconds(3)), (stream.HandlersRunning, stream.OldestHandlerAge));
            _gates[1].SetResult();
        });
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal((0, null), (stream.HandlersRunning, stream.OldestHandlerAge));
        Assert.Null(stream.OldestHandler);
        Assert.EndsWith("0 to send", stream.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_that_takes_long_is_told_of_once_with_its_name()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { MaxConcurrency = 2 });
        stream.OnRecv(NeverEnding);
        _socket.Arrive("1");
        _loop.CallLater(4.0, () => _socket.Arrive("2"));
        _loop.CallLater(9.9, () => Assert.Empty(Warnings));
        _loop.CallLater(10.1, () => Assert.Single(Warnings));
        _loop.CallLater(100.0, static () => { });
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal(2, Warnings.Length);
        Assert.All(Warnings, static warning => Assert.Matches( // names the stream once, and without what it says of its state
            $@"^ZMQStream 'orders' of scripted DEALER: Stream \S*{nameof(NeverEnding)} has been running for 10 s; [12] handlers run, ",
            warning));
    }

    [Fact]
    public void Handlers_that_end_in_time_are_not_told_of_and_leave_no_timer()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions());
        stream.OnRecv(NeverEnding);
        for (int i = 0; i < 20; i++)
        {
            _loop.CallLater(i, () => _socket.Arrive("message"));
            _loop.CallLater(i + 0.5, () => _gates[^1].SetResult());
        }

        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal(20, _gates.Count);
        Assert.Empty(Warnings);
        Assert.Equal(0, _loop.Statistics.Timeouts);
    }

    [Fact]
    public void The_warning_can_be_switched_off()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerWarning = Timeout.InfiniteTimeSpan });
        stream.OnRecv(NeverEnding);
        _socket.Arrive("1");
        _loop.CallLater(1000.0, static () => { });
        _loop.RunUntilIdle();
        Assert.Equal(1, stream.HandlersRunning);
        Assert.Empty(Warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Times_that_are_none_are_refused(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(seconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(new ZMQStreamOptions { HandlerWarning = time }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(new ZMQStreamOptions { HandlerTimeout = time }));
    }

    [Fact]
    public void After_HandlerTimeout_the_handlers_token_is_cancelled_which_is_a_TimeoutException_and_the_next_message_comes()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(5) });
        List<string> begun = [];
        stream.OnRecv(async (message, cancellationToken) =>
        {
            begun.Add(message.Text());
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        });
        _socket.Arrive("1", "2");
        _loop.CallLater(4.9, () => Assert.Equal(["1"], begun));
        _loop.CallLater(5.1, () => Assert.Equal(["1", "2"], begun));
        _loop.RunUntilIdle();
        Assert.Equal(2, _loop.Errors.Count);
        Assert.All(_loop.Errors, static error => Assert.IsType<TimeoutException>(error.Exception));
        Assert.Equal(["1", "2"], begun);
        Assert.Equal(0, stream.HandlersRunning);
    }

    [Fact]
    public void Each_handler_has_a_time_of_its_own()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(5), MaxConcurrency = 8 });
        List<(string, TimeSpan)> cancelled = [];
        long start = _loop.ManualTime.GetTimestamp();
        stream.OnRecv((message, cancellationToken) =>
        {
            string text = message.Text();
            cancellationToken.Register(() => cancelled.Add((text, _loop.ManualTime.GetElapsedTime(start))));
            return NeverEnding(message);
        });
        _socket.Arrive("1");
        _loop.CallLater(3.0, () => _socket.Arrive("2"));
        _loop.RunUntilIdle();
        Assert.Equal([("1", TimeSpan.FromSeconds(5)), ("2", TimeSpan.FromSeconds(8))], cancelled);
        Assert.Equal(2, stream.HandlersRunning); // they did not listen, and keep their places
    }

    [Fact]
    public void A_handler_that_begins_after_another_was_cancelled_is_cancelled_in_its_own_time()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(2) }); // and 10 s until the warning
        List<TimeSpan> cancelled = [];
        long start = _loop.ManualTime.GetTimestamp();
        stream.OnRecv(async (_, cancellationToken) =>
        {
            cancellationToken.Register(() => cancelled.Add(_loop.ManualTime.GetElapsedTime(start)));
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        });
        _socket.Arrive("1");
        _loop.CallLater(3.0, () => _socket.Arrive("2"));
        _loop.RunUntilIdle();
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)], cancelled);
    }

    [Fact]
    public void A_handler_that_begins_after_another_was_told_of_is_told_of_in_its_own_time()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(60), MaxConcurrency = 2 });
        stream.OnRecv((message, _) => NeverEnding(message));
        _socket.Arrive("1");
        _loop.CallLater(20.0, () => _socket.Arrive("2"));
        _loop.CallLater(29.0, () => Assert.Single(Warnings));
        _loop.CallLater(41.0, () => Assert.Equal(2, Warnings.Length));
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void What_throws_while_one_is_cancelled_leaves_the_others_looked_after()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(5), MaxConcurrency = 8 });
        List<string> cancelled = [];
        stream.OnRecv((message, cancellationToken) =>
        {
            string text = message.Text();
            cancellationToken.Register(() =>
            {
                cancelled.Add(text);
                throw new InvalidOperationException(text);
            });
            return NeverEnding(message);
        });
        _socket.Arrive("1", "2");
        _loop.CallLater(1.0, () => _socket.Arrive("3"));
        _loop.OnError = static error => throw new TimeoutException("the reporter", error);
        for (int i = 0; i < 4 && cancelled.Count < 3; i++) Record.Exception(_loop.RunUntilIdle);
        Assert.Equal(["1", "2", "3"], cancelled);
        _loop.OnError = null;
    }

    [Fact]
    public void A_drain_that_gives_up_closes_the_stream_whatever_its_log_throws()
    {
        using ScriptedLoop loop = new(loggers: new RecordingLoggers { OnLog = static () => throw new IOException("the log") });
        ZMQStream stream = new(_socket, loop, new ZMQStreamOptions { HandlerWarning = Timeout.InfiniteTimeSpan });
        stream.OnRecv(NeverEnding);
        _socket.Arrive("1");
        Task<bool>? closed = null;
        loop.CallLater(1.0, () => closed = stream.CloseAsync(TimeSpan.FromSeconds(3)));
        loop.RunUntilIdle();
        Assert.IsType<IOException>(Assert.Single(loop.Errors).Exception);
        Assert.True(closed is { IsCompletedSuccessfully: true, Result: false });
    }

    [Fact]
    public void A_handler_that_has_ended_is_not_cancelled_later()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(5) });
        List<CancellationToken> tokens = [];
        stream.OnRecv((message, cancellationToken) =>
        {
            tokens.Add(cancellationToken);
            return message.Text() == "at once" ? Task.CompletedTask : NeverEnding(message);
        });
        _socket.Arrive("at once", "later");
        _loop.CallLater(1.0, () => _gates[0].SetResult());
        _loop.CallLater(100.0, static () => { });
        _loop.RunUntilIdle();
        Assert.Equal(2, tokens.Count);
        Assert.All(tokens, static token => Assert.False(token.IsCancellationRequested));
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void Closing_fires_the_token_of_a_handler_with_a_time_limit_and_that_it_gives_up_then_is_no_error()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(5) });
        stream.OnRecv(static (_, cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken));
        _socket.Arrive("1");
        _loop.CallLater(1.0, () => stream.Close());
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal(0, stream.HandlersRunning);
    }

    [Fact]
    public void An_async_handler_without_a_token_cannot_have_a_time_limit_and_the_one_before_stays()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { HandlerTimeout = TimeSpan.FromSeconds(5) });
        List<string> received = [];
        stream.OnRecv(message => received.Add(message.Text()));
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => stream.OnRecv(NeverEnding));
        Assert.Contains("take a token", refused.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => stream.OnRecvStream((_, message) => NeverEnding(message)));
        _socket.Arrive("1");
        _loop.RunUntilIdle();
        Assert.Equal(["1"], received);
    }

    [Fact]
    public void A_drain_that_gives_up_says_on_whom_it_waited()
    {
        using ZMQStream stream = Open(new ZMQStreamOptions { MaxConcurrency = 2 });
        stream.OnRecv(NeverEnding);
        _socket.Arrive("1", "2");
        Task<bool>? closed = null;
        _loop.CallLater(1.0, () => closed = stream.CloseAsync(TimeSpan.FromSeconds(3)));
        _loop.RunUntilIdle();
        Assert.True(stream.IsClosed);
        Assert.True(closed is { IsCompletedSuccessfully: true, Result: false });
        string warning = Assert.Single(Warnings);
        Assert.Contains("drained for 3 s", warning, StringComparison.Ordinal);
        Assert.Contains("2 running", warning, StringComparison.Ordinal);
        Assert.Contains(nameof(NeverEnding), warning, StringComparison.Ordinal);
        Assert.Contains("for 4 s", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void CloseAsync_says_whether_it_drained()
    {
        ZMQStream stream = Open(new ZMQStreamOptions());
        Task<bool>? closed = null;
        _loop.AddCallback(() =>
        {
            stream.Send("sent");
            closed = stream.CloseAsync(TimeSpan.FromSeconds(3));
        });
        _loop.RunUntilIdle();
        Assert.True(closed is { IsCompletedSuccessfully: true, Result: true });
        Assert.Equal(["sent"], _socket.Outbox);
    }

    [Theory]
    [InlineData("CloseAsync", "had no room for them in the 3 s that CloseAsync was given")]
    [InlineData("Close", "use CloseAsync to send what is queued")]
    [InlineData("socket", "somebody else closed its socket")]
    public void The_report_of_unsent_messages_says_why_they_were_not_sent(string way, string why)
    {
        ZMQStream stream = Open(new ZMQStreamOptions());
        _socket.Room = 0;
        Task<bool>? closed = null;
        _loop.AddCallback(() =>
        {
            stream.Send("unsent");
            if (way == "socket") _socket.Close();
            else if (way == "Close") stream.Close();
            closed = stream.CloseAsync(TimeSpan.FromSeconds(3));
        });
        _loop.RunUntilIdle();
        Assert.Contains(why, Assert.Single(_loop.Errors).Exception.Message, StringComparison.Ordinal);
        Assert.True(closed is { IsCompletedSuccessfully: true, Result: false });
    }
}
