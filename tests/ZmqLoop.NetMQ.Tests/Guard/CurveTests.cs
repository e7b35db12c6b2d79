using System.Net;
using System.Net.Sockets;
using System.Text;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>CURVE over NetMQ is refused unless somebody says that he knows; and what there is to know.</summary>
public sealed class CurveTests
{
    private static readonly NetMQEngineOptions _knowing = new() { AllowUnenforcedCurve = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_CURVE_option_is_refused_with_the_reason_and_the_way_out()
    {
        using NetMQEngine engine = new();
        CurveKeyPair keys = engine.CreateCurveKeyPair();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Dealer);
        Action[] all =
        [
            () => socket.CurveServer = true, () => socket.CurvePublicKey = keys.PublicKey,
            () => socket.CurveSecretKey = keys.SecretKey, () => socket.CurveServerKey = keys.PublicKey,
        ];
        foreach (Action set in all)
        {
            ZMQException refusal = Assert.Throws<ZMQException>(set);
            Assert.Equal(ZMQErrorCode.NotSupported, refusal.Code);
            foreach (string word in (string[])["plain text", "ZmqLoop.LibZmq", "AllowUnenforcedCurve"])
                Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        }

        socket.CurveServer = false; // which it is
        socket.Bind("tcp://127.0.0.1:*");
    }

    [Fact]
    public void CURVE_options_that_were_set_on_NetMQs_own_socket_are_refused_when_it_goes_to_the_network()
    {
        using NetMQEngine engine = new();
        using NetMQSocketAdapter socket = (NetMQSocketAdapter)engine.CreateSocket(SocketType.Dealer);
        socket.NetMQSocket.Options.CurveServer = true;
        Assert.Equal(ZMQErrorCode.NotSupported, Assert.Throws<ZMQException>(() => socket.Bind("tcp://127.0.0.1:*")).Code);
        Assert.Equal(ZMQErrorCode.NotSupported, Assert.Throws<ZMQException>(() => socket.Connect("tcp://127.0.0.1:1")).Code);
    }

    [Fact]
    public void A_socket_with_CURVE_options_is_adopted_by_an_engine_that_knows_alone()
    {
        using DealerSocket client = new();
        client.Options.CurveServerKey = new NetMQ.NetMQCertificate().PublicKey;
        Assert.Contains("AllowUnenforcedCurve", Assert.Throws<ZMQException>(() => client.AsZMQSocket()).Message, StringComparison.Ordinal);
        using ResponseSocket server = new();
        server.Options.CurveServer = true;
        Assert.Contains("ZmqLoop.LibZmq", Assert.Throws<ZMQException>(() => server.AsZMQSocket()).Message, StringComparison.Ordinal);
        using NetMQEngine engine = new(_knowing);
        Assert.Equal(client.Options.CurveServerKey, client.AsZMQSocket(engine).CurveServerKey);
    }

    [Fact]
    public void A_socket_is_adopted_under_the_options_of_the_loop_that_watches_it()
    {
        using NetMQWorld world = new(_knowing);
        ResponseSocket server = world.Own(new ResponseSocket());
        server.Options.CurveServer = true;
        world.Loop.AddHandler(server, static (_, _) => { }, IOEvents.Read);
        Assert.Same(world.Loop.Engine, server.AsZMQSocket().Engine);
    }

    [Theory]
    [InlineData("0100020041")] // ZMTP 1.0: no identity, and "A"
    [InlineData("FF00000000000000017F01050000000141")] // ZMTP 2.0, the same
    public async Task A_CURVE_server_takes_plain_text_from_a_peer_that_speaks_an_older_version(string bytes)
    {
        using NetMQWorld world = new(_knowing);
        ZMQSocket server = world.Own(world.Loop.Engine.CreateSocket(SocketType.Pull));
        server.CurveServer = true;
        server.CurveSecretKey = world.Loop.Engine.CreateCurveKeyPair().SecretKey;
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        await Attacker.SendAsync(port, new HostileInput("a downgrade", Convert.FromHexString(bytes), Kills: false), Cancellation);
        Message? message = null;
        Deadline.WaitUntil(() => server.TryReceive(out message));
        Assert.Equal("A", message![0].ToText());
    }

    [Fact]
    public async Task A_CURVE_client_sends_plain_text_to_a_server_that_speaks_an_older_version()
    {
        using NetMQWorld world = new(_knowing);
        using Socket fake = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        fake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        fake.Listen();
        CurveKeyPair keys = world.Loop.Engine.CreateCurveKeyPair();
        ZMQSocket client = world.Own(world.Loop.Engine.CreateSocket(SocketType.Dealer));
        (client.CurvePublicKey, client.CurveSecretKey) = (keys.PublicKey, keys.SecretKey);
        client.CurveServerKey = world.Loop.Engine.CreateCurveKeyPair().PublicKey;
        client.Connect($"tcp://127.0.0.1:{((IPEndPoint)fake.LocalEndPoint!).Port}");
        Assert.True(client.TrySend(new Message("the secret")));
        using Socket connection = await fake.AcceptAsync(Cancellation);
        await connection.SendAsync(new byte[] { 1, 0 }, Cancellation);
        StringBuilder heard = new();
        byte[] buffer = new byte[1000];
        while (!heard.ToString().Contains("the secret", StringComparison.Ordinal))
        {
            int count = await connection.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(Deadline.Default, Cancellation);
            Assert.True(count > 0, $"It closed the connection after {heard}");
            heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }
}
