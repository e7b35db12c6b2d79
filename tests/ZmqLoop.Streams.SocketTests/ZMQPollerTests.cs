using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>The poller that stands alone, with pyzmq's tests of it: <c>test_poller_events</c>, <c>test_poll_raw</c>,
/// <c>test_poll_base_socket</c>.</summary>
public sealed class ZMQPollerTests : IDisposable
{
    private const double Long = 20; // seconds; only a failure waits for it

    private readonly RealWorld _world = new();
    private readonly ZMQPoller _poller;

    public ZMQPollerTests() => _poller = new ZMQPoller(_world.Engine);

    public void Dispose()
    {
        _poller.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void A_poller_that_was_given_to_a_loop_is_the_loops_alone_and_says_so()
    {
        (ZMQSocket req, ZMQSocket rep) = Pair(SocketType.Req, SocketType.Rep);
        using IOLoop loop = new(new IOLoopOptions { Poller = _poller, MakeCurrent = false });
        loop.AddHandler(rep, (_, _) => loop.Stop(), IOEvents.Read);
        var error = Assert.Throws<InvalidOperationException>(() => _poller.Register(req, IOEvents.Write));
        Assert.Contains("AddHandler", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _poller.Poll(0));
        Assert.Throws<InvalidOperationException>(() => new IOLoop(new IOLoopOptions { Poller = _poller, MakeCurrent = false }));
        req.TrySend(new Message("request"));
        Deadline.Run(loop);
    }

    [Fact]
    public void A_poller_with_sources_of_its_own_cannot_be_given_to_a_loop()
    {
        (ZMQSocket req, _) = Pair(SocketType.Req, SocketType.Rep);
        _poller.Register(req, IOEvents.Write);
        Assert.Throws<InvalidOperationException>(() => new IOLoop(new IOLoopOptions { Poller = _poller, MakeCurrent = false }));
        Assert.Single(_poller.Poll(Long));
    }

    [Fact]
    public void It_tells_of_REQ_and_REP_what_is_possible_and_registering_twice_changes_what_is_watched()
    {
        (ZMQSocket req, ZMQSocket rep) = Pair(SocketType.Req, SocketType.Rep);
        _poller.Register(req, IOEvents.Read);
        _poller.Register(rep, IOEvents.Read);
        Assert.Empty(_poller.Poll(0));
        _poller.Register(req, IOEvents.Write);
        _poller.Register(rep, IOEvents.Write);
        Assert.Equal([(req, IOEvents.Write)], _poller.Poll(Long));
        RealWorld.Send(req, "hi");
        _poller.Modify(req, IOEvents.Read | IOEvents.Write);
        _poller.Register(rep, IOEvents.Read | IOEvents.Write);
        Assert.Equal([(rep, IOEvents.Read)], _poller.Poll(Long));
        Assert.Equal([(rep, IOEvents.Read)], _poller.Poll(0)); // for as long as it is there
        Assert.Equal("hi", RealWorld.Receive(rep));
        Assert.Equal([(rep, IOEvents.Write)], _poller.Poll(Long));
    }

    [Fact]
    public void Plain_sockets_and_ZeroMQ_sockets_are_polled_together()
    {
        (ZMQSocket push, ZMQSocket pull) = Pair(SocketType.Push, SocketType.Pull);
        using Socket listener = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using Socket near = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        using Socket far = listener.Accept();
        _poller.Register(pull, IOEvents.Read);
        _poller.Register(near, IOEvents.Write);
        _poller.Register(far, IOEvents.Read);
        Assert.Equal([(PollSource)near], _poller.Poll(Long).Select(static ready => ready.Source));
        _poller.Unregister(near);
        near.Send([1]);
        RealWorld.Send(push, "1");
        List<PollSource> seen = [];
        Deadline.WaitUntil(() =>
        {
            seen = [.. _poller.Poll(Long).Select(static ready => ready.Source)];
            return seen.Count == 2;
        });
        Assert.Contains(pull, seen);
        Assert.Contains(far, seen);
    }

    [Fact]
    public void A_time_in_seconds_is_waited_out_and_a_wake_of_another_thread_ends_a_wait_without_end()
    {
        (_, ZMQSocket pull) = Pair(SocketType.Push, SocketType.Pull);
        _poller.Register(pull, IOEvents.Read);
        Assert.Empty(_poller.Poll(0.0005)); // below a millisecond, and no endless loop
        Thread waker = new(_poller.Wake);
        waker.Start();
        Assert.Empty(_poller.Poll(-1));
        waker.Join();
        Assert.Throws<ArgumentOutOfRangeException>(() => _poller.Poll(double.NaN));
    }

    [Fact]
    public void A_socket_closed_behind_its_back_is_told_of_once_and_unknown_ones_are_as_documented()
    {
        (ZMQSocket push, ZMQSocket pull) = Pair(SocketType.Push, SocketType.Pull);
        Assert.Throws<InvalidOperationException>(() => _poller.Modify(pull, IOEvents.Read));
        _poller.Unregister(pull);
        _poller.Register(pull, IOEvents.Read);
        _poller.Register(push, IOEvents.None);
        pull.Close();
        Assert.Equal([(pull, IOEvents.Error)], _poller.Poll(Long));
        Assert.Empty(_poller.Poll(0));
        Assert.Throws<ObjectDisposedException>(() => _poller.Register(pull, IOEvents.Read));
        _poller.Unregister(pull); // and it is not remembered as registered
    }

    [Fact]
    public void Closed_it_throws_leaves_the_sockets_open_and_may_be_closed_and_woken_again()
    {
        (_, ZMQSocket pull) = Pair(SocketType.Push, SocketType.Pull);
        _poller.Register(pull, IOEvents.Read);
        _poller.Close();
        _poller.Close();
        _poller.Wake();
        Assert.Throws<ObjectDisposedException>(() => _poller.Poll(0));
        Assert.Throws<ObjectDisposedException>(() => _poller.Register(pull, IOEvents.Read));
        Assert.Throws<ObjectDisposedException>(() => _poller.Modify(pull, IOEvents.Read));
        Assert.Throws<ObjectDisposedException>(() => _poller.Unregister(pull));
        Assert.False(pull.IsClosed);
        using ZMQPoller other = new(_world.Engine);
        other.Register(pull, IOEvents.Read); // nobody has it any more
    }

    private (ZMQSocket, ZMQSocket) Pair(SocketType type, SocketType peerType)
    {
        ZMQSocket socket = _world.Socket(type);
        ZMQSocket peer = _world.Socket(peerType);
        string name = RealWorld.Inproc();
        socket.Bind(name);
        peer.Connect(name);
        return (socket, peer);
    }
}
