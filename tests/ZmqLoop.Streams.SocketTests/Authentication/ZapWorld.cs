namespace ZmqLoop.Streams.SocketTests;

/// <summary>An authenticator, and sockets that want to connect.</summary>
internal sealed class ZapWorld : IDisposable
{
    private const string Tcp = "tcp://127.0.0.1:*";

    private readonly List<IDisposable> _owned = [];

    public ZapWorld()
    {
        EngineUnderTest.Current.Need(Abilities.Zap);
        Authenticator = new Authenticator(World.Loop);
        ServerKeys = World.Engine.CreateCurveKeyPair();
        ClientKeys = World.Engine.CreateCurveKeyPair();
    }

    public RealWorld World { get; } = new();

    public Authenticator Authenticator { get; }

    public ErrorLoop Loop => World.Loop;

    public CurveKeyPair ServerKeys { get; }

    public CurveKeyPair ClientKeys { get; }

    public ZMQStream Null(string? domain = "global", string endpoint = Tcp, Action<ZMQSocket>? prepare = null) =>
        Server(domain, prepare ?? (static _ => { }), endpoint);

    public ZMQStream Plain(string? domain = null, string endpoint = Tcp) =>
        Server(domain, static socket => socket.PlainServer = true, endpoint);

    public ZMQStream Curve(string? domain = null) =>
        Server(domain, socket => (socket.CurveServer, socket.CurveSecretKey) = (true, ServerKeys.SecretKey), Tcp);

    public static Action<ZMQSocket> As(string username, string password) =>
        socket => (socket.PlainUsername, socket.PlainPassword) = (username, password);

    public Action<ZMQSocket> With(CurveKeyPair keys) => socket =>
        (socket.CurvePublicKey, socket.CurveSecretKey, socket.CurveServerKey) = (keys.PublicKey, keys.SecretKey, ServerKeys.PublicKey);

    /// <summary>Whether a new client gets a message through, or is refused; the handshake's end is waited for in any case.</summary>
    public SocketEvent Connect(ZMQStream server, Action<ZMQSocket>? prepare = null)
    {
        ZMQSocket client = World.Socket(SocketType.Push);
        prepare?.Invoke(client);
        SocketEvent? end = null;
        using SocketMonitor monitor = new(
            server.Socket, Loop, ZMQSocketEvents.HandshakeSucceeded | ZMQSocketEvents.HandshakeFailedAuth
                | ZMQSocketEvents.HandshakeFailedProtocol | ZMQSocketEvents.HandshakeFailedNoDetail);
        monitor.OnEvent(happened => end ??= happened);
        client.Connect(server.Socket.LastEndpoint);
        World.RunUntil(() => end is not null);
        if (end!.Value.Event == ZMQSocketEvents.HandshakeSucceeded)
        {
            int before = World.Log.Count;
            RealWorld.Send(client, "Hello World");
            World.RunUntil(() => World.Log.Count > before);
        }

        client.Close(TimeSpan.Zero);
        return end.Value;
    }

    public bool Lets(ZMQStream server, Action<ZMQSocket>? prepare = null) =>
        Connect(server, prepare).Event == ZMQSocketEvents.HandshakeSucceeded;

    /// <summary>A socket that asks as libzmq does.</summary>
    public ZMQSocket ConnectToAuthenticator()
    {
        ZMQSocket client = World.Socket(SocketType.Dealer);
        client.Connect(Authenticator.Endpoint);
        return client;
    }

    public static Frame[] Frames(string text) => [.. text.Split('|').Select(static part => (Frame)part)];

    public string Ask(string request)
    {
        ZMQSocket client = ConnectToAuthenticator();
        RealWorld.Send(client, ["", .. Frames(request)]);
        return ReceiveAnswer(client);
    }

    public string ReceiveAnswer(ZMQSocket client)
    {
        string? reply = null;
        World.RunUntil(() => client.TryReceive(out Message? message) && (reply = message.Text()) is not null);
        Assert.StartsWith("|", reply, StringComparison.Ordinal);
        return reply![1..];
    }

    public void Dispose()
    {
        foreach (IDisposable owned in _owned) owned.Dispose();
        Authenticator.Dispose();
        World.Dispose();
    }

    private ZMQStream Server(string? domain, Action<ZMQSocket> prepare, string endpoint)
    {
        ZMQStream server = World.Stream(SocketType.Pull);
        if (domain is not null) server.Socket.ZapDomain = domain;
        prepare(server.Socket);
        server.Bind(endpoint);
        server.OnRecv(message =>
            World.Log.Add($"{message.Text()} {message[0].GetProperty("User-Id")} {message[0].GetProperty("X-Role")}".Trim()), copy: false);
        _owned.Add(server);
        return server;
    }
}
