using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The watchdog's thread, in a process whose only loops are the test's.</summary>
public sealed class WatchdogTests
{
    [Theory]
    [InlineData(nameof(Here_a_callback_blocks))]
    [InlineData(nameof(Here_a_loop_is_idle_and_then_blocks))]
    public async Task In_a_process_of_its_own(string what)
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(WatchdogTests), what, ("ZMQLOOP_BLOCKING_THRESHOLD", "0.05"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
        Assert.Contains($"s by Callback {nameof(WatchdogTests)}.{what}", output, StringComparison.Ordinal);
        Assert.Contains($" s in all by Callback {nameof(WatchdogTests)}.{what} (lambda)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_a_callback_blocks()
    {
        TestProcess.SkipElsewhere();
        using Reports reports = new();
        using IOLoop loop = new();
        loop.AddCallback(() => Deadline.WaitUntil(() => reports.Has("The loop has been blocked for ")));
        loop.RunSync(() => Task.CompletedTask);
        Deadline.WaitUntil(() => reports.Has(" s in all"));
    }

    [Fact]
    public void Here_a_loop_is_idle_and_then_blocks()
    {
        TestProcess.SkipElsewhere();
        using Reports reports = new();
        using IOLoop loop = new();
        Thread other = new(() =>
        {
            Deadline.WaitUntil(static () => Watchdog.Rests);
            loop.AddCallback(() =>
            {
                Deadline.WaitUntil(() => reports.Has("The loop has been blocked for "));
                Assert.False(Watchdog.Rests);
                loop.Stop();
            });
        });
        loop.AddCallback(other.Start);
        loop.Start();
        Deadline.WaitUntil(() => reports.Has(" s in all"));
        Deadline.WaitUntil(static () => Watchdog.Rests);
        other.Join();
    }

    [Fact]
    public async Task Who_comes_while_it_looks_is_looked_at_soon()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(WatchdogTests), nameof(Here_one_comes_while_it_looks));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_one_comes_while_it_looks()
    {
        TestProcess.SkipElsewhere();
        ManualResetEventSlim isLooking = new(); // none is disposed of: the watchdog goes on to use them
        ManualResetEventSlim mayGoOn = new();
        ManualResetEventSlim reported = new();
        RunningCallback slow = Running(TimeSpan.FromHours(1), static () => { }, () =>
        {
            isLooking.Set();
            mayGoOn.Wait();
        });
        RunningCallback other = Running(TimeSpan.FromMilliseconds(20), reported.Set, static () => { });
        other.Begin("something");
        Watchdog.Add(slow);
        Assert.True(isLooking.Wait(Deadline.Default));
        Watchdog.Add(other);
        mayGoOn.Set();
        Assert.True(reported.Wait(Deadline.Default)); // and not when the slow one's next look is due, in a minute
    }

    private static RunningCallback Running(TimeSpan threshold, Action blocked, Action looked)
    {
        Func<object?> plain = () =>
        {
            looked();
            return null;
        };
        return new RunningCallback(plain, static running => new CallbackOrigin(CallbackKind.Callback, Owner: running), static () => [],
            static exception => throw exception)
        {
            Watch = new BlockingWatch(threshold, _ => blocked(), null, InDebugger: true),
        };
    }

    /// <summary>What is written to stderr, which goes there all the same.</summary>
    private sealed class Reports : StringWriter
    {
        private readonly TextWriter _errors = Console.Error;
        private readonly Lock _gate = new();

        public Reports() => Console.SetError(this);

        public bool Has(string text)
        {
            lock (_gate) return ToString().Contains(text, StringComparison.Ordinal);
        }

        public override void WriteLine(string? value)
        {
            lock (_gate) base.WriteLine(value);
            _errors.WriteLine(value);
        }

        protected override void Dispose(bool disposing)
        {
            Console.SetError(_errors);
            base.Dispose(disposing);
        }
    }
}
