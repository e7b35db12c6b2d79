using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>A process that ends while everything is open: in a process of its own. pyzmq's <c>test_process_teardown</c>.</summary>
public sealed class TeardownTests
{
    private const string Variable = "ZMQLOOP_TEARDOWN";

    [Fact]
    public async Task A_process_that_ends_with_a_running_loop_and_streams_that_wait_ends_at_once_and_well()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, OneTest.Arguments(typeof(TeardownTests), nameof(Here_nothing_is_closed))) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = "1";
        using Process child = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60)); // only a failure waits for it
        try
        {
            Task<string> errors = child.StandardError.ReadToEndAsync(limit.Token);
            string output = await child.StandardOutput.ReadToEndAsync(limit.Token);
            await child.WaitForExitAsync(limit.Token);
            Assert.True(child.ExitCode == 0, $"Ended with {child.ExitCode}: {output}{await errors}");
            Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
        }
        finally
        {
            if (!child.HasExited) child.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Here_nothing_is_closed()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Variable) is null, "Runs in the process that the other test starts.");
        ZMQEngine engine = RealEngine.New();
        IOLoop loop = IOLoopThread.Start(() => new ZMQIOLoop(engine)).Loop;
        await loop.InvokeAsync(() =>
        {
            ZMQStream bound = new(engine.CreateSocket(SocketType.Dealer), loop);
            bound.Bind("tcp://127.0.0.1:*");
            ZMQStream connected = new(engine.CreateSocket(SocketType.Dealer), loop);
            connected.Connect(bound.Socket.LastEndpoint);
            bound.OnRecv(_ => { });
            _ = connected.ReceiveAsync(TestContext.Current.CancellationToken).AsTask();
            connected.Send("sent");
            ZMQStream alone = new(engine.CreateSocket(SocketType.Push), loop);
            alone.Connect("tcp://127.0.0.1:1"); // where nobody is
            for (int i = 0; i < 100; i++) alone.Send("never sent");
        });
    }
}
