using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Doors;

/// <summary>Servers with keys and passwords, and a friend who has them.</summary>
internal sealed class Fortress : IDisposable
{
    private const ZMQSocketEvents Failures =
        ZMQSocketEvents.HandshakeFailedAuth | ZMQSocketEvents.HandshakeFailedProtocol | ZMQSocketEvents.HandshakeFailedNoDetail;

    public const string FriendSays = "it is me";

    private readonly LoopHost _host;
    private readonly LoopHost _friends;
    private readonly ZMQStream _friend;
    private long _fromFriend;
    private long _fromStrangers;
    private long _refused;

    public Fortress(ZMQEngine engine)
    {
        _host = new LoopHost(engine, ownsEngine: false);
        _friends = new LoopHost(engine, ownsEngine: false);
        Authenticator = _host.Do(() =>
        {
            Authenticator authenticator = new(_host.Loop, engine);
            authenticator.ConfigureCurve("curve", [SecretKeys.Client.PublicKey]);
            authenticator.ConfigurePlain("plain", new Dictionary<string, string> { ["alice"] = "wonderland" });
            authenticator.Start();
            return authenticator;
        });
        CurveEndpoint = Serve(static socket =>
        {
            socket.CurveServer = true;
            socket.CurveSecretKey = SecretKeys.Server.SecretKey;
            socket.ZapDomain = "curve";
        });
        PlainEndpoint = Serve(static socket =>
        {
            socket.PlainServer = true;
            socket.ZapDomain = "plain";
        });
        _friend = _friends.Open(SocketType.Push, stream =>
        {
            ConnectFriend(stream, CurveEndpoint);
        });
    }

    public Authenticator Authenticator { get; }

    public string CurveEndpoint { get; }

    public string PlainEndpoint { get; }

    public long FromFriend => Interlocked.Read(ref _fromFriend);

    /// <summary>Messages of anybody else: there must be none.</summary>
    public long FromStrangers => Interlocked.Read(ref _fromStrangers);

    /// <summary>How many handshakes failed, as the servers' monitors saw it.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>With the friend's keys.</summary>
    public static void ConnectFriend(ZMQStream stream, string endpoint)
    {
        stream.Socket.CurvePublicKey = SecretKeys.Client.PublicKey;
        stream.Socket.CurveSecretKey = SecretKeys.Client.SecretKey;
        stream.Socket.CurveServerKey = SecretKeys.Server.PublicKey;
        stream.Connect(endpoint);
    }

    /// <summary>What came from strangers so far was right.</summary>
    public void Forgive() => Interlocked.Exchange(ref _fromStrangers, 0);

    /// <summary>Whether one who connects only now is served.</summary>
    public bool IsNewFriendServed()
    {
        long before = FromFriend;
        ZMQStream stream = _friends.Open(SocketType.Push, stream => ConnectFriend(stream, CurveEndpoint));
        _friends.Do(() => stream.Send(FriendSays));
        bool served = Pause.Until(() => FromFriend > before, 20);
        _friends.Close(stream);
        return served;
    }

    public bool IsFriendServed(double seconds = 20)
    {
        long before = FromFriend;
        _friend.Send(FriendSays);
        return Pause.Until(() => FromFriend > before, seconds);
    }

    public T Do<T>(Func<T> make) => _host.Do(make);

    public void Dispose()
    {
        _friends.Dispose();
        _host.Do(Authenticator.Stop);
        _host.Dispose();
    }

    private string Serve(Action<ZMQSocket> configure)
    {
        ZMQStream server = _host.Open(SocketType.Pull, stream =>
        {
            configure(stream.Socket);
            SocketMonitor monitor = new(stream.Socket, events: Failures);
            monitor.OnEvent(_ => Interlocked.Increment(ref _refused));
            stream.OnRecv(message =>
            {
                if (message[0].ToText() == FriendSays) Interlocked.Increment(ref _fromFriend);
                else Interlocked.Increment(ref _fromStrangers);
            });
        });
        return $"tcp://127.0.0.1:{_host.Do(() => server.BindToRandomPort("tcp://127.0.0.1"))}";
    }
}
