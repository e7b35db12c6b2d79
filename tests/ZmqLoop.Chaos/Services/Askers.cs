using ZmqLoop.Chaos.Faults;

namespace ZmqLoop.Chaos.Services;

/// <summary>Asks an endpoint all the time and repeats what is not answered: <c>ENDPOINT [heartbeats]</c>.</summary>
internal sealed class Askers : IService
{
    private readonly Dictionary<string, long> _received = [];
    private readonly PersistentClient _client;

    public Askers(LoopHost host, string[] arguments)
    {
        bool heartbeats = arguments.Contains("heartbeats");
        _client = new PersistentClient(host.Engine, arguments[0], socket =>
        {
            if (!heartbeats) return;
            socket.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
            socket.HeartbeatTimeout = TimeSpan.FromMilliseconds(600);
        });
    }

    public IReadOnlyDictionary<string, string> Ports { get; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, long> Received
    {
        get
        {
            _received["answers"] = _client.Answers;
            _received["repeated"] = _client.Repeated;
            return _received;
        }
    }
}
