namespace ZmqLoop.Chaos.Services;

/// <summary>Answers requests, on a port that it is given (0 for any), with heartbeats where it is told.</summary>
internal sealed class Requests : IService
{
    private readonly Dictionary<string, string> _ports = [];
    private readonly Dictionary<string, long> _received = new() { ["requests"] = 0 };

    public Requests(LoopHost host, string[] arguments)
    {
        ZMQStream stream = host.Open(SocketType.Router, stream =>
        {
            if (arguments.Contains("heartbeats"))
            {
                stream.Socket.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
                stream.Socket.HeartbeatTimeout = TimeSpan.FromMilliseconds(600);
            }

            stream.OnRecv(message =>
            {
                _received["requests"]++;
                stream.Send(message);
            });
        });
        string address = Given("at=") ?? "127.0.0.1";
        string port = Given("port=") ?? "*";
        host.Do(() => stream.Bind($"tcp://{address}:{port}"));
        _ports["requests"] = host.Do(() => stream.Socket.LastEndpoint.Split(':')[^1]);
        if (arguments.Contains("ticks")) Tick(host);

        string? Given(string name) =>
            arguments.FirstOrDefault(argument => argument.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
    }

    public IReadOnlyDictionary<string, string> Ports => _ports;

    public IReadOnlyDictionary<string, long> Received => _received;

    /// <summary>Counts what a timer of 20 ms does.</summary>
    private void Tick(LoopHost host) => host.Do(() =>
    {
        _received["ticks"] = 0;
        new PeriodicCallback(() => _received["ticks"]++, TimeSpan.FromMilliseconds(20), host.Loop).Start();
    });
}
