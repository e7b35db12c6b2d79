namespace ZmqLoop.Chaos.Services;

/// <summary>A service with a socket of each type and, where the engine has them, of each mechanism; and one for healthy clients.</summary>
internal sealed class Targets : IService
{
    /// <summary>The last frame of a message of several; and how those are counted that have lost the others.</summary>
    public const string End = "the end";
    public const string Torn = "torn";

    private const int FramesToEnd = 4;

    private readonly Dictionary<string, string> _ports = [];
    private readonly Dictionary<string, long> _received = [];
    private readonly LoopHost _host;
    private readonly Authenticator? _authenticator;

    public Targets(LoopHost host)
    {
        _host = host;
        Add("healthy", SocketType.Router, static stream => stream.OnRecv(message => stream.Send(message)));
        Add("ROUTER", SocketType.Router);
        Add("REP", SocketType.Rep);
        Add("PULL", SocketType.Pull, static stream => stream.Socket.ReceiveHighWaterMark = 3);
        Add("PUB", SocketType.Pub);
        Add("XPUB", SocketType.XPub);
        Add("DEALER", SocketType.Dealer);
        Add("SUB", SocketType.Sub, static stream => stream.Subscribe(""));
        Add("XSUB", SocketType.XSub);
        if (!host.Engine.AsksAuthenticators) return;
        _authenticator = host.Do(() =>
        {
            Authenticator authenticator = new(host.Loop, host.Engine);
            authenticator.ConfigurePlain("plain", new Dictionary<string, string> { ["alice"] = "wonderland" });
            authenticator.ConfigureCurve("curve", [SecretKeys.Client.PublicKey]);
            authenticator.Deny("192.0.2.1");
            authenticator.Start();
            return authenticator;
        });
        Add("PLAIN", SocketType.Pull, static stream =>
        {
            stream.Socket.PlainServer = true;
            stream.Socket.ZapDomain = "plain";
        });
        Add("CURVE", SocketType.Pull, static stream =>
        {
            stream.Socket.CurveServer = true;
            stream.Socket.CurveSecretKey = SecretKeys.Server.SecretKey;
            stream.Socket.ZapDomain = "curve";
        });
        Add("INSIDE", SocketType.Pull, static stream =>
        {
            stream.Socket.CurveServer = true;
            stream.Socket.CurveSecretKey = SecretKeys.Server.SecretKey;
            stream.Socket.ZapDomain = "curve";
        });
        Add("ZAP", SocketType.Router, static stream => stream.Socket.ZapDomain = "asked");
        Add("HEARTBEAT", SocketType.Router, static stream => stream.Set(ZMQSocketOptions.HeartbeatIvl, TimeSpan.FromSeconds(1)));
        Add("STREAM", SocketType.Stream);
    }

    public IReadOnlyDictionary<string, string> Ports => _ports;

    public IReadOnlyDictionary<string, long> Received => _received;

    private void Add(string name, SocketType type, Action<ZMQStream>? configure = null)
    {
        ZMQStream stream = _host.Open(type, configure);
        _ports[name] = _host.Do(() =>
        {
            if (type != SocketType.Pub && name != "healthy")
            {
                stream.OnRecv(message =>
                {
                    _received[name] = _received.GetValueOrDefault(name) + 1;
                    if (name == "ROUTER" && message[^1].ToText() == End && message.Count != FramesToEnd)
                        _received[Torn] = _received.GetValueOrDefault(Torn) + 1;
                    if (type is SocketType.Router or SocketType.Rep or SocketType.Dealer) stream.Send(message);
                });
            }

            return $"{stream.BindToRandomPort("tcp://127.0.0.1")}";
        });
    }
}
