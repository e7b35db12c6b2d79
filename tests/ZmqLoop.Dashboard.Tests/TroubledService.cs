namespace ZmqLoop.Dashboard.Tests;

/// <summary>A service with real sockets in which one thing after the other goes wrong.</summary>
internal sealed class TroubledService : IAsyncDisposable
{
    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly List<IDisposable> _made = []; // closed on the loop
    private readonly IOLoopThread _thread;
    private readonly ManualResetEventSlim _block = new();
    private readonly TaskCompletionSource _handler = new();
    private string _orders = "";
    private ZMQStream? _jobs;

    public TroubledService()
    {
        IOLoopOptions options = new() { Name = "orders", BlockingThreshold = TimeSpan.FromSeconds(0.5) };
        _thread = IOLoopThread.Start(() => new ZMQIOLoop(_engine, options));
        Loop.InvokeAsync(Open).Wait();
    }

    public IOLoop Loop => _thread.Loop;

    /// <summary>A client sends an order whose handler never ends.</summary>
    public Task StickAsync() => Loop.InvokeAsync(() =>
    {
        ZMQStream client = Made(new ZMQStream(Socket(SocketType.Dealer), Loop, new ZMQStreamOptions { Name = "client" }));
        client.Connect(_orders);
        client.Send("order");
    });

    /// <summary>The handler ends.</summary>
    public void Unstick() => _handler.TrySetResult();

    /// <summary>More is sent than anybody takes.</summary>
    public Task FloodAsync() => Loop.InvokeAsync(() =>
    {
        PeriodicCallback flood = Made(new PeriodicCallback(() =>
        {
            for (int i = 0; i < 20; i++) _jobs!.Send("job");
        }, 50, Loop));
        flood.Start();
    });

    /// <summary>A client comes and goes.</summary>
    public Task FlapAsync() => Loop.InvokeAsync(async () =>
    {
        for (int i = 0; i < 4; i++)
        {
            SocketMonitor monitor = SocketMonitor.GetOpenMonitors(Loop).Single(monitor => monitor.Socket == Orders);
            long before = monitor.Statistics.Disconnects;
            ZMQSocket client = _engine.CreateSocket(SocketType.Dealer);
            client.Connect(_orders);
            while (monitor.GetConnections().Count == 0) await Loop.Delay(0.01);
            client.Close(TimeSpan.Zero);
            while (monitor.Statistics.Disconnects == before) await Loop.Delay(0.01);
        }
    });

    /// <summary>A callback waits for something, in a context that says for whom.</summary>
    public void Block() => Loop.AddCallback(() =>
        new StackContext(static () => new MemoryStream()) { Name = "request 4711" }.Run(() => Loop.AddCallback(WaitForever)));

    /// <summary>It waits no more.</summary>
    public void Unblock() => _block.Set();

    public async ValueTask DisposeAsync()
    {
        Unstick();
        Unblock();
        await Loop.InvokeAsync(() => _made.ForEach(static made => made.Dispose()));
        await _thread.DisposeAsync();
        _engine.Dispose();
        _block.Dispose();
    }

    private ZMQSocket? Orders { get; set; }

    private void Open()
    {
        ZMQStream orders = Made(new ZMQStream(Socket(SocketType.Router), Loop,
            new ZMQStreamOptions { Name = "orders", HandlerWarning = TimeSpan.FromSeconds(1) }));
        Orders = orders.Socket;
        _orders = $"tcp://127.0.0.1:{orders.BindToRandomPort("tcp://127.0.0.1")}";
        orders.OnRecv(async _ => await _handler.Task);
        Made(new SocketMonitor(orders.Socket, Loop)).CountOnly();
        _jobs = Made(new ZMQStream(Socket(SocketType.Push), Loop, new ZMQStreamOptions
        {
            Name = "<b onmouseover=alert(1)>jobs</b>", SendQueueLimit = 100, SendQueueFullMode = SendQueueFullMode.DropOldest,
        }));
    }

    private void WaitForever() => _block.Wait();

    private ZMQSocket Socket(SocketType type)
    {
        ZMQSocket socket = _engine.CreateSocket(type);
        socket.Linger = TimeSpan.Zero;
        return socket;
    }

    private T Made<T>(T made) where T : IDisposable
    {
        _made.Add(made);
        return made;
    }
}
