using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Streams.Tests;

namespace ZmqLoop.Tests;

/// <summary>A process that ends while a poller runs, with sockets that send, receive, and wait: in a process of its own, where nothing is disposed of.</summary>
public sealed class ProcessEndTests
{
    private const int Code = 7;

    [Theory]
    [InlineData("epoll")]
    [InlineData("selector")]
    public async Task Main_returns_while_a_poller_runs_and_the_process_ends_at_once_and_well(string poller)
    {
        (int exitCode, string output) = await TestProcess.RunAsync(nameof(Here_a_poller_goes_on), ("ZMQLOOP_NETMQ_POLLER", poller));
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("selector")]
    public async Task A_handler_ends_the_process_with_a_code_and_the_code_arrives(string poller)
    {
        (int exitCode, string output) = await TestProcess.RunAsync(nameof(Here_a_handler_ends_the_process), ("ZMQLOOP_NETMQ_POLLER", poller));
        Assert.True(exitCode == Code, $"Ended with {exitCode}: {output}");
    }

    [Fact]
    public void Here_a_poller_goes_on()
    {
        TestProcess.SkipElsewhere();
        int events = 0;
        Begin(() => Interlocked.Increment(ref events));
        Deadline.WaitUntil(() => Volatile.Read(ref events) > 100);
    }

    [Fact]
    public void Here_a_handler_ends_the_process()
    {
        TestProcess.SkipElsewhere();
        Begin(() => Environment.Exit(Code));
        Deadline.WaitUntil(() => false);
    }

    /// <summary>Sockets that talk all the time over tcp, one that cannot send, a timer, and a queue, on a poller's own thread.</summary>
    private static void Begin(Action onEvent)
    {
        NetMQLoopPoller poller = [];
        ResponseSocket server = new();
        int port = server.BindRandomPort("tcp://127.0.0.1");
        server.ReceiveReady += (_, args) => args.Socket.SendFrame(args.Socket.ReceiveFrameBytes());
        RequestSocket client = new($">tcp://127.0.0.1:{port}");
        client.ReceiveReady += (_, args) =>
        {
            args.Socket.SkipFrame();
            args.Socket.SendFrame("again");
            onEvent();
        };
        client.SendFrame("first");
        PushSocket alone = new(">tcp://127.0.0.1:1"); // where nobody is
        for (int i = 0; i < 100; i++) alone.TrySendFrame("never sent");
        NetMQQueue<int> queue = new();
        queue.ReceiveReady += (_, args) => args.Queue.Dequeue();
        NetMQTimer timer = new(1);
        timer.Elapsed += (_, _) => queue.Enqueue(1);
        foreach (ISocketPollable pollable in (ISocketPollable[])[server, client, alone, queue]) poller.Add(pollable);
        poller.Add(timer);
        poller.RunAsync();
    }
}
