using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Requests;

/// <summary>A loop on a thread of its own, with our clients and responders.</summary>
internal sealed class RequestSide : IAsyncDisposable
{
    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly IOLoopThread _thread;
    private readonly List<IDisposable> _made = [];

    public RequestSide()
    {
        _thread = IOLoopThread.Start(() => new ZMQIOLoop(_engine));
        _thread.Loop.UnhandledException += (_, error) => Errors.Add(error.Exception);
    }

    public IOLoop Loop => _thread.Loop;

    public List<Exception> Errors { get; } = [];

    public async Task<RequestClient> ClientAsync(RequestClientOptions? options, params string[] endpoints)
    {
        RequestClient client = await Loop.InvokeAsync(() =>
        {
            RequestClient made = new(Socket(SocketType.Dealer), Loop, options);
            foreach (string endpoint in endpoints) made.Connect(endpoint);
            return made;
        });
        _made.Add(client);
        return client;
    }

    /// <returns>The responder, and where it listens.</returns>
    public async Task<(Responder Responder, string Endpoint)> ResponderAsync(Action<Responder> prepare, ResponderOptions? options = null,
        string endpoint = "tcp://127.0.0.1:*", bool connects = false)
    {
        Responder responder = await Loop.InvokeAsync(() =>
        {
            Responder made = new(Socket(SocketType.Router), Loop, options);
            prepare(made);
            return made;
        });
        _made.Add(responder);
        if (connects)
        {
            await Loop.InvokeAsync(() => responder.Connect(endpoint));
            return (responder, endpoint);
        }

        long start = TimeProvider.System.GetTimestamp();
        while (!await Loop.InvokeAsync(() => TryBind(responder, endpoint)))
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline.Default, $"{endpoint} does not get free.");
        return (responder, await Loop.InvokeAsync(() => responder.Socket.LastEndpoint));
    }

    /// <returns>Where clients connect to it, and where servers do.</returns>
    public async Task<(string Front, string Back)> ProxyAsync()
    {
        (ZMQProxy proxy, string front, string back) = await Loop.InvokeAsync(() =>
        {
            ZMQSocket clients = Socket(SocketType.Router), servers = Socket(SocketType.Dealer);
            clients.Bind("tcp://127.0.0.1:*");
            servers.Bind("tcp://127.0.0.1:*");
            return (new ZMQProxy(clients, servers, loop: Loop), clients.LastEndpoint, servers.LastEndpoint);
        });
        _made.Add(proxy);
        return (front, back);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable one in _made) one.Dispose();
        await _thread.DisposeAsync();
        _engine.Dispose();
    }

    /// <returns>False where the one before has not let go of the endpoint yet.</returns>
    private static bool TryBind(Responder responder, string endpoint)
    {
        try
        {
            responder.Bind(endpoint);
            return true;
        }
        catch (ZMQException error) when (error.Code == ZMQErrorCode.AddressInUse)
        {
            return false;
        }
    }

    private ZMQSocket Socket(SocketType type)
    {
        ZMQSocket socket = _engine.CreateSocket(type);
        socket.Linger = TimeSpan.Zero;
        socket.ReconnectInterval = TimeSpan.FromMilliseconds(50);
        return socket;
    }
}
