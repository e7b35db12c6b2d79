using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>The end of a process: what is said of messages that cannot be sent any more, or may not arrive.</summary>
public sealed class ProcessWarningTests
{
    [Theory]
    [InlineData(nameof(Here_a_stream_stays_open))]
    [InlineData(nameof(Here_a_callback_ends_the_process))]
    public async Task What_is_queued_in_a_stream_that_nobody_closed_and_cannot_be_sent_is_counted(string sender)
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(ProcessWarningTests), sender);
        Assert.True(exitCode == 0, output);
        Assert.Contains("'never sent'", output, StringComparison.Ordinal);
        Assert.Contains("were not sent: 3", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_callback_ends_the_process_what_its_loop_had_sent_is_said_to_be_in_danger()
    {
        (int exitCode, string output) =
            await TestProcess.RunAsync(typeof(ProcessWarningTests), nameof(Here_a_callback_that_has_sent_ends_the_process));
        Assert.True(exitCode == 0, output);
        Assert.Contains("The loop was at ", output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(nameof(Here_a_callback_that_has_sent_ends_the_process), output, StringComparison.Ordinal);
        Assert.Matches("may be lost: ZMQStream 'sent'(?!.*'only receives')", output);
    }

    [Fact]
    public void Here_a_callback_ends_the_process()
    {
        TestProcess.SkipElsewhere();
        EndInCallback(null);
    }

    [Fact]
    public async Task A_log_that_has_ended_keeps_no_warning_from_stderr()
    {
        (int exitCode, string output) =
            await TestProcess.RunAsync(typeof(ProcessWarningTests), nameof(Here_a_callback_ends_the_process_whose_log_has_ended));
        Assert.True(exitCode == 0, output);
        Assert.Contains("were not sent: 3", output, StringComparison.Ordinal);
        Assert.Contains(" when the process ended; stop it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_blocks_does_not_keep_the_process()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(ProcessWarningTests), nameof(Here_the_log_blocks));
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Here_a_callback_ends_the_process_whose_log_has_ended()
    {
        TestProcess.SkipElsewhere();
        EndInCallback(new LastLog(static () => throw new ObjectDisposedException("the log")));
    }

    [Fact]
    public void Here_the_log_blocks()
    {
        TestProcess.SkipElsewhere();
        EndInCallback(new LastLog(static () => new ManualResetEventSlim().Wait()));
    }

    [Fact]
    public void Here_a_callback_that_has_sent_ends_the_process()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        string endpoint = RealWorld.Inproc();
        ZMQStream pull = new(engine.CreateSocket(SocketType.Pull), loop, new ZMQStreamOptions { Name = "only receives" });
        pull.Bind(endpoint);
        ZMQStream push = new(engine.CreateSocket(SocketType.Push), loop, new ZMQStreamOptions { Name = "sent" });
        push.Connect(endpoint);
        pull.OnRecv(static _ => Environment.Exit(0));
        push.Send("x");
        loop.Start();
    }

    [Fact]
    public void Here_a_stream_stays_open()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        ZMQStream stream = new(engine.CreateSocket(SocketType.Push), loop, new ZMQStreamOptions { Name = "never sent" });
        for (int i = 0; i < 3; i++) stream.Send($"{i}");
    }

    private static void EndInCallback(ILoggerFactory? log)
    {
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false, LoggerFactory = log });
        ZMQStream stream = new(engine.CreateSocket(SocketType.Push), loop, new ZMQStreamOptions { Name = "never sent" });
        loop.AddCallback(() =>
        {
            for (int i = 0; i < 3; i++) stream.Send($"{i}");
            Environment.Exit(0); // its loop is at this callback for ever
        });
        loop.Start();
    }
}
