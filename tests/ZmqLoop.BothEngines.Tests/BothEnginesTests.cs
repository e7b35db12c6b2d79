namespace ZmqLoop.Tests;

/// <summary>An application that references both engines.</summary>
public sealed class BothEnginesTests : IDisposable
{
    public void Dispose()
    {
        IOLoop.ClearInstance();
        IOLoop.ClearCurrent();
    }

    [Fact]
    public void Install_takes_NetMQ()
    {
        using ZMQIOLoop loop = ZMQIOLoop.Install();
        Assert.IsType<NetMQEngine>(loop.Engine);
        using ZMQSocket socket = ZMQSocket.Create(SocketType.Pair);
        Assert.Same(loop.Engine, socket.Engine);
    }

    [Theory]
    [InlineData("libzmq", typeof(LibZmqEngine))]
    [InlineData("netmq", typeof(NetMQEngine))]
    public void The_environment_variable_says_otherwise(string variable, Type engine)
    {
        using ZMQEngine found = EngineDiscovery.Find(variable);
        Assert.IsType(engine, found);
    }

    [Fact]
    public void Install_of_an_engine_says_otherwise_for_all_that_name_none()
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = ZMQIOLoop.Install(engine);
        Assert.Same(engine, ZMQEngine.Default);
        using ZMQIOLoop second = new(new IOLoopOptions { MakeCurrent = false });
        Assert.Same(engine, second.Engine);
        IOLoop.ClearCurrent();
        using ZMQSocket socket = ZMQSocket.Create(SocketType.Pair);
        Assert.Same(engine, socket.Engine);
    }

    [Fact]
    public void Sockets_made_in_a_loops_callbacks_find_each_other_over_inproc_whatever_the_process_uses()
    {
        using ZMQIOLoop installed = ZMQIOLoop.Install(new IOLoopOptions { MakeCurrent = false });
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        using ZMQSocket bound = engine.CreateSocket(SocketType.Pair);
        bound.Bind("inproc://both");
        loop.AddHandler(bound, (_, _) => loop.Stop(), IOEvents.Read);
        loop.AddCallback(() =>
        {
            using ZMQSocket connected = ZMQSocket.Create(SocketType.Pair);
            connected.Connect("inproc://both");
            using Message message = new("here");
            Assert.True(connected.TrySend(message));
        });
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        loop.Start(deadline.Token);
        Assert.True(bound.TryReceive(out Message? received));
        Assert.Equal("here", received[0].ToText());
    }

    [Fact]
    public void A_loop_on_one_engine_refuses_the_others_sockets_and_says_why()
    {
        using LibZmqEngine engine = new();
        using NetMQEngine other = new();
        using ZMQIOLoop loop = new(engine);
        using ZMQSocket socket = other.CreateSocket(SocketType.Pair);
        var error = Assert.Throws<NotSupportedException>(() => loop.AddHandler(socket, static (_, _) => { }, IOEvents.Read));
        Assert.Contains("poll it with a poller of that engine", error.Message, StringComparison.Ordinal);
    }
}
