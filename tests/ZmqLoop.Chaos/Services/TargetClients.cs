namespace ZmqLoop.Chaos.Services;

/// <summary>A socket of each type that connects to a stranger: <c>TYPE=PORT</c> each.</summary>
internal sealed class TargetClients : IService
{
    private readonly Dictionary<string, string> _ports = [];
    private readonly Dictionary<string, long> _received = [];

    public TargetClients(LoopHost host, string[] arguments)
    {
        ZMQStream healthy = host.Open(SocketType.Router, static stream => stream.OnRecv(message => stream.Send(message)));
        _ports["healthy"] = $"{host.Do(() => healthy.BindToRandomPort("tcp://127.0.0.1"))}";
        foreach (string argument in arguments)
        {
            string[] parts = argument.Split('=');
            SocketType type = Enum.Parse<SocketType>(parts[0], ignoreCase: true);
            host.Open(type, stream =>
            {
                stream.Socket.ReconnectInterval = TimeSpan.FromMilliseconds(1);
                if (type == SocketType.Sub) stream.Subscribe("");
                if (type != SocketType.Pub)
                {
                    stream.OnRecv(message =>
                    {
                        _received[parts[0]] = _received.GetValueOrDefault(parts[0]) + 1;
                        if (type is SocketType.Rep) stream.Send(message); // or it takes no other
                    });
                }

                stream.Connect($"tcp://127.0.0.1:{parts[1]}");
            });
        }
    }

    public IReadOnlyDictionary<string, string> Ports => _ports;

    public IReadOnlyDictionary<string, long> Received => _received;
}
