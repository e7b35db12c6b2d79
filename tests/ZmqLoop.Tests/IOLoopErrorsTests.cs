using Microsoft.Extensions.Logging;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopErrorsTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void An_exception_of_each_kind_of_callback_is_reported_once_with_its_origin_and_the_loop_goes_on()
    {
        Action callback = () => throw new InvalidOperationException("callback");
        Func<Task> asyncCallback = async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("async callback");
        };
        Action timer = () => throw new InvalidOperationException("timer");
        IOHandler handler = (_, _) =>
        {
            _loop.RemoveHandler(1);
            throw new InvalidOperationException("handler");
        };
        Action<int> withState = _ => throw new InvalidOperationException("state");
        Action<Task> future = _ => throw new InvalidOperationException("future");
        _loop.AddCallback(callback);
        _loop.AddCallback(asyncCallback);
        _loop.AddCallback(withState, 1);
        _loop.CallLater(1, timer);
        _loop.AddHandler(1, handler, IOEvents.Read);
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.AddFuture(Task.CompletedTask, future);
        _loop.CallLater(2, () => _log.Add("goes on"));
        _loop.RunUntilIdle();
        Assert.Equal(["goes on"], _log);
        Assert.Equal(
            [("callback", callback), ("state", withState), ("future", future), ("async callback", asyncCallback), ("handler", handler),
                ("timer", timer)],
            Reported().OrderBy(static error =>
                Array.IndexOf(["callback", "state", "future", "async callback", "handler", "timer"], error.Message)));
        Assert.Equal(
            [CallbackKind.Callback, CallbackKind.Handler, CallbackKind.Timeout],
            _loop.Errors.Select(static error => error.Origin.Kind).Distinct());
    }

    [Fact]
    public void A_log_that_fails_does_not_end_the_loop()
    {
        using RecordingLoggers loggers = new() { OnLog = static () => throw new IOException("the disk is full") };
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        loop.AddCallback(static () => throw new InvalidOperationException("a callback"));
        loop.AddCallback(() => _log.Add("goes on"));
        loop.AddCallback(loop.Stop);
        loop.Start();
        Assert.Equal(["goes on"], _log);
        Assert.Single(loggers.Entries);
    }

    [Fact]
    public void The_origin_of_a_periodic_or_delayed_callback_is_what_the_user_gave()
    {
        Func<Task> late = async () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("late");
        };
        Func<Task> early = () => throw new InvalidOperationException("early");
        Action plain = () => throw new InvalidOperationException("plain");
        new DelayedCallback(late, 1, _loop).Start();
        new DelayedCallback(early, 2, _loop).Start();
        new DelayedCallback(plain, 3, _loop).Start();
        _loop.RunUntilIdle();
        Assert.Equal([("late", late), ("early", early), ("plain", plain)], Reported());
        Assert.Equal($"Callback IOLoopErrorsTests.{nameof(The_origin_of_a_periodic_or_delayed_callback_is_what_the_user_gave)} (lambda)",
            _loop.Errors[0].Origin.ToString());
    }

    [Fact]
    public void HandleCallbackException_overridden_to_rethrow_leaves_Start_and_nothing_is_lost()
    {
        _loop.OnError = static error => throw error;
        _loop.CallLater(0, () => throw new InvalidOperationException("timer"));
        _loop.CallLater(0, () => _log.Add("due timer"));
        _loop.AddCallback(() => throw new InvalidOperationException("callback"));
        _loop.AddCallback(() => _log.Add("callback"));
        IOLoop? before = IOLoop.CurrentOrNull;
        Assert.Equal("callback", Assert.Throws<InvalidOperationException>(_loop.Start).Message);
        Assert.False(_loop.IsRunning);
        Assert.Same(before, IOLoop.CurrentOrNull);
        Assert.Null(SynchronizationContext.Current);
        _loop.CallLater(0, () => _log.Add("new timer"));
        Assert.Equal("timer", Assert.Throws<InvalidOperationException>(_loop.Start).Message);
        _loop.RunUntilIdle();
        Assert.Equal(["callback", "due timer", "new timer"], _log);
    }

    [Fact]
    public void A_due_timer_left_by_an_exception_can_still_be_cancelled()
    {
        _loop.OnError = static error => throw error;
        _loop.CallLater(0, () => throw new InvalidOperationException("out"));
        TimeoutHandle second = _loop.CallLater(0, () => _log.Add("cancelled"));
        Assert.Throws<InvalidOperationException>(_loop.Start);
        _loop.RemoveTimeout(second);
        _loop.RunUntilIdle();
        Assert.Empty(_log);
        Assert.Equal([Timeout.InfiniteTimeSpan], _loop.Poller.Polls);
    }

    [Fact]
    public void ReportException_from_inside_a_callback_is_reported_once_and_may_leave_Start()
    {
        CallbackOrigin origin = new(CallbackKind.Stream, null, "owner", "item");
        _loop.AddCallback(() => _loop.ReportException(new InvalidOperationException("one"), origin));
        _loop.RunUntilIdle();
        Assert.Same(origin, Assert.Single(_loop.Errors).Origin);

        _loop.OnError = static error => throw error;
        _loop.AddCallback(() => _loop.ReportException(new InvalidOperationException("two"), origin));
        Assert.Throws<InvalidOperationException>(_loop.Start);
        Assert.Equal(["one", "two"], _loop.Errors.Select(static error => error.Exception.Message));
    }

    [Fact]
    public void The_event_and_the_log_get_each_exception_once()
    {
        using RecordingLoggers loggers = new();
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        List<CallbackExceptionEventArgs> raised = [];
        loop.UnhandledException += (sender, args) =>
        {
            Assert.Same(loop, sender);
            raised.Add(args);
        };
        InvalidOperationException error = new("thrown");
        loop.AddCallback(() => throw error);
        loop.AddCallback(loop.Stop);
        loop.Start();
        Assert.Same(error, Assert.Single(raised).Exception);
        Assert.Equal(CallbackKind.Callback, raised[0].Origin.Kind);
        (string category, LogLevel level, string text, Exception? logged) = Assert.Single(loggers.Entries);
        Assert.Equal(("ZmqLoop.Loop", LogLevel.Error), (category, level));
        Assert.StartsWith("Exception in Callback", text, StringComparison.Ordinal);
        Assert.Same(error, logged);
    }

    [Fact]
    public void Context_termination_and_closed_sources_are_logged()
    {
        using RecordingLoggers loggers = new();
        ManualTimeProvider time = new();
        ScriptedPoller poller = new(time);
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers, Poller = poller, TimeProvider = time });
        loop.AddHandler(1, (_, _) => poller.FailNextPoll(new ContextTerminatedException()), IOEvents.Read);
        poller.CloseBehindTheBack(1);
        loop.Start();
        Assert.Equal([(LogLevel.Warning, true), (LogLevel.Information, true)],
            loggers.Entries.Select(static entry => (entry.Level,
                entry.Text.Contains("closed", StringComparison.Ordinal) || entry.Text.Contains("terminated", StringComparison.Ordinal))));
    }

    [Fact]
    public void An_async_callback_that_is_cancelled_is_reported_like_any_failure()
    {
        _loop.AddCallback(() => Task.FromCanceled(new CancellationToken(canceled: true)));
        _loop.RunUntilIdle();
        Assert.IsType<TaskCanceledException>(Assert.Single(_loop.Errors).Exception);
    }

    [Fact]
    public void A_callback_that_returns_a_null_task_is_fine()
    {
        _loop.AddCallback(static () => (Task)null!);
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
    }

    private IEnumerable<(string Message, object? Callback)> Reported() =>
        _loop.Errors.Select(static error => (error.Exception.Message, error.Origin.Callback));
}
