using System.Net.Sockets;
using System.Runtime.InteropServices;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>Sockets and messages that a NetMQ application has already, on our loop.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public void An_application_with_this_engine_alone_needs_to_name_none()
    {
        Assert.IsType<NetMQEngine>(ZMQEngine.Default);
        Assert.Matches(@"^NetMQ \d+\.\d+\.\d+", ZMQEngine.Default.Name);
        ZMQIOLoop loop = ZMQIOLoop.Install();
        try
        {
            Assert.Same(ZMQEngine.Default, loop.Engine);
            using ZMQSocket socket = ZMQSocket.Create(SocketType.Dealer);
            Assert.IsType<NetMQSocketAdapter>(socket);
        }
        finally
        {
            loop.Close();
            IOLoop.ClearInstance();
        }
    }

    [Theory]
    [InlineData(NetMQPollerKind.Epoll)]
    [InlineData(NetMQPollerKind.Selector)]
    public void A_NetMQ_socket_goes_to_the_loop_and_is_used_as_before(NetMQPollerKind kind)
    {
        using NetMQWorld world = new(kind);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        world.Loop.AddHandler(socket, (source, events) =>
        {
            Assert.Same(socket, ((NetMQSocketAdapter)source.ZMQSocket!).NetMQSocket);
            world.Log.Add($"{events} {socket.ReceiveFrameString()}");
        }, IOEvents.Read);
        peer.SendFrame("one");
        peer.SendFrame("two");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["Read one", "Read two"], world.Log);

        world.Loop.UpdateHandler(socket, IOEvents.None);
        peer.SendFrame("three");
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        world.Loop.UpdateHandler(socket, IOEvents.Read);
        world.RunUntil(() => world.Log.Count == 3);
        world.Loop.RemoveHandler(socket);
        peer.SendFrame("four");
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        Assert.Equal(3, world.Log.Count);
        Assert.Equal("four", socket.ReceiveFrameString());
    }

    [Theory]
    [InlineData(NetMQPollerKind.Epoll)]
    [InlineData(NetMQPollerKind.Selector)]
    public void Whatever_others_do_to_an_adopted_socket_no_message_is_missed(NetMQPollerKind kind)
    {
        using NetMQWorld world = new(kind);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        List<string> received = [];
        world.Loop.AddHandler(socket, (_, _) => received.Add(socket.ReceiveFrameString()), IOEvents.Read);
        for (int i = 0; i < 200; i++)
        {
            peer.SendFrame("a");
            peer.SendFrame("b");
            switch (i % 5)
            {
                case 0: _ = socket.HasIn; break; // looks at the commands, of which the poller is not told
                case 1: socket.SendFrame("out"); break;
                case 2: socket.Options.Linger = TimeSpan.Zero; break;
                case 3: received.Add(socket.ReceiveFrameString()); break;
                default: socket.Poll(TimeSpan.Zero); break;
            }

            int expected = (i + 1) * 2;
            world.RunUntil(() => received.Count == expected);
        }
    }

    [Theory]
    [InlineData(NetMQPollerKind.Epoll)]
    [InlineData(NetMQPollerKind.Selector)]
    public void Without_a_loop_a_ZMQPoller_waits_for_NetMQs_sockets_and_plain_ones(NetMQPollerKind kind)
    {
        using NetMQWorld world = new(kind);
        using ZMQPoller poller = new(world.Loop.Engine);
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        using Socket plain = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        plain.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        Assert.Empty(poller.Poll(0.001));
        poller.Register(socket.AsZMQSocket(), IOEvents.Read);
        poller.Register(plain, IOEvents.Read);
        Assert.Empty(poller.Poll(0.0001));
        peer.SendFrame("one");
        Assert.Equal([(socket.AsZMQSocket(), IOEvents.Read)], poller.Poll(20));
        Assert.Equal("one", socket.ReceiveFrameString());
        plain.SendTo([1], plain.LocalEndPoint!);
        Assert.Equal([(plain, IOEvents.Read)], poller.Poll(20));
        poller.Modify(socket.AsZMQSocket(), IOEvents.Write);
        poller.Unregister(plain);
        Assert.Equal([(socket.AsZMQSocket(), IOEvents.Write)], poller.Poll(20));
    }

    [Fact]
    public void A_stream_over_an_adopted_socket_closes_it()
    {
        using NetMQWorld world = new();
        (DealerSocket socket, DealerSocket peer) = world.Pair();
        ZMQStream stream = new(socket.AsZMQSocket(), world.Loop);
        stream.OnRecv(message => stream.Send(message));
        peer.SendMoreFrame("one").SendFrame("two");
        NetMQMessage? echo = null;
        world.RunUntil(() => peer.TryReceiveMultipartMessage(ref echo));
        Assert.Equal(["one", "two"], echo!.Select(frame => frame.ConvertToString()));
        stream.Close();
        Assert.True(socket.IsDisposed);
    }

    [Fact]
    public void A_socket_has_one_adapter_whoever_asks()
    {
        using DealerSocket socket = new();
        NetMQSocketAdapter adapter = socket.AsZMQSocket();
        Assert.Same(adapter, socket.AsZMQSocket());
        Assert.Equal(SocketType.Dealer, adapter.Type);
        Assert.Equal(TimeSpan.Zero, adapter.Linger); // NetMQ's own
        using NetMQSocketAdapter made = (NetMQSocketAdapter)NetMQEngine.Shared.CreateSocket(SocketType.Router);
        Assert.Same(made, made.NetMQSocket.AsZMQSocket());
        Assert.Equal(TimeSpan.FromSeconds(5), made.Linger);
        using NetMQQueue<int> queue = new();
        Assert.Equal(SocketType.Pair, queue.AsZMQSocket().Type);
    }

    [Theory]
    [InlineData(NetMQPollerKind.Epoll)]
    [InlineData(NetMQPollerKind.Selector)]
    public void A_socket_disposed_behind_the_loop_is_told_to_its_handler_and_the_others_go_on(NetMQPollerKind kind)
    {
        using NetMQWorld world = new(kind);
        (DealerSocket disposed, _) = world.Pair();
        (DealerSocket other, DealerSocket peer) = world.Pair();
        world.Loop.AddHandler(disposed, (_, events) => world.Log.Add($"disposed {events}"), IOEvents.Read);
        world.Loop.AddHandler(other, (_, _) => world.Log.Add(other.ReceiveFrameString()), IOEvents.Read);
        Assert.True(world.Loop.RunOnce(TimeSpan.Zero));
        disposed.Dispose();
        peer.SendFrame("to the other");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["disposed Error", "to the other"], world.Log.Order());
        Assert.Empty(world.Loop.Errors);
        Assert.Throws<ObjectDisposedException>(() => disposed.AsZMQSocket());
        world.Loop.RemoveHandler(disposed); // nothing is left to remove
    }

    [Theory]
    [InlineData(NetMQPollerKind.Epoll)]
    [InlineData(NetMQPollerKind.Selector)]
    public void A_loop_whose_context_is_terminated_ends_quietly(NetMQPollerKind kind)
    {
        using NetMQWorld world = new(kind);
        (DealerSocket socket, _) = world.Pair();
        world.Loop.AddHandler(socket, (_, _) => socket.AsZMQSocket().TryReceive(out _), IOEvents.Read);
        Thread cleaner = new(() => NetMQConfig.Cleanup(block: false));
        world.Loop.CallLater(0.01, cleaner.Start);
        Deadline.Run(world.Loop);
        cleaner.Join();
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Messages_convert_both_ways_and_share_their_bytes()
    {
        byte[] bytes = [1, 2, 3];
        NetMQMessage theirs = new([new NetMQFrame(bytes), new NetMQFrame([4, 5, 6, 7], 2), NetMQFrame.Empty]);
        Message ours = theirs.ToMessage();
        Assert.Equal(3, ours.Count);
        Assert.Same(bytes, ArrayOf(ours[0]));
        Assert.Equal([4, 5], ours[1].ToArray());
        Assert.True(ours[2].IsEmpty);

        NetMQMessage back = ours.ToNetMQMessage();
        Assert.Same(bytes, back[0].Buffer);
        Assert.Equal([4, 5], back[1].ToByteArray(copy: true));
        Assert.Equal(0, back[2].MessageSize);
    }

    [Fact]
    public void A_Msg_converts_both_ways_without_a_copy()
    {
        byte[] bytes = [0, 1, 2, 3, 9];
        Msg msg = default;
        MessageConversions.Fill(ref msg, Frame.Own(bytes, 1, 3));
        Assert.Equal((3, MsgType.GC), (msg.Size, msg.MsgType));
        Frame frame = MessageConversions.Take(ref msg);
        Assert.Same(bytes, ArrayOf(frame));
        Assert.Equal([1, 2, 3], frame.ToArray());
        Assert.Equal(MsgType.Empty, msg.MsgType);
        MessageConversions.Fill(ref msg, Frame.Empty);
        Assert.True(MessageConversions.Take(ref msg).IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => Frame.Own(bytes, 3, 3));
    }

    [Fact]
    public void A_Msg_that_others_share_is_copied_out()
    {
        Msg one = default;
        one.InitPool(3);
        one.AddReferences(1);
        Msg other = one;
        byte[] shared = ArrayOf(other);
        Frame frame = MessageConversions.Take(ref one);
        Assert.NotSame(shared, ArrayOf(frame));
        other.Close();
    }

    [Fact]
    public void Sockets_that_cannot_be_polled_are_refused_with_the_reason()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => NetMQEngine.Shared.CreateSocket(SocketType.Server));
        Assert.Contains("thread-safe", error.Message, StringComparison.Ordinal);
        using NetMQWorld world = new();
        using ScriptedSocket foreign = new();
        Assert.Throws<NotSupportedException>(() => world.Loop.AddHandler(foreign, (_, _) => { }, IOEvents.Read));
    }

    [Fact]
    public void Without_room_for_another_socket_the_error_says_what_to_set()
    {
        List<ZMQSocket> sockets = [];
        try
        {
            ZMQException error = Assert.Throws<ZMQException>((Action)(() =>
            {
                while (true) sockets.Add(NetMQEngine.Shared.CreateSocket(SocketType.Pair));
            }));
            Assert.Equal(ZMQErrorCode.TooManyOpenFiles, error.Code);
            Assert.Contains("MaxSockets", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            foreach (ZMQSocket socket in sockets) socket.Dispose();
        }
    }

    private static byte[] ArrayOf(Frame frame) => MemoryMarshal.TryGetArray(frame.Memory, out ArraySegment<byte> bytes) ? bytes.Array! : [];

    private static byte[] ArrayOf(in Msg msg) =>
        MemoryMarshal.TryGetArray<byte>(msg.SliceAsMemory(), out ArraySegment<byte> bytes) ? bytes.Array! : [];
}
