using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Real time, but no duration is asserted: a callback blocks until it has been reported.</summary>
public sealed class IOLoopBlockingTests : IDisposable
{
    private static readonly TimeSpan _threshold = TimeSpan.FromMilliseconds(20);
    private readonly ScriptedLoop _loop = new();
    private readonly Lock _gate = new();
    private readonly List<BlockedCallback> _reports = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_callback_a_timer_and_a_handler_that_block_are_reported_each_while_it_runs()
    {
        _loop.SetBlockingSignalThreshold(_threshold, Add);
        Action callback = () => BlockUntilReported(1);
        Action timer = () => BlockUntilReported(2);
        IOHandler handler = (_, _) =>
        {
            BlockUntilReported(3);
            _loop.RemoveHandler(7);
        };
        _loop.AddCallback(callback);
        _loop.CallLater(0, timer);
        _loop.AddHandler(7, handler, IOEvents.Read);
        _loop.Poller.Fire(7, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal(
            [(CallbackKind.Callback, callback, null), (CallbackKind.Timeout, timer, null),
                (CallbackKind.Handler, handler, PollSource.FromFileDescriptor(7))],
            _reports.Select(static report => (report.Origin.Kind, report.Origin.Callback, report.Origin.Owner)));
        Assert.All(_reports, static report => Assert.True(report.Elapsed >= _threshold));
        Assert.Contains(nameof(IOLoopBlockingTests), _reports[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_callback_is_reported_as_it_was_given_whatever_it_was_stored_in()
    {
        _loop.SetBlockingSignalThreshold(_threshold, Add);
        Action<int> withState = BlockUntilReported;
        Func<Task> async = () =>
        {
            BlockUntilReported(2);
            return Task.CompletedTask;
        };
        Action inContext = () => BlockUntilReported(3);
        Action delayed = () => BlockUntilReported(4);
        _loop.AddCallback(withState, 1);
        _loop.AddCallback(async);
        new StackContext(static () => new MemoryStream()).Run(() => _loop.AddCallback(inContext));
        new DelayedCallback(delayed, 1, _loop).Start();
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal(
            [(CallbackKind.Callback, withState), (CallbackKind.Callback, async), (CallbackKind.Callback, inContext),
                (CallbackKind.Timeout, (object?)delayed)],
            _reports.Select(static report => (report.Origin.Kind, report.Origin.Callback)));
    }

    [Fact]
    public void What_blocks_after_an_await_is_reported_by_the_name_of_its_async_function()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        loop.SetBlockingSignalThreshold(_threshold, Add);
        TaskCompletionSource later = new(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.CallLater(0, later.SetResult);
        loop.AddCallback(async () =>
        {
            try
            {
                await later.Task;
                BlockUntilReported(1);
                await AsyncLocalFunction();
                await AsyncMethod();
            }
            finally
            {
                loop.Stop();
            }
        });
        loop.Start();
        string here =
            $"Callback {nameof(IOLoopBlockingTests)}.{nameof(What_blocks_after_an_await_is_reported_by_the_name_of_its_async_function)}";
        Assert.Equal(
            [$"{here} (lambda)", $"{here}.{nameof(AsyncLocalFunction)}", $"Callback {nameof(IOLoopBlockingTests)}.{nameof(AsyncMethod)}"],
            _reports.Select(static report => report.Origin.ToString()));

        async Task AsyncLocalFunction()
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // to the pool, always
            await loop.SwitchTo();
            BlockUntilReported(2);
        }
    }

    private async Task AsyncMethod()
    {
        await Task.Yield();
        BlockUntilReported(3);
    }

    [Fact]
    public void A_watch_that_a_callback_switches_on_sees_the_next_one_of_the_same_turn()
    {
        Action blocking = () => BlockUntilReported(1);
        _loop.AddCallback(() => _loop.SetBlockingSignalThreshold(_threshold, Add));
        _loop.AddCallback(blocking);
        _loop.AddCallback(static () => { });
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
        Assert.Equal(blocking, Assert.Single(_reports).Origin.Callback);
    }

    [Fact]
    public void A_callback_that_was_reported_is_not_kept_alive_once_it_is_over()
    {
        using ManualResetEventSlim reported = new();
        _loop.SetBlockingSignalThreshold(_threshold, _ => reported.Set());
        WeakReference held = AddBlocking(_loop, reported);
        _loop.Poller.OnIdle = () =>
        {
            Deadline.WaitUntil(() =>
            {
                GC.Collect();
                return !held.IsAlive;
            });
            _loop.Stop();
        };
        _loop.Start();
        Assert.Empty(_loop.Errors);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference AddBlocking(IOLoop loop, ManualResetEventSlim reported)
        {
            object held = new();
            loop.AddCallback(() =>
            {
                Assert.True(reported.Wait(Deadline.Default));
                GC.KeepAlive(held);
            });
            return new WeakReference(held);
        }
    }

    [Fact]
    public void The_same_delegate_run_again_and_again_is_not_taken_for_one_that_blocks()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false }); // a scripted one would take this for spinning, and rightly so
        loop.SetBlockingSignalThreshold(TimeSpan.FromSeconds(1), Add);
        long start = TimeProvider.System.GetTimestamp();
        Action? again = null;
        again = () =>
        {
            if (TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1.5)) loop.AddCallback(again!);
            else loop.Stop();
        };
        loop.AddCallback(again);
        loop.Start();
        Assert.Empty(_reports);
    }

    [Fact]
    public void A_sleeping_loop_does_not_block()
    {
        _loop.SetBlockingSignalThreshold(TimeSpan.FromMilliseconds(1), Add);
        using ManualResetEventSlim looked = new();
        _loop.Poller.OnIdle = () =>
        {
            looked.Wait(TimeSpan.FromMilliseconds(100)); // nothing ever sets it
            _loop.Stop();
        };
        _loop.AddCallback(static () => { });
        _loop.Start();
        Assert.DoesNotContain(_reports, static report => report.Elapsed >= TimeSpan.FromMilliseconds(90));
    }

    [Fact]
    public void A_report_that_throws_is_logged_and_the_watch_goes_on()
    {
        using RecordingLoggers loggers = new();
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        loop.SetBlockingSignalThreshold(0.02, _ => throw new InvalidOperationException("report"));
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count >= 1));
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count >= 2));
        loop.AddCallback(loop.Stop);
        loop.Start();
        Assert.All(loggers.Entries, static entry => Assert.Equal((LogLevel.Error, "report"), (entry.Level, entry.Exception!.Message)));
    }

    [Fact]
    public void A_log_that_fails_neither_ends_the_process_nor_the_watch()
    {
        using RecordingLoggers loggers = new() { OnLog = static () => throw new IOException("the disk is full") };
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        loop.SetBlockingLogThreshold(_threshold);
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count >= 2)); // the report, and that it failed
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count >= 6)); // the end of the first, and another one
        loop.AddCallback(loop.Stop);
        loop.Start();
        Deadline.WaitUntil(() => loggers.Entries.Count == 8);
    }

    [Fact]
    public void What_an_option_watches_for_is_logged_while_it_blocks_and_with_its_total_when_it_is_over()
    {
        using RecordingLoggers loggers = new();
        using IOLoop loop = new(new IOLoopOptions
        {
            MakeCurrent = false, LoggerFactory = loggers, BlockingThreshold = _threshold, Name = "orders",
        });
        Assert.SkipWhen(System.Diagnostics.Debugger.IsAttached, "Nothing is reported to somebody who debugs.");
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count == 1));
        loop.AddCallback(loop.Stop);
        loop.Start();
        Deadline.WaitUntil(() => loggers.Entries.Count == 2);
        Assert.All(loggers.Entries, static entry => Assert.Equal(LogLevel.Warning, entry.Level));
        const string test = nameof(What_an_option_watches_for_is_logged_while_it_blocks_and_with_its_total_when_it_is_over);
        string name = $"Callback {nameof(IOLoopBlockingTests)}.{test}";
        Assert.Matches($@"^Loop orders has been blocked for 0\.\d+ s by {name} \(lambda\)$", loggers.Entries[0].Text);
        Assert.Matches($@"^Loop orders was blocked for [\d.]+ s in all by {name} \(lambda\)$", loggers.Entries[1].Text);
    }

    [Fact]
    public void A_loop_that_is_closed_while_a_report_has_no_end_yet_has_its_end_told()
    {
        using RecordingLoggers loggers = new();
        IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        loop.SetBlockingLogThreshold(_threshold);
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count == 1));
        loop.AddCallback(loop.Stop);
        loop.Start();
        loop.Close();
        Deadline.WaitUntil(() => loggers.Entries.Count == 2);
        Assert.Contains(" s in all by ", loggers.Entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SetBlockingLogThreshold_logs_by_LogStack()
    {
        using RecordingLoggers loggers = new();
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        loop.SetBlockingLogThreshold(_threshold);
        loop.AddCallback(() => Deadline.WaitUntil(() => loggers.Entries.Count == 1));
        loop.AddCallback(loop.Stop);
        loop.Start();
        loop.SetBlockingLogThreshold(null);
        Assert.Equal(LogLevel.Warning, loggers.Entries[0].Level);
        Assert.Contains("blocked", loggers.Entries[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void In_debug_the_report_says_where_a_callback_a_timer_or_a_handler_was_scheduled()
    {
        using ScriptedLoop loop = new(debug: true);
        loop.SetBlockingSignalThreshold(_threshold, Add);
        loop.AddCallback(() => BlockUntilReported(1));
        loop.CallLater(0, () => BlockUntilReported(2));
        loop.AddHandler(7, (_, _) =>
        {
            BlockUntilReported(3);
            loop.RemoveHandler(7);
        }, IOEvents.Read);
        loop.Poller.Fire(7, IOEvents.Read);
        loop.RunUntilIdle();
        Assert.Empty(loop.Errors);
        Assert.Equal([CallbackKind.Callback, CallbackKind.Timeout, CallbackKind.Handler],
            _reports.Select(static report => report.Origin.Kind));
        Assert.All(_reports, static report => Assert.Contains(
            nameof(In_debug_the_report_says_where_a_callback_a_timer_or_a_handler_was_scheduled), report.Origin.Trail!.ToString(),
            StringComparison.Ordinal));
    }

    [Fact]
    public void An_inner_callback_that_was_left_in_place_does_not_stay_there()
    {
        _loop.AddCallback(() => _loop.InnerCallback = new CallbackOrigin(CallbackKind.Stream));
        _loop.CallLater(1, () => Assert.Null(_loop.InnerCallback));
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);
    }

    [Fact]
    public void A_threshold_must_be_positive_and_null_switches_off()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.SetBlockingSignalThreshold(TimeSpan.Zero, Add));
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.SetBlockingLogThreshold(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.SetBlockingLogThreshold(double.NaN));
        _loop.SetBlockingSignalThreshold(_threshold, Add);
        _loop.SetBlockingSignalThreshold(null, null);
        _loop.SetBlockingLogThreshold(null);
    }

    private void Add(BlockedCallback report)
    {
        lock (_gate) _reports.Add(report);
    }

    private void BlockUntilReported(int count) => Deadline.WaitUntil(() =>
    {
        lock (_gate) return _reports.Count >= count;
    });
}
