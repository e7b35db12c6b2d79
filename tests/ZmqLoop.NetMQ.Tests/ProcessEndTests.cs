using System.Reflection;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>A process that ends while a poller runs, with sockets that send, receive, and wait: in a process of its own, where nothing is
/// disposed of.</summary>
public sealed class ProcessEndTests
{
    private const int Code = 7;

    [Theory]
    [InlineData("epoll")]
    [InlineData("selector")]
    public async Task Main_returns_while_a_poller_runs_and_the_process_ends_at_once_and_well(string poller)
    {
        (int exitCode, string output) =
            await TestProcess.RunAsync(typeof(ProcessEndTests), nameof(Here_a_poller_goes_on), ("ZMQLOOP_NETMQ_POLLER", poller));
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("selector")]
    public async Task A_handler_ends_the_process_with_a_code_and_the_code_arrives(string poller)
    {
        (int exitCode, string output) =
            await TestProcess.RunAsync(typeof(ProcessEndTests), nameof(Here_a_handler_ends_the_process), ("ZMQLOOP_NETMQ_POLLER", poller));
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

    [Fact]
    public async Task A_loop_closed_with_all_its_sockets_leaves_nothing_that_Cleanup_would_wait_for()
    {
        (int exitCode, string output) =
            await TestProcess.RunAsync(typeof(ProcessEndTests), nameof(Here_a_loop_is_closed_and_the_context_after_it));
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_a_loop_is_closed_and_the_context_after_it()
    {
        TestProcess.SkipElsewhere();
        using NetMQWorld world = new();
        ZMQStream server = new(world.Loop.Engine.CreateSocket(SocketType.Rep), world.Loop);
        SocketMonitor monitor = new(server.Socket, world.Loop);
        monitor.OnEvent(e => world.Log.Add($"{e.Event}"));
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        server.OnRecv(request => server.Send(request));
        ZMQStream client = new(new RequestSocket().AsZMQSocket(), world.Loop);
        client.Connect($"tcp://127.0.0.1:{port}");
        client.OnRecv(_ => world.Log.Add("reply"));
        client.Send("request");
        world.RunUntil(() => world.Log.Contains("reply") && world.Log.Contains("Accepted"));
        world.Loop.Close(allFds: true);
        Deadline.RunThread(() => NetMQConfig.Cleanup());
    }

    [Fact]
    public async Task Messages_flow_where_NetMQ_was_told_to_use_NETs_sockets_alone()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(ProcessEndTests), nameof(Here_ForceDotNet_is_set));
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_ForceDotNet_is_set()
    {
        TestProcess.SkipElsewhere();
        PropertyInfo forced = typeof(AsyncIO.ForceDotNet).GetProperty("Forced", BindingFlags.Static | BindingFlags.NonPublic)!;
        using (new NetMQEngine()) Assert.Equal(false, forced.GetValue(null));
        using NetMQEngine engine = new(new NetMQEngineOptions { ForceDotNet = true });
        Assert.Equal(true, forced.GetValue(null));
        using ZMQSocket server = engine.CreateSocket(SocketType.Pull);
        using ZMQSocket client = engine.CreateSocket(SocketType.Push);
        client.Connect($"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}");
        Deadline.WaitUntil(() => client.TrySend(new Message("hello")));
        Deadline.WaitUntil(() => server.TryReceive(out _));
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
