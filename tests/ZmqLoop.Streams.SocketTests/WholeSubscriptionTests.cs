using System.Net;
using System.Net.Sockets;
using System.Text;
using ZmqLoop.Testing.Hostile;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>What a stranger sends to an XPUB: only the first frame of a message may be a subscription, so that no message loses its
/// end, and none gets another's frames.</summary>
public sealed class WholeSubscriptionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_to_an_XPUB_is_whole_though_its_last_frame_looks_like_a_subscription(bool isThereAlready)
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.XPub);
        world.LogReceived(stream);
        int port = stream.BindToRandomPort("tcp://127.0.0.1");
        using Socket stranger = Stranger(port);
        if (isThereAlready) stranger.Send(Zmtp.Message("\u0001T"u8));
        stranger.Send(Zmtp.Message("a"u8, more: true));
        stranger.Send(Zmtp.Message("b"u8, more: true));
        stranger.Send(Zmtp.Message("\u0001T"u8));
        stranger.Send(Zmtp.Message("c"u8));
        string[] expected = isThereAlready ? ["\u0001T", "a|b|\u0001T", "c"] : ["a|b|\u0001T", "c"];
        world.RunUntil(() => world.Log.Count == expected.Length || world.Loop.Errors.Count > 0);
        Assert.Empty(world.Loop.Errors);
        Assert.Equal(expected, world.Log);
    }

    [Fact]
    public void A_strangers_subscription_that_no_XSUB_may_pass_on_is_dropped_by_a_proxy_and_told_once()
    {
        using RealWorld world = new();
        ZMQSocket back = world.Socket(SocketType.XPub);
        back.MaxMessageSize = -1;
        int port = back.BindToRandomPort("tcp://127.0.0.1");
        ZMQSocket front = world.Socket(SocketType.XSub);
        front.BindToRandomPort("tcp://127.0.0.1");
        ZMQSocket publisher = world.Socket(SocketType.XPub);
        publisher.Connect(front.LastEndpoint);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        using Socket stranger = Stranger(port);
        foreach (byte topic in "ab"u8)
        {
            byte[] subscription = new byte[9_000];
            subscription.AsSpan().Fill(topic);
            subscription[0] = 1;
            stranger.Send(Zmtp.Message(subscription));
        }

        stranger.Send(Zmtp.Message("\u0001news"u8));
        Message? passed = null;
        world.RunUntil(() => publisher.TryReceive(out passed));
        Assert.Equal("\u0001news", passed!.Text());
        Assert.Equal(2, proxy.OversizedMessages);
        Assert.Contains("9000 bytes", Assert.Single(world.Loggers.Warnings()));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Subscriptions_that_a_stranger_hides_among_frames_are_dropped_by_a_proxy_and_the_others_stay_subscribed()
    {
        using RealWorld world = new();
        ZMQSocket back = world.Socket(SocketType.XPub);
        int port = back.BindToRandomPort("tcp://127.0.0.1");
        ZMQSocket front = world.Socket(SocketType.XSub);
        front.BindToRandomPort("tcp://127.0.0.1");
        ZMQSocket publisher = world.Socket(SocketType.XPub);
        publisher.Connect(front.LastEndpoint);
        using ZMQProxy proxy = new(front, back, loop: world.Loop);
        using Socket subscriber = Stranger(port);
        subscriber.Send(Zmtp.Message("\u0001news"u8));
        Assert.Equal("\u0001news", Next());
        using Socket stranger = Stranger(port);
        stranger.Send([.. Zmtp.Message("\u0002x"u8, more: true), .. Zmtp.Message("\u0000news"u8)]);
        stranger.Send([.. Zmtp.Message("\u0002x"u8, more: true), .. Zmtp.Message("\u0001spam"u8)]);
        stranger.Send([.. Zmtp.Message("to you"u8, more: true), .. Zmtp.Message("who publish"u8)]);
        stranger.Send(Zmtp.Message("\u0001sports"u8));
        Assert.Equal("to you|who publish", Next());
        Assert.Equal("\u0001sports", Next());
        Assert.Equal(2, proxy.OversizedMessages);
        Assert.Contains("a message of 2 frames", Assert.Single(world.Loggers.Warnings()));
        Assert.Empty(world.Loop.Errors);

        string Next()
        {
            Message? passed = null;
            world.RunUntil(() => publisher.TryReceive(out passed));
            return passed!.Text();
        }
    }

    private static Socket Stranger(int port)
    {
        Socket stranger = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        stranger.Connect(IPAddress.Loopback, port);
        stranger.Send(Zmtp.Handshake("SUB"));
        ReadUntil(stranger, "READY"); // libzmq does not listen to who goes on before
        return stranger;
    }

    private static void ReadUntil(Socket socket, string word)
    {
        StringBuilder read = new();
        byte[] buffer = new byte[1024];
        while (!read.ToString().Contains(word, StringComparison.Ordinal))
        {
            int length = socket.Receive(buffer);
            Assert.NotEqual(0, length);
            read.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
    }
}
