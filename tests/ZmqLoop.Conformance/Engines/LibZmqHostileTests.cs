using ZmqLoop.Testing.Hostile;

namespace ZmqLoop.Conformance;

/// <summary>What strangers send to libzmq, which is the engine for networks that nobody trusts.</summary>
public sealed class LibZmqHostileTests
{
    private const int Inputs = 300;
    private const int Seed = 14;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hostile_inputs_are_disconnected_and_the_next_peer_is_served()
    {
        using LibZmqEngine engine = new();
        using ZMQSocket server = engine.CreateSocket(SocketType.Router);
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        for (int i = 0; i < Inputs; i++) await Attacker.SendAsync(port, HostileInputs.Number(Seed, i), Cancellation); // until it was closed
        foreach (string kind in HostileInputs.Known) await Attacker.SendAsync(port, HostileInputs.OfKind(kind), Cancellation);
        using ZMQSocket client = engine.CreateSocket(SocketType.Dealer);
        client.Connect($"tcp://127.0.0.1:{port}");
        Assert.True(client.TrySend(new Message("are you well?")));
        Deadline.WaitUntil(() => server.TryReceive(out Message? message) && message[^1].ToText() == "are you well?");
    }

    [Fact]
    public async Task A_long_subscription_is_just_long()
    {
        using LibZmqEngine engine = new();
        using ZMQSocket publisher = engine.CreateSocket(SocketType.XPub);
        int port = publisher.BindToRandomPort("tcp://127.0.0.1");
        Task attack = Attacker.SendAsync(port, HostileInputs.OfKind("subscription", "SUB"), Cancellation);
        Deadline.WaitUntil(() => publisher.TryReceive(out Message? subscription) && subscription[0].Length > 1 << 20);
        await attack;
    }

    [Theory]
    [InlineData("0100020041")] // ZMTP 1.0: no identity, and "A"
    [InlineData("FF00000000000000017F01050000000141")] // ZMTP 2.0, the same
    public async Task A_CURVE_server_takes_nothing_from_a_peer_that_speaks_an_older_version(string bytes)
    {
        using LibZmqEngine engine = new();
        using ZMQSocket server = engine.CreateSocket(SocketType.Pull);
        CurveKeyPair serverKeys = engine.CreateCurveKeyPair();
        CurveKeyPair clientKeys = engine.CreateCurveKeyPair();
        server.CurveServer = true;
        server.CurveSecretKey = serverKeys.SecretKey;
        int port = server.BindToRandomPort("tcp://127.0.0.1");
        await Attacker.SendAsync(port, new HostileInput("a downgrade", Convert.FromHexString(bytes), Kills: false), Cancellation);
        using ZMQSocket friend = engine.CreateSocket(SocketType.Push);
        (friend.CurvePublicKey, friend.CurveSecretKey, friend.CurveServerKey) =
            (clientKeys.PublicKey, clientKeys.SecretKey, serverKeys.PublicKey);
        friend.Connect($"tcp://127.0.0.1:{port}");
        Assert.True(friend.TrySend(new Message("encrypted")));
        Message? first = null;
        Deadline.WaitUntil(() => server.TryReceive(out first));
        Assert.Equal("encrypted", first![0].ToText());
    }
}
