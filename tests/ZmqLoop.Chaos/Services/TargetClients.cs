namespace ZmqLoop.Chaos.Services;

/// <summary>A socket of each type that connects to a stranger: <c>TYPE=PORT</c> each.</summary>
internal sealed class TargetClients : IService
{
    private const ZMQSocketEvents Ends = ZMQSocketEvents.Disconnected | ZMQSocketEvents.HandshakeFailedNoDetail
        | ZMQSocketEvents.HandshakeFailedProtocol | ZMQSocketEvents.HandshakeFailedAuth;

    private static readonly TimeSpan _settled = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<string, string> _ports = [];
    private readonly Dictionary<string, long> _received = [];
    private readonly Dictionary<string, ZMQStream> _streams = []; // nobody else holds those that receive nothing
    private readonly Dictionary<string, string> _endpoints = [];
    private readonly LoopHost _host;

    public TargetClients(LoopHost host, string[] arguments)
    {
        _host = host;
        ZMQStream healthy = host.Open(SocketType.Router, static stream => stream.OnRecv(message => stream.Send(message)));
        _ports["healthy"] = $"{host.Do(() => healthy.BindToRandomPort("tcp://127.0.0.1"))}";
        foreach (string argument in arguments)
        {
            string[] parts = argument.Split('=');
            host.Do(() => Open(parts[0], $"tcp://127.0.0.1:{parts[1]}"));
        }
    }

    public IReadOnlyDictionary<string, string> Ports => _ports;

    public IReadOnlyDictionary<string, long> Received => _received;

    public void Again(string name)
    {
        _streams[name].Close(TimeSpan.Zero);
        Open(name, _endpoints[name]);
    }

    private void Open(string name, string endpoint)
    {
        SocketType type = name == "CURVE" ? SocketType.Push : Enum.Parse<SocketType>(name, ignoreCase: true);
        ZMQStream stream = new(_host.Engine.CreateSocket(type), _host.Loop);
        _streams[name] = stream;
        _endpoints[name] = endpoint;
        stream.Socket.Linger = TimeSpan.Zero;
        stream.Socket.ReconnectInterval = TimeSpan.FromMilliseconds(1);
        if (type == SocketType.Push) stream.Socket.ReceiveHighWaterMark = 0; // what it gets it never reads: see ClientsCase
        if (name == "CURVE")
        {
            stream.Socket.CurvePublicKey = SecretKeys.Client.PublicKey;
            stream.Socket.CurveSecretKey = SecretKeys.Client.SecretKey;
            stream.Socket.CurveServerKey = SecretKeys.Server.PublicKey;
        }

        if (type == SocketType.Sub) stream.Subscribe("");
        if (type is not (SocketType.Pub or SocketType.Push or SocketType.Req))
        {
            stream.OnRecv(message =>
            {
                _received[name] = _received.GetValueOrDefault(name) + 1;
                if (type is SocketType.Rep) stream.Send(message); // or it takes no other
            });
        }

        if (type is SocketType.Push or SocketType.Req) stream.Send("a secret");
        if (_host.Engine.AsksAuthenticators) AnewAfterBreach(name, endpoint, stream);
        stream.Connect(endpoint);
    }

    /// <summary>libzmq does not go back to a server that broke the protocol: another socket does, once that is certain. A socket that is
    /// closed while its connection shakes hands may end the process, which is a fault of libzmq's: docs/upstream.md.</summary>
    private void AnewAfterBreach(string name, string endpoint, ZMQStream stream)
    {
        SocketMonitor monitor = new(stream.Socket);
        ZMQSocketEvents last = ZMQSocketEvents.None;
        monitor.OnEvent(said =>
        {
            last = said.Event;
            if ((last & Ends) != 0) _host.Loop.CallLater(_settled, Look);
        });

        void Look()
        {
            if (stream.IsClosed || (last & Ends) == 0) return;
            monitor.Close();
            Again(name);
        }
    }
}
