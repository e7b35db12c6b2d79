using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Conformance;

/// <summary>Plain sockets and raw descriptors beside the ZeroMQ ones.</summary>
public abstract class PlainSocketContract(EngineUnderTest subject) : EngineContract(subject)
{
    private Socket? _listener;

    [Fact]
    public void A_plain_socket_is_reported_while_it_has_bytes()
    {
        Need(Abilities.PlainSockets);
        (Socket socket, Socket peer) = MakeTcpPair();
        Poller.Register(socket, IOEvents.Read, "socket");
        Assert.Empty(Poll());
        peer.Send([1, 2]);
        for (int i = 0; i < 20; i++) Assert.Equal(IOEvents.Read, PollFor("socket").Events);
        socket.Receive(new byte[2]);
        Assert.Empty(Poll());
        Poller.Modify(socket, IOEvents.Read | IOEvents.Write);
        Assert.Equal(IOEvents.Write, PollFor("socket").Events);
    }

    [Fact]
    public void A_raw_descriptor_is_reported_too_and_not_beside_its_socket()
    {
        Need(Abilities.PlainSockets | Abilities.RawDescriptors);
        (Socket socket, Socket peer) = MakeTcpPair();
        int descriptor = (int)socket.Handle;
        Poller.Register(descriptor, IOEvents.Read, "number");
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Poller.Register(socket, IOEvents.Read, "socket"));
        Assert.Contains($"file descriptor {descriptor}", error.Message, StringComparison.Ordinal);
        peer.Send([1]);
        Assert.Equal(IOEvents.Read, PollFor("number").Events);
        Poller.Unregister(descriptor);
        Poller.Register(socket, IOEvents.Read, "socket");
        Assert.Throws<InvalidOperationException>(() => Poller.Register(descriptor, IOEvents.Read, "number"));
        Assert.Equal(IOEvents.Read, PollFor("socket").Events);
    }

    [Fact]
    public void A_plain_socket_is_not_starved_by_a_ready_ZeroMQ_socket()
    {
        Need(Abilities.PlainSockets);
        (ZMQSocket busy, ZMQSocket busyPeer) = MakePair();
        Send(busyPeer, new Message("never received"));
        Poller.Register(busy, IOEvents.Read, "busy");
        (Socket socket, Socket peer) = MakeTcpPair();
        Poller.Register(socket, IOEvents.Read, "socket");
        Assert.Single(Poll(Long));
        peer.Send([1]);
        for (int i = 0; i < 1000; i++)
        {
            if (Poll(Long).Exists(source => Equals(source.State, "socket"))) return;
        }

        Assert.Fail("Not in 1,000 polls.");
    }

    [Fact]
    public void Many_ready_plain_sockets_are_all_reported_each_once()
    {
        Need(Abilities.PlainSockets);
        for (int i = 0; i < 30; i++)
        {
            (Socket socket, _) = MakeTcpPair();
            Poller.Register(socket, IOEvents.Write, i);
        }

        for (int turn = 0; turn < 3; turn++) Assert.Equal(Enumerable.Range(0, 30), Poll(Long).Select(source => (int)source.State!).Order());
    }

    [Fact]
    public void A_disposed_plain_socket_is_reported_once_with_the_reason()
    {
        Need(Abilities.PlainSockets);
        (Socket socket, _) = MakeTcpPair();
        (Socket other, Socket otherPeer) = MakeTcpPair();
        Poller.Register(socket, IOEvents.Read, "socket");
        Poller.Register(other, IOEvents.Read, "other");
        socket.Dispose();
        ReadySource reported = Assert.Single(Poll(Long));
        Assert.Equal(("socket", IOEvents.Error), (reported.State, reported.Events));
        Assert.IsType<ObjectDisposedException>(reported.Closed);
        Assert.Empty(Poll());
        otherPeer.Send([1]);
        Assert.Equal(IOEvents.Read, PollFor("other").Events);
    }

    [Fact]
    public void A_new_socket_with_the_number_of_a_disposed_one_is_not_mistaken_for_it()
    {
        Need(Abilities.PlainSockets);
        (Socket old, _) = MakeTcpPair();
        nint descriptor = old.Handle;
        Poller.Register(old, IOEvents.Read, "old");
        old.Dispose();
        (Socket First, Socket Second) pair = MakeTcpPair();
        for (int i = 0; i < 100 && !HasHandle(pair, descriptor); i++) pair = MakeTcpPair();
        Assert.True(HasHandle(pair, descriptor), "The system gave out other numbers.");
        (Socket heir, Socket peer) = pair.First.Handle == descriptor ? pair : (pair.Second, pair.First);
        Poller.Register(heir, IOEvents.Read, "heir");
        Assert.Equal("old", Assert.Single(Poll(Long)).State);
        Poller.Unregister(old);
        peer.Send([1]);
        ReadySource ready = PollFor("heir");
        Assert.Equal(IOEvents.Read, ready.Events);
        Assert.Null(ready.Closed);
    }

    [Fact]
    public void A_hang_up_is_reported_without_asking()
    {
        Need(Abilities.PlainSockets);
        (Socket socket, Socket peer) = MakeTcpPair();
        Poller.Register(socket, IOEvents.None, "socket");
        peer.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, not a polite end
        peer.Dispose();
        Assert.NotEqual(IOEvents.None, PollFor("socket").Events & IOEvents.Error);
    }

    [Fact]
    public void The_wrong_kind_of_source_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Poller.Register(default, IOEvents.Read, null));
        Assert.Throws<InvalidOperationException>(() => Poller.Modify(Make(SocketType.Dealer), IOEvents.Read));
        Poller.Unregister(Make(SocketType.Dealer));
    }

    private static bool HasHandle((Socket First, Socket Second) pair, nint handle) =>
        pair.First.Handle == handle || pair.Second.Handle == handle;

    private (Socket First, Socket Second) MakeTcpPair()
    {
        // One for all pairs: it would take the numbers that the test waits for.
        if (_listener is null)
        {
            _listener = Own(new Socket(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp));
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
        }

        Socket first = Own(new Socket(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp));
        first.Connect(_listener.LocalEndPoint!);
        return (first, Own(_listener.Accept()));
    }
}
