namespace ZmqLoop.Streams.SocketTests;

public sealed class SocketMonitorTests
{
    [Fact]
    public void A_monitor_tells_of_a_connections_whole_life_and_closes_with_its_socket()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Rep);
        ZMQSocket client = world.Socket(SocketType.Req);
        // which NetMQ tells at the end, and libzmq does not
        using SocketMonitor monitor = new(server, world.Loop, ZMQSocketEvents.All & ~ZMQSocketEvents.Closed);
        List<SocketEvent> events = [];
        monitor.OnEvent(events.Add);
        server.Bind("tcp://127.0.0.1:*");
        string endpoint = server.LastEndpoint;
        client.Connect(endpoint);
        world.RunUntil(() => events.Exists(static e => e.Event == EngineUnderTest.Current.Connected));
        client.Close(TimeSpan.Zero);
        world.RunUntil(() => events.Exists(static e => e.Event == ZMQSocketEvents.Disconnected));
        server.Close(TimeSpan.Zero);
        world.RunUntil(() => monitor.IsClosed);
        Assert.Equal(
            ((ZMQSocketEvents[])[ZMQSocketEvents.Listening, ZMQSocketEvents.Accepted, EngineUnderTest.Current.Connected,
                ZMQSocketEvents.Disconnected, ZMQSocketEvents.MonitorStopped]).Distinct(),
            events.Select(static e => e.Event));
        Assert.Equal(endpoint, events[0].Endpoint);
        Assert.Throws<ObjectDisposedException>(() => monitor.OnEvent(events.Add));
        monitor.OnEvent(null);
        monitor.Close();
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void The_side_that_connects_is_told_as_well_and_only_what_was_asked_for()
    {
        using RealWorld world = new();
        (ZMQStream server, ZMQSocket client) = (world.Stream(SocketType.Rep), world.Socket(SocketType.Req));
        using SocketMonitor monitor = new(client, world.Loop, ZMQSocketEvents.Connected | ZMQSocketEvents.Disconnected);
        List<SocketEvent> events = [];
        monitor.OnEvent(events.Add);
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        client.Connect($"tcp://127.0.0.1:{port}");
        world.RunUntil(() => events.Count == 1);
        server.Close(TimeSpan.Zero);
        world.RunUntil(() => events.Count == 2);
        Assert.Equal([ZMQSocketEvents.Connected, ZMQSocketEvents.Disconnected], events.Select(static e => e.Event));
        client.Close(TimeSpan.Zero);
        world.RunUntil(() => monitor.IsClosed); // though nobody asked for that event: it comes always
        Assert.Equal(ZMQSocketEvents.MonitorStopped, events[^1].Event);
    }

    [Fact]
    public void Each_of_several_connections_counts()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Router);
        using SocketMonitor monitor = new SocketMonitor(server, world.Loop).CountOnly();
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        ZMQSocket[] clients = [.. Enumerable.Range(0, 3).Select(_ => world.Socket(SocketType.Dealer))];
        foreach (ZMQSocket client in clients) client.Connect($"tcp://127.0.0.1:{port}");
        world.RunUntil(() => monitor.Statistics.Open == 3);
        Assert.Equal(3, monitor.GetConnections().Count);
        clients[1].Close(TimeSpan.Zero);
        world.RunUntil(() => monitor.Statistics.Disconnects == 1);
        Assert.Equal((2, 2), (monitor.Statistics.Open, monitor.GetConnections().Count));
        Assert.All(monitor.GetConnections(), static connection => Assert.True(connection.Accepted));
    }

    [Fact]
    public void A_connection_says_that_it_is_the_second_with_its_endpoint()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Router);
        ZMQSocket client = world.Socket(SocketType.Dealer);
        using SocketMonitor monitor = new SocketMonitor(client, world.Loop).CountOnly();
        string endpoint = $"tcp://127.0.0.1:{server.BindToRandomPort("tcp://127.0.0.1")}";
        client.Connect(endpoint);
        world.RunUntil(() => monitor.Statistics.Open == 1);
        Assert.Equal(1, monitor.GetConnections()[0].Number);
        server.Unbind(endpoint);
        server.Close(TimeSpan.Zero); // and another takes its place
        ZMQSocket next = world.Socket(SocketType.Router);
        world.RunUntil(() => monitor.Statistics.Open == 0);
        next.Bind(endpoint);
        world.RunUntil(() => monitor.Statistics.Open == 1);
        Assert.Equal((2, 1), (monitor.GetConnections()[0].Number, monitor.Statistics.Reconnects));
    }

    [Fact]
    public void An_error_of_an_event_callback_names_that_callback()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Rep);
        using SocketMonitor monitor = new(server, world.Loop);
        Action<SocketEvent> callback = static _ => throw StreamWorld.Oops;
        monitor.OnEvent(callback);
        server.Bind("tcp://127.0.0.1:*");
        world.RunUntil(() => world.Loop.Errors.Count == 1);
        Assert.Equal(callback, world.Loop.Errors[0].Origin.Callback);
    }

    [Fact]
    public void A_handshake_that_fails_says_why()
    {
        EngineUnderTest.Current.Need(Abilities.Handshakes);
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Pull);
        CurveKeyPair keys = world.Engine.CreateCurveKeyPair();
        server.CurveServer = true;
        server.CurveSecretKey = keys.SecretKey;
        using SocketMonitor monitor = new(server, world.Loop, ZMQSocketEvents.HandshakeFailedProtocol);
        List<SocketEvent> events = [];
        monitor.OnEvent(events.Add);
        server.Bind("tcp://127.0.0.1:*");
        ZMQSocket plain = world.Socket(SocketType.Push);
        plain.Connect(server.LastEndpoint);
        world.RunUntil(() => events.Count > 0);
        Assert.Equal(HandshakeError.MechanismMismatch, events[0].Error);
        plain.Close(TimeSpan.Zero);
        events.Clear();

        ZMQSocket stranger = world.Socket(SocketType.Push);
        (stranger.CurvePublicKey, stranger.CurveSecretKey) = (keys.PublicKey, keys.SecretKey);
        stranger.CurveServerKey = world.Engine.CreateCurveKeyPair().PublicKey;
        stranger.Connect(server.LastEndpoint);
        world.RunUntil(() => events.Exists(static e => e.Error == HandshakeError.Cryptographic));
    }

    [Fact]
    public void A_bind_that_fails_is_told_with_what_was_tried()
    {
        using RealWorld world = new();
        (ZMQSocket server, ZMQSocket other) = (world.Socket(SocketType.Rep), world.Socket(SocketType.Rep));
        server.Bind("tcp://127.0.0.1:*");
        using SocketMonitor monitor = new(other, world.Loop, ZMQSocketEvents.BindFailed);
        List<SocketEvent> events = [];
        monitor.OnEvent(events.Add);
        Assert.Throws<ZMQException>(() => other.Bind(server.LastEndpoint)); // libzmq's errno is that of telling the monitor by then
        world.RunUntil(() => events.Count > 0);
        Assert.Equal(ZMQSocketEvents.BindFailed, events[0].Event);
        Assert.NotEqual(0u, events[0].Value);
        Assert.EndsWith(events[0].Endpoint, server.LastEndpoint, StringComparison.Ordinal); // libzmq leaves out the transport
        Assert.NotEmpty(events[0].Endpoint);
    }

    [Fact]
    public void Events_wait_until_somebody_takes_them_and_a_pause_loses_none()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Rep);
        using SocketMonitor monitor = new(server, world.Loop, ZMQSocketEvents.Listening);
        server.Bind("tcp://127.0.0.1:*");
        Deadline.RunUntil(world.Loop, () => true);
        List<string> endpoints = [];
        monitor.OnEvent(e => endpoints.Add(e.Endpoint));
        Assert.Empty(endpoints); // never inside the call
        world.RunUntil(() => endpoints.Count == 1);
        monitor.OnEvent(null);
        server.Bind("tcp://127.0.0.1:*");
        Deadline.RunUntil(world.Loop, () => true);
        Assert.Single(endpoints);
        monitor.OnEvent(e => endpoints.Add(e.Endpoint));
        world.RunUntil(() => endpoints.Count == 2);
        Assert.Equal(server.LastEndpoint, endpoints[1]);
    }

    [Fact]
    public void A_callback_that_throws_is_reported_and_the_next_event_comes_and_contexts_are_those_of_OnEvent()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Rep);
        using SocketMonitor monitor = new(server, world.Loop, ZMQSocketEvents.Listening);
        List<string> caught = [];
        new ExceptionStackContext(error =>
        {
            caught.Add(error.Message);
            return error.Message == ZMQSocketEvents.Listening.ToString();
        }).Run(() => monitor.OnEvent(static e => throw new InvalidOperationException(e.Event.ToString())));
        server.Bind("tcp://127.0.0.1:*");
        server.Close(TimeSpan.Zero);
        world.RunUntil(() => monitor.IsClosed);
        Assert.Equal(["Listening", "MonitorStopped"], caught);
        Assert.Equal("MonitorStopped", Assert.Single(world.Loop.Errors).Exception.Message); // the other one was consumed
    }

    [Fact]
    public async Task Events_are_read_with_await_from_any_thread_and_cancelling_loses_none()
    {
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        await using IOLoopThread thread = IOLoopThread.Start(() => new ZMQIOLoop(engine));
        using ZMQSocket server = engine.CreateSocket(SocketType.Rep);
        using SocketMonitor monitor =
            await thread.Loop.InvokeAsync(() => new SocketMonitor(server, thread.Loop, ZMQSocketEvents.Listening));
        using CancellationTokenSource enough = new();
        await thread.Loop.InvokeAsync(() => server.Bind("tcp://127.0.0.1:*"));
        await thread.Loop.InvokeAsync(() => server.Bind("tcp://127.0.0.1:*"));
        List<ZMQSocketEvents> events = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (SocketEvent e in monitor.ReadAllAsync(enough.Token))
            {
                events.Add(e.Event);
                await enough.CancelAsync();
            }
        });
        Assert.Single(events);
        Assert.Throws<InvalidOperationException>(() => monitor.OnEvent(_ => { }));
        await thread.Loop.InvokeAsync(() => server.Close());
        await foreach (SocketEvent e in monitor.ReadAllAsync(TestContext.Current.CancellationToken)) events.Add(e.Event);
        Assert.Equal([ZMQSocketEvents.Listening, ZMQSocketEvents.Listening, ZMQSocketEvents.MonitorStopped], events);
    }

    [Fact]
    public void A_monitor_with_a_callback_cannot_be_read_as_well_and_one_of_another_thread_is_refused()
    {
        using RealWorld world = new();
        ZMQSocket server = world.Socket(SocketType.Rep);
        using SocketMonitor monitor = new(server, world.Loop);
        monitor.OnEvent(_ => { });
        IAsyncEnumerator<SocketEvent> events =
            monitor.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(events.MoveNextAsync().AsTask().Exception?.InnerException is InvalidOperationException);
        Exception? elsewhere = null;
        world.Loop.AddCallback(() =>
        {
            Deadline.RunThread(() => elsewhere = Record.Exception(() => new SocketMonitor(server, world.Loop)));
            world.Loop.Stop();
        });
        Deadline.Run(world.Loop);
        Assert.IsType<InvalidOperationException>(elsewhere);
        Assert.False(monitor.IsClosed); // and goes on
        Assert.Throws<InvalidOperationException>(() => new SocketMonitor(server));
    }

    [Theory]
    [InlineData("monitor")]
    [InlineData("socket")]
    [InlineData("loop")]
    [InlineData("engine")]
    public void Whichever_is_closed_first_the_others_close_too_and_nothing_waits(string first)
    {
        RealWorld world = new();
        ZMQStream server = world.Stream(SocketType.Rep);
        SocketMonitor monitor = new(server.Socket, world.Loop);
        monitor.OnEvent(_ => { });
        server.Bind("tcp://127.0.0.1:*");
        ZMQSocket client = world.Socket(SocketType.Req);
        client.Connect(server.Socket.LastEndpoint);
        RealWorld.Send(client, "1");
        Deadline.RunUntil(world.Loop, () => true);
        Deadline.RunThread(() =>
        {
            if (first == "monitor") monitor.Dispose();
            if (first == "socket") server.Dispose();
            if (first == "engine") world.Engine.Dispose();
            world.Dispose();
            server.Dispose();
            monitor.Dispose();
        });
        Assert.True(monitor.IsClosed);
    }

    [Fact]
    public void An_engine_without_monitors_says_so()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new();
        Assert.Throws<NotSupportedException>(() => new SocketMonitor(socket, loop));
    }
}
