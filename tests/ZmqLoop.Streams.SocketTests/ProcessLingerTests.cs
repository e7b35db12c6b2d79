using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>The end of a process: what closed sockets had taken still goes out, and what cannot is named.</summary>
public sealed class ProcessLingerTests
{
    private const string Jobs = "ZMQLOOP_TEST_JOBS";
    private const string Ready = "ZMQLOOP_TEST_READY";
    private const string Late = "had taken has left within their linger";
    private const int Count = 100;

    [Theory]
    [InlineData(nameof(Here_a_stream_is_closed_and_the_process_ends))]
    [InlineData(nameof(Here_a_socket_is_closed_beside_an_open_one_and_the_process_ends))]
    public async Task What_a_closed_socket_had_taken_arrives_at_a_peer_that_comes_when_the_process_ends(string sender)
    {
        string output = await ReceiveFrom(sender);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Here_a_stream_whose_loop_has_stopped_stays_open_and_the_process_ends))]
    [InlineData(nameof(Here_a_stream_whose_loop_never_ran_stays_open_and_the_process_ends))]
    [InlineData(nameof(Here_a_stream_whose_loop_was_closed_stays_open_and_the_process_ends))]
    [InlineData(nameof(Here_nobody_holds_a_stream_nor_its_loop_and_the_process_ends))]
    [InlineData(nameof(Here_a_stream_whose_loop_runs_on_another_thread_stays_open_and_the_process_ends))]
    [InlineData(nameof(Here_another_thread_ends_the_process_while_the_loop_runs_on_this_one))]
    [InlineData(nameof(Here_a_stream_is_disposed_of_on_its_loops_thread_as_the_process_ends))]
    [InlineData(nameof(Here_a_proxy_is_disposed_of_on_its_loops_thread_as_the_process_ends))]
    [InlineData(nameof(Here_a_handler_of_the_processs_end_sends))]
    [InlineData(nameof(Here_a_handler_of_the_processs_end_sends_on_a_loop_that_runs))]
    [InlineData(nameof(Here_a_proxy_whose_loop_has_stopped_stays_open_and_the_process_ends))]
    [InlineData(nameof(Here_a_proxy_whose_loop_runs_on_another_thread_stays_open_and_the_process_ends))]
    public Task What_an_open_stream_or_proxy_was_given_arrives_at_a_peer_that_comes_when_the_process_ends(string sender) =>
        ReceiveFrom(sender);

    private static async Task<string> ReceiveFrom(string sender)
    {
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQSocket jobs = engine.CreateSocket(SocketType.Pull);
        using ZMQSocket ready = engine.CreateSocket(SocketType.Pull);
        string endpoint = $"tcp://127.0.0.1:{jobs.BindToRandomPort("tcp://127.0.0.1")}";
        jobs.Unbind(endpoint); // nobody is there yet
        int port = ready.BindToRandomPort("tcp://127.0.0.1");
        Task<(int ExitCode, string Output)> child =
            TestProcess.RunAsync(typeof(ProcessLingerTests), sender, (Jobs, endpoint), (Ready, $"tcp://127.0.0.1:{port}"));
        await Task.Run(() => Deadline.WaitUntil(() => ready.TryReceive(out _)), TestContext.Current.CancellationToken);
        jobs.Bind(endpoint);
        List<string> received = [];
        await Task.Run(() => Deadline.WaitUntil(() =>
        {
            while (jobs.TryReceive(out Message? message)) received.Add(message[0].ToText());
            return received.Count == Count;
        }, () => $"{received.Count} of {Count} have come"), TestContext.Current.CancellationToken);
        (int exitCode, string output) = await child;
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain(Late, output, StringComparison.Ordinal);
        Assert.Equal(MessageText.Numbers(Count), received);
        return output;
    }

    [Fact]
    public async Task A_closed_socket_that_could_not_send_all_is_named()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(ProcessLingerTests), nameof(Here_nobody_is_there));
        Assert.True(exitCode == 0, output);
        Assert.Contains(Late, output, StringComparison.Ordinal);
        Assert.Contains("PUSH socket (tcp://127.0.0.1:1)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subscriber_whose_publisher_has_gone_keeps_no_other_socket_from_telling_that_it_has_sent_all()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(ProcessLingerTests), nameof(Here_a_subscriber_has_no_publisher));
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain(Late, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_a_stream_is_closed_and_the_process_ends()
    {
        using ZMQIOLoop loop = Begin(out ZMQEngine engine);
        loop.RunSync(async () =>
        {
            ZMQStream push = new(engine.CreateSocket(SocketType.Push), loop);
            push.Socket.Linger = Deadline.Default;
            push.Connect(Environment.GetEnvironmentVariable(Jobs)!);
            for (int i = 0; i < Count; i++) push.Send($"{i}");
            await push.CloseAsync(Deadline.Default);
        });
        SayReady(engine);
    }

    [Fact]
    public void Here_a_socket_is_closed_beside_an_open_one_and_the_process_ends()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ZMQSocket open = engine.CreateSocket(SocketType.Rep);
        open.Bind(RealWorld.Inproc());
        using (ZMQSocket push = engine.CreateSocket(SocketType.Push))
        {
            push.Linger = TimeSpan.FromSeconds(10);
            push.Connect(Environment.GetEnvironmentVariable(Jobs)!);
            for (int i = 0; i < Count; i++) Assert.True(push.TrySend(new Message($"{i}")));
        }

        SayReady(engine);
        GC.KeepAlive(open);
    }

    [Fact]
    public void Here_a_stream_whose_loop_has_stopped_stays_open_and_the_process_ends()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        ZMQStream push = OpenPush(engine, loop);
        loop.RunSync(async () =>
        {
            for (int i = 0; i < Count / 2; i++) await push.SendAsync(new Message($"{i}")); // these its socket takes
        });
        for (int i = Count / 2; i < Count; i++) push.Send($"{i}"); // and these wait in its queue
        SayReady(engine);
    }

    [Fact]
    public void Here_a_stream_whose_loop_never_ran_stays_open_and_the_process_ends()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        SendAll(OpenPush(engine, loop));
        SayReady(engine);
        GC.KeepAlive(loop);
    }

    [Fact]
    public void Here_nobody_holds_a_stream_nor_its_loop_and_the_process_ends()
    {
        ZMQEngine engine = Drop();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        SayReady(engine);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static ZMQEngine Drop()
        {
            ZMQIOLoop loop = Begin(out ZMQEngine engine);
            SendAll(OpenPush(engine, loop));
            return engine;
        }
    }

    [Fact]
    public void Here_a_stream_whose_loop_was_closed_stays_open_and_the_process_ends()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        ZMQStream push = OpenPush(engine, loop);
        SendAll(push);
        loop.Close();
        SayReady(engine);
        GC.KeepAlive(push);
    }

    [Fact]
    public async Task Here_a_stream_whose_loop_runs_on_another_thread_stays_open_and_the_process_ends()
    {
        (IOLoopThread thread, ZMQEngine engine) = BeginThread();
        ZMQStream push = await thread.Loop.InvokeAsync(() => OpenPush(engine, (ZMQIOLoop)thread.Loop));
        for (int i = 0; i < Count / 2; i++) await push.SendAsync(new Message($"{i}"));
        for (int i = Count / 2; i < Count; i++) push.Send($"{i}");
        SayReady(engine);
    }

    [Fact]
    public void Here_another_thread_ends_the_process_while_the_loop_runs_on_this_one()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        ZMQStream push = OpenPush(engine, loop);
        loop.AddCallback(() => SendAll(push));
        loop.AddCallback(() => new Thread(() =>
        {
            SayReady(engine);
            Environment.Exit(0);
        }).Start());
        loop.Start();
    }

    [Fact]
    public async Task Here_a_stream_is_disposed_of_on_its_loops_thread_as_the_process_ends()
    {
        (IOLoopThread thread, ZMQEngine engine) = BeginThread();
        ZMQStream push = await thread.Loop.InvokeAsync(() => OpenPush(engine, (ZMQIOLoop)thread.Loop));
        for (int i = 0; i < Count; i++) await push.SendAsync(new Message($"{i}"));
        SayReady(engine);
        push.Dispose();
        Environment.Exit(0); // the loop is at it
    }

    [Fact]
    public async Task Here_a_proxy_is_disposed_of_on_its_loops_thread_as_the_process_ends()
    {
        (IOLoopThread thread, ZMQEngine engine) = BeginThread();
        ZMQProxy proxy = await thread.Loop.InvokeAsync(() => OpenProxy(engine, (ZMQIOLoop)thread.Loop));
        Deadline.WaitUntil(() => proxy.Statistics.MessagesIn == Count);
        SayReady(engine);
        proxy.Dispose();
        Environment.Exit(0);
    }

    [Fact]
    public void Here_a_handler_of_the_processs_end_sends_on_a_loop_that_runs()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        ZMQStream push = OpenPush(engine, loop);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Assert.True(loop.InvokeAsync(() => SendAll(push)).Wait(Deadline.Default));
        new Thread(loop.Start) { IsBackground = true }.Start();
        Deadline.WaitUntil(() => loop.IsRunning);
        SayReady(engine);
    }

    [Fact]
    public void Here_a_handler_of_the_processs_end_sends()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        ZMQStream push = OpenPush(engine, loop);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SendAll(push);
        loop.RunSync(static () => Task.CompletedTask);
        SayReady(engine);
    }

    [Fact]
    public void Here_a_proxy_whose_loop_has_stopped_stays_open_and_the_process_ends()
    {
        ZMQIOLoop loop = Begin(out ZMQEngine engine);
        ZMQProxy proxy = OpenProxy(engine, loop);
        while (proxy.Statistics.MessagesIn < Count) loop.RunOnce(Deadline.Default);
        SayReady(engine);
        GC.KeepAlive(proxy);
    }

    [Fact]
    public async Task Here_a_proxy_whose_loop_runs_on_another_thread_stays_open_and_the_process_ends()
    {
        (IOLoopThread thread, ZMQEngine engine) = BeginThread();
        ZMQProxy proxy = await thread.Loop.InvokeAsync(() => OpenProxy(engine, (ZMQIOLoop)thread.Loop));
        Deadline.WaitUntil(() => proxy.Statistics.MessagesIn == Count);
        SayReady(engine);
    }

    [Fact]
    public void Here_nobody_is_there()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ZMQSocket push = engine.CreateSocket(SocketType.Push);
        push.Linger = TimeSpan.FromSeconds(2); // more than the test's end takes
        push.Connect("tcp://127.0.0.1:1");
        Assert.True(push.TrySend(new Message("never sent")));
        push.Close();
    }

    [Fact]
    public void Here_a_subscriber_has_no_publisher()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        ZMQSocket subscriber = engine.CreateSocket(SocketType.Sub);
        subscriber.Subscribe("news");
        ZMQSocket publisher = engine.CreateSocket(SocketType.XPub);
        publisher.Bind("tcp://127.0.0.1:*");
        subscriber.Connect(publisher.LastEndpoint);
        Deadline.WaitUntil(() => publisher.TryReceive(out _));
        ZMQSocket monitor = subscriber.Monitor(ZMQSocketEvents.ConnectRetried);
        publisher.Close();
        Deadline.WaitUntil(() => monitor.TryReceive(out _));
        _ = subscriber.Events; // hears of it, and would subscribe anew
        subscriber.Close();
        monitor.Close();
    }

    private static ZMQIOLoop Begin(out ZMQEngine engine)
    {
        TestProcess.SkipElsewhere();
        engine = EngineUnderTest.Current.CreateEngine();
        return new ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false });
    }

    private static (IOLoopThread Thread, ZMQEngine Engine) BeginThread()
    {
        TestProcess.SkipElsewhere();
        ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        return (IOLoopThread.Start(() => new ZMQIOLoop(engine)), engine);
    }

    private static ZMQStream OpenPush(ZMQEngine engine, ZMQIOLoop loop)
    {
        ZMQStream push = new(engine.CreateSocket(SocketType.Push), loop);
        push.Socket.Linger = Deadline.Default;
        push.Connect(Environment.GetEnvironmentVariable(Jobs)!);
        return push;
    }

    private static ZMQProxy OpenProxy(ZMQEngine engine, ZMQIOLoop loop)
    {
        ZMQSocket front = engine.CreateSocket(SocketType.Pull);
        string endpoint = RealWorld.Inproc();
        front.Bind(endpoint);
        ZMQSocket back = engine.CreateSocket(SocketType.Push);
        back.Linger = Deadline.Default;
        back.Connect(Environment.GetEnvironmentVariable(Jobs)!);
        ZMQProxy proxy = new(front, back, null, loop);
        using ZMQSocket sender = engine.CreateSocket(SocketType.Push);
        sender.Connect(endpoint);
        for (int i = 0; i < Count; i++) Assert.True(sender.TrySend(new Message($"{i}")));
        return proxy;
    }

    private static void SendAll(ZMQStream push)
    {
        for (int i = 0; i < Count; i++) push.Send($"{i}");
    }

    private static void SayReady(ZMQEngine engine)
    {
        ZMQSocket ready = engine.CreateSocket(SocketType.Push);
        ready.Connect(Environment.GetEnvironmentVariable(Ready)!);
        Deadline.WaitUntil(() => ready.TrySend(new Message("ready")));
        ready.Close();
    }
}
