using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.Tests;

/// <summary>Streams that nobody holds: those on which nothing can happen are closed and warned of, the others live.</summary>
public sealed class ForgottenStreamTests : IDisposable
{
    private readonly RecordingLoggers _loggers = new();
    private readonly ScriptedSocket _socket = new();
    private readonly ScriptedLoop _loop;
    private readonly List<string> _log = [];

    public ForgottenStreamTests() => _loop = new ScriptedLoop(loggers: _loggers);

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_forgotten_stream_is_closed_on_the_loop_and_warned_of_once()
    {
        WeakReference stream = Make(stream => stream.SetCloseCallback(() =>
            _log.Add($"closed, on the loop: {_loop.IsRunning && _loop.CheckAccess()}")), new ZMQStreamOptions { Name = "prices" });
        AssertForgotten();
        Assert.False(stream.IsAlive);
        Assert.Equal(["closed, on the loop: True"], _log);
        Assert.Equal(TimeSpan.FromSeconds(1), _socket.ClosedWithLinger);
        Assert.Equal(0, _loop.Statistics.Handlers);
        Forgetting.Collect(Run);
        string warning = Assert.Single(_loggers.Warnings());
        Assert.Contains("ZMQStream 'prices' of scripted DEALER", warning, StringComparison.Ordinal);
        Assert.Contains("was forgotten", warning, StringComparison.Ordinal);
        Assert.Contains("Close or dispose", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_somebody_holds_is_not()
    {
        ZMQStream stream = new(_socket, _loop);
        AssertStays();
        GC.KeepAlive(stream);
    }

    [Fact]
    public void One_with_a_receive_callback_stays_until_that_is_taken_away()
    {
        Make(stream => stream.OnRecv(message =>
        {
            _log.Add(message.Text());
            if (message.Text() == "last") stream.StopOnRecv();
        }));
        AssertStays();
        _socket.Arrive("first", "last");
        Run();
        Assert.Equal(["first", "last"], _log);
        AssertForgotten();
    }

    [Fact]
    public void A_receive_that_waits_gets_its_message()
    {
        Task<Message>? waiting = null;
        Make(stream => waiting = stream.ReceiveAsync().AsTask());
        AssertStays();
        _socket.Arrive("1");
        Run();
        Assert.Equal("1", waiting!.Result.Text());
        AssertForgotten();
    }

    [Fact]
    public void A_receive_whose_time_is_over_holds_the_stream_no_more()
    {
        Task<Message>? waiting = null;
        Make(stream => waiting = stream.ReceiveAsync(TimeSpan.FromHours(1)).AsTask());
        Forgetting.Collect(() => _loop.RunOnce(TimeSpan.Zero));
        Assert.False(_socket.IsClosed);
        Run();
        Assert.IsType<TimeoutException>(waiting!.Exception!.InnerException);
        AssertForgotten();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_receive_or_a_poll_that_was_cancelled_holds_the_stream_no_more(bool poll)
    {
        using CancellationTokenSource cancel = new();
        Make(stream => _ = poll ? (Task)stream.PollAsync(cancellationToken: cancel.Token) : stream.ReceiveAsync(cancel.Token).AsTask());
        AssertStays();
        Deadline.RunThread(cancel.Cancel);
        AssertForgotten();
    }

    [Fact]
    public void A_poll_that_waits_is_answered()
    {
        Task<IOEvents>? waiting = null;
        Make(stream => waiting = stream.PollAsync());
        AssertStays();
        _socket.Arrive("1");
        Run();
        Assert.Equal(IOEvents.Read, waiting!.Result);
        AssertForgotten();
    }

    [Fact]
    public void What_waits_to_be_sent_is_sent_first()
    {
        _socket.Room = 0;
        Make(static stream => stream.Send("1"));
        AssertStays();
        _socket.Room = 1;
        Run();
        Assert.Equal(["1"], _socket.Outbox);
        AssertForgotten();
    }

    [Fact]
    public void A_send_that_was_taken_back_holds_the_stream_no_more()
    {
        _socket.Room = 0;
        using CancellationTokenSource cancel = new();
        Make(stream => _ = stream.SendAsync(new Message("1"), cancel.Token));
        AssertStays();
        Deadline.RunThread(cancel.Cancel);
        AssertForgotten();
        Assert.Empty(_socket.Outbox);
    }

    [Fact]
    public void A_message_whose_time_is_over_holds_the_stream_no_more()
    {
        _socket.Room = 0;
        Make(stream => stream.Send(new Message("1"), TimeSpan.FromHours(1), (_, error) => _log.Add(error!.GetType().Name)));
        Forgetting.Collect(() => _loop.RunOnce(TimeSpan.Zero));
        Assert.False(_socket.IsClosed);
        Run();
        Assert.Equal(["MessageNotSentException"], _log);
        AssertForgotten();
    }

    [Fact]
    public void A_handler_under_way_holds_the_stream_until_it_has_ended()
    {
        TaskCompletionSource work = new();
        Make(stream => stream.OnRecv(async _ =>
        {
            stream.StopOnRecv();
            await work.Task;
            _log.Add("ended");
        }), new ZMQStreamOptions { HandlerWarning = Timeout.InfiniteTimeSpan });
        _socket.Arrive("1");
        Run();
        AssertStays();
        work.SetResult();
        Run();
        Assert.Equal(["ended"], _log);
        AssertForgotten();
    }

    [Fact]
    public void Whoever_holds_the_Reader_holds_the_stream()
    {
        System.Threading.Channels.ChannelReader<Message>? reader = null;
        Make(stream => reader = stream.Reader);
        AssertStays();
        Task<Message> read = reader!.ReadAsync().AsTask();
        _socket.Arrive("1");
        Run();
        Assert.Equal("1", read.Result.Text());
    }

    [Theory]
    [InlineData("Close")]
    [InlineData("Dispose")]
    [InlineData("CloseAsync")]
    public void One_that_was_closed_is_not_warned_of(string how)
    {
        WeakReference made = Make(stream =>
        {
            if (how == "Close") stream.Close();
            else if (how == "Dispose") stream.Dispose();
            else _ = stream.CloseAsync(TimeSpan.FromSeconds(1));
        });
        Assert.True(Forgetting.CollectUntil(() => !made.IsAlive, Run));
        Assert.True(_socket.IsClosed);
        Assert.Empty(_loggers.Warnings());
    }

    [Fact]
    public void One_whose_socket_was_closed_elsewhere_is_not_warned_of()
    {
        WeakReference made = Make(static stream => stream.Socket.Close());
        Assert.True(Forgetting.CollectUntil(() => !made.IsAlive, Run));
        Assert.Empty(_loggers.Warnings());
        Assert.Equal(0, _loop.Statistics.Handlers);
    }

    [Fact]
    public void One_whose_loop_was_closed_first_is_not_warned_of_and_its_socket_is_left_alone()
    {
        WeakReference made = Make(static stream => stream.Send("1"));
        _loop.Close();
        Assert.True(Forgetting.CollectUntil(() => !made.IsAlive, static () => { }));
        Assert.False(_socket.IsClosed);
        Assert.Empty(_loggers.Warnings());
        (_, LogLevel level, string text, _) = Assert.Single(_loggers.Entries);
        Assert.Equal((LogLevel.Debug, "The loop was closed while it watched 1: scripted DEALER"), (level, text));
    }

    [Fact]
    public void A_receive_that_began_as_the_loop_was_closed_ends_also_where_the_stream_is_collected_in_between()
    {
        Task<Message>? waiting = null;
        _loop.Poller.OnDispose = static () => Forgetting.Collect(static () => { });
        Make(stream => waiting = stream.ReceiveAsync().AsTask());
        _loop.Close();
        Assert.True(Forgetting.CollectUntil(() => waiting!.IsCompleted, static () => { }));
        Assert.IsType<ObjectDisposedException>(waiting!.Exception!.InnerException);
    }

    [Fact]
    public void A_close_that_the_loop_did_not_come_to_is_made_up_for_also_where_nobody_holds_the_stream()
    {
        Task? closed = null;
        _loop.Poller.OnDispose = static () => Forgetting.Collect(static () => { });
        _loop.AddCallback(() =>
        {
            Make(stream => Deadline.RunThread(() => closed = stream.CloseAsync(TimeSpan.FromSeconds(1))));
            _loop.Stop();
        });
        Run();
        Assert.False(_socket.IsClosed);
        _loop.Close();
        Assert.True(_socket.IsClosed);
        Assert.True(closed!.IsCompletedSuccessfully);
        Assert.Empty(_loggers.Warnings());
    }

    [Fact]
    public void A_stream_that_could_not_be_made_leaves_the_other_alone()
    {
        ZMQStream stream = new(_socket, _loop);
        TryAgain();
        AssertStays();
        GC.KeepAlive(stream);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void TryAgain()
        {
            Assert.Throws<InvalidOperationException>(() => new ZMQStream(_socket, _loop));
            Assert.Throws<ArgumentNullException>(() => new ZMQStream(null!, _loop));
        }
    }

    [Fact]
    public void A_socket_that_is_not_the_streams_to_close_stays_open()
    {
        Make(static _ => { }, new ZMQStreamOptions { LeaveOpen = true });
        Assert.True(Forgetting.CollectUntil(() => _loggers.Warnings().Length == 1, Run));
        Assert.False(_socket.IsClosed);
        using ZMQStream next = new(_socket, _loop);
    }

    [Fact]
    public void A_close_callback_that_throws_is_reported_and_the_warning_comes_nevertheless()
    {
        _loop.OnError = static error => throw error;
        Make(static stream => stream.SetCloseCallback(static () => throw StreamWorld.Oops));
        Assert.True(Forgetting.CollectUntil(
            () => _socket.IsClosed,
            () =>
            {
                if (_loop.Statistics.Callbacks > 0) Assert.Same(StreamWorld.Oops, Assert.Throws<InvalidOperationException>(Run));
            }));
        Assert.Single(_loop.Errors);
        Assert.Single(_loggers.Warnings());
    }

    [Fact]
    public void Thousands_at_once_are_each_closed_and_warned_of()
    {
        const int Streams = 3000;
        List<ScriptedSocket> sockets = [];
        MakeMany();
        Assert.True(Forgetting.CollectUntil(() => sockets.TrueForAll(static socket => socket.IsClosed), Run));
        Forgetting.Collect(Run);
        Assert.Equal(Streams, _loggers.Warnings().Length);
        Assert.Equal(0, _loop.Statistics.Handlers);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void MakeMany()
        {
            for (int i = 0; i < Streams; i++)
            {
                ScriptedSocket socket = new();
                sockets.Add(socket);
                _ = new ZMQStream(socket, _loop);
            }
        }
    }

    [Theory]
    [InlineData(true, nameof(MakeIn))]
    [InlineData(false, "IOLoopOptions.Debug")]
    public void Where_it_was_made_is_told_by_a_loop_that_records(bool debug, string place)
    {
        using ScriptedLoop loop = new(debug: debug, loggers: _loggers);
        MakeIn(loop);
        Assert.True(Forgetting.CollectUntil(() => _loggers.Warnings().Length == 1, loop.RunUntilIdle));
        Assert.Contains(place, _loggers.Warnings()[0], StringComparison.Ordinal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeIn(IOLoop loop) => _ = new ZMQStream(new ScriptedSocket(), loop);

    [Fact]
    public async Task Without_a_logger_the_warning_goes_to_stderr()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(ForgottenStreamTests), nameof(Here_one_is_forgotten));
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("ZmqLoop: ZMQStream of scripted DEALER", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_one_is_forgotten()
    {
        TestProcess.SkipElsewhere();
        using ScriptedLoop loop = new();
        MakeIn(loop);
        Assert.True(Forgetting.CollectUntil(() => loop.Statistics.Handlers == 0, loop.RunUntilIdle));
    }

    // In a method of its own, so that the stream does not lie on the test's stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Make(Action<ZMQStream> use, ZMQStreamOptions? options = null)
    {
        ZMQStream stream = new(_socket, _loop, options);
        use(stream);
        return new WeakReference(stream);
    }

    private void Run()
    {
        if (!_loop.IsRunning) _loop.RunUntilIdle();
    }

    private void AssertForgotten()
    {
        Assert.True(Forgetting.CollectUntil(() => _socket.IsClosed, Run));
        Assert.Single(_loggers.Warnings());
    }

    private void AssertStays()
    {
        for (int i = 0; i < 3; i++) Forgetting.Collect(Run);
        Assert.False(_socket.IsClosed);
        Assert.Empty(_loggers.Warnings());
    }
}
