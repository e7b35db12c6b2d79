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
    public void What_is_made_on_a_thread_without_a_loop_must_be_given_one()
    {
        Deadline.RunThread(() =>
        {
            using ScriptedSocket socket = new();
            using ScriptedSocket other = new();
            Refuses("stream", () => new ZMQStream(socket));
            Refuses("proxy", () => new ZMQProxy(socket, other));
            Refuses("monitor", () => new SocketMonitor(socket));
            Refuses("authenticator", () => new Authenticator());
        });

        static void Refuses(string what, Func<object> make) => Assert.Equal(
            $"This thread has no current loop: give the {what} its loop, such as ZMQIOLoop.Instance.",
            Assert.Throws<InvalidOperationException>(make).Message);
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
