namespace ZmqLoop.Streams.Tests;

public sealed class OwnershipTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_second_stream_on_a_socket_throws_and_names_the_first(bool acrossLoops)
    {
        using StreamWorld world = new();
        using ScriptedLoop other = new();
        var error = Assert.Throws<InvalidOperationException>(() => new ZMQStream(world.Socket, acrossLoops ? other : world.Loop));
        Assert.Contains(world.Stream.ToString(), error.Message, StringComparison.Ordinal);

        world.Socket.Arrive("1");
        world.LogReceived();
        world.Run();
        Assert.Equal(["1"], world.Log);
        Assert.False(world.Stream.IsClosed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void So_it_is_on_real_sockets(bool acrossLoops)
    {
        using RealWorld world = new();
        using ErrorLoop other = new(world.Engine);
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push);
        var error = Assert.Throws<InvalidOperationException>(() => new ZMQStream(stream.Socket, acrossLoops ? other : world.Loop));
        Assert.Contains(stream.ToString(), error.Message, StringComparison.Ordinal);
        world.LogReceived(stream);
        RealWorld.Send(peer, "1");
        world.RunUntil(() => world.Log.Count == 1);
    }

    [Fact]
    public void A_socket_with_a_handler_is_refused_by_a_stream_and_the_handler_goes_on()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new();
        int called = 0;
        loop.AddHandler(socket, (_, _) =>
        {
            called++;
            socket.TryReceive(out _);
        }, IOEvents.Read);
        Assert.Throws<InvalidOperationException>(() => new ZMQStream(socket, loop));
        Assert.Throws<InvalidOperationException>(() => new ZMQStream(socket, loop));
        socket.Arrive("1");
        loop.RunUntilIdle();
        Assert.Equal(1, called);
        loop.RemoveHandler(socket);
        using ZMQStream stream = new(socket, loop);
    }

    [Fact]
    public void A_closed_socket_is_refused()
    {
        using ScriptedLoop loop = new();
        ScriptedSocket socket = new();
        socket.Close();
        Assert.Throws<ObjectDisposedException>(() => new ZMQStream(socket, loop));
    }

    [Fact]
    public void A_stream_made_on_a_thread_without_a_loop_must_be_given_one()
    {
        Deadline.RunThread(() =>
        {
            using ScriptedSocket socket = new();
            var error = Assert.Throws<InvalidOperationException>(() => new ZMQStream(socket));
            Assert.Contains("no current loop", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_stream_made_in_a_callback_belongs_to_the_running_loop()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new();
        ZMQStream? stream = null;
        loop.AddCallback(() => stream = new ZMQStream(socket));
        loop.RunUntilIdle();
        Assert.Same(loop, stream!.IOLoop);
        Assert.Same(socket, stream.Socket);
        stream.Dispose();
    }

    [Fact]
    public void Options_and_endpoints_are_reached_through_the_stream()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Sub);
        stream.Set(SocketOptions.RcvHwm, 7);
        Assert.Equal(7, stream.Get(SocketOptions.RcvHwm));
        stream.Subscribe("a");
        string name = RealWorld.Inproc();
        stream.Bind(name);
        stream.Unbind(name);
        stream.Connect("tcp://127.0.0.1:9");
        stream.Disconnect("tcp://127.0.0.1:9");
        Assert.InRange(stream.BindToRandomPort("tcp://127.0.0.1"), 1, 65535);
    }

    [Fact]
    public void A_stream_that_nobody_holds_goes_with_its_loop()
    {
        WeakReference stream = Make();
        for (int i = 0; i < 10 && stream.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(stream.IsAlive);

        static WeakReference Make()
        {
            using ScriptedLoop loop = new();
            ZMQStream stream = new(new ScriptedSocket(), loop);
            stream.OnRecv(_ => GC.KeepAlive(stream));
            stream.Send("1");
            loop.RunUntilIdle();
            return new WeakReference(stream);
        }
    }
}
