using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>A ROUTER that answers numbered requests, and counts which it was asked once, and which again.</summary>
internal sealed class RequestService : IDisposable
{
    private readonly LoopHost _host;
    private readonly RequestNumbers _served = new();

    public RequestService(ZMQEngine engine, Action<ZMQSocket>? configure = null)
    {
        _host = new LoopHost(engine, ownsEngine: false);
        ZMQStream stream = _host.Open(SocketType.Router, stream =>
        {
            configure?.Invoke(stream.Socket);
            stream.OnRecv(message =>
            {
                if (!_served.Add(message[^1].ToText())) Repeated++;
                stream.Send(message);
            });
        });
        Port = _host.Do(() => stream.BindToRandomPort("tcp://127.0.0.1"));
    }

    public int Port { get; }

    /// <summary>Requests that came again, since the client repeats what is not answered.</summary>
    public long Repeated { get; private set; }

    public long Served => _host.Do(() => _served.Count);

    /// <summary>How many of a client's requests, from the first on, have never come.</summary>
    public long CountMissing(string client, long asked) => _host.Do(() => asked - _served.CountOf(client));

    public void Dispose() => _host.Dispose();
}
