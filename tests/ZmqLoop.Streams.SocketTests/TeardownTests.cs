namespace ZmqLoop.Streams.SocketTests;

/// <summary>A process that ends while everything is open: in a process of its own. pyzmq's <c>test_process_teardown</c>.</summary>
public sealed class TeardownTests
{
    [Fact]
    public async Task A_process_that_ends_with_a_running_loop_and_streams_that_wait_ends_at_once_and_well()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(TeardownTests), nameof(Here_nothing_is_closed));
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Here_nothing_is_closed()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
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
