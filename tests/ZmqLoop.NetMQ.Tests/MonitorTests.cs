using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>Where a monitor over NetMQ is not what it is over libzmq.</summary>
public sealed class MonitorTests
{
    [Fact]
    public void A_second_monitor_is_refused_and_the_first_one_goes_on()
    {
        using NetMQWorld world = new();
        ZMQSocket server = world.Own(world.Loop.Engine.CreateSocket(SocketType.Rep));
        using SocketMonitor monitor = new(server, world.Loop);
        List<ZMQSocketEvents> events = [];
        monitor.OnEvent(e => events.Add(e.Event));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => server.Monitor());
        Assert.Contains("once", error.Message, StringComparison.Ordinal);
        server.Bind("tcp://127.0.0.1:*");
        server.StopMonitor();
        world.RunUntil(() => monitor.IsClosed);
        Assert.Equal([ZMQSocketEvents.Listening, ZMQSocketEvents.MonitorStopped], events);
        server.StopMonitor();
        Assert.Throws<InvalidOperationException>(() => server.Monitor());
    }

    [Fact]
    public void A_monitor_stopped_while_much_is_unread_tells_all_of_it_first()
    {
        using NetMQWorld world = new();
        ZMQSocket server = world.Own(world.Loop.Engine.CreateSocket(SocketType.Pull));
        using ZMQSocket monitor = server.Monitor();
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        for (int i = 0; i < 20; i++)
        {
            using ZMQSocket client = world.Loop.Engine.CreateSocket(SocketType.Push);
            client.Connect($"tcp://127.0.0.1:{port}");
            Deadline.WaitUntil(() => client.TrySend(new Message("here I am")));
            Deadline.WaitUntil(() => server.TryReceive(out _));
        }

        server.StopMonitor();
        server.StopMonitor(); // once is told
        List<ZMQSocketEvents> events = [];
        while (monitor.TryReceive(out Message? message)) events.Add(SocketEvent.Parse(message).Event);
        Assert.Equal((ZMQSocketEvents.Listening, ZMQSocketEvents.MonitorStopped), (events[0], events[^1]));
        Assert.Equal(20, events.Count(e => e == ZMQSocketEvents.Accepted));
        Assert.Single(events, ZMQSocketEvents.MonitorStopped);
        server.Unbind($"tcp://127.0.0.1:{port}");
        Assert.False(monitor.TryReceive(out _));
    }

    [Fact]
    public void More_than_one_IO_thread_is_refused_for_they_would_break_the_pipe_to_the_monitor()
    {
        using NetMQWorld world = new();
        ZMQSocket server = world.Own(world.Loop.Engine.CreateSocket(SocketType.Pull));
        int threads = NetMQ.NetMQConfig.ThreadPoolSize;
        NetMQ.NetMQConfig.ThreadPoolSize = 2; // for a context that is made later
        try
        {
            Assert.Contains("ThreadPoolSize", Assert.Throws<NotSupportedException>(() => server.Monitor()).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            NetMQ.NetMQConfig.ThreadPoolSize = threads;
        }

        using ZMQSocket monitor = server.Monitor(); // nothing was begun
    }
}
