namespace ZmqLoop.Dashboard.Tests;

/// <summary>A service in which the five incidents of docs/operations.md happen at once, over real sockets: a stuck handler, a slow
/// callback, peers that do not read, a client that comes and goes, a subscriber that gets nothing any more. Named as there.</summary>
internal sealed class IncidentService : IAsyncDisposable
{
    private const int Large = 1 << 20; // so that what is between the sockets is soon full

    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly LaterTime _time = new();
    private readonly List<(IOLoopThread Thread, List<IDisposable> Made)> _loops = [];
    private readonly TaskCompletionSource _never = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ManualResetEventSlim _file = new(); // that nobody opens
    private Task _client = Task.CompletedTask;

    private IncidentService()
    {
    }

    /// <summary>Starts it, and waits until the subscriber has got what it will get.</summary>
    public static async Task<IncidentService> StartAsync()
    {
        IncidentService service = new();
        await service.PlantHandlerAndClientsAsync();
        await service.PlantSlowCallbackAsync();
        await service.PlantFullPeersAsync();
        await service.PlantSubscriberAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _file.Set();
        _never.TrySetResult();
        await _client;
        foreach ((IOLoopThread thread, List<IDisposable> made) in _loops)
            await thread.Loop.InvokeAsync(() => made.ForEach(static one => one.Dispose()));
        foreach ((IOLoopThread thread, _) in _loops) await thread.DisposeAsync();
        _engine.Dispose();
        _file.Dispose();
        _end.Dispose();
    }

    /// <summary>A client's order is never done with, and another client goes as soon as it has come.</summary>
    private async Task PlantHandlerAndClientsAsync()
    {
        (IOLoop loop, List<IDisposable> made) = Start("service");
        string front = await loop.InvokeAsync(() =>
        {
            ZMQStream stream = Stream(loop, made, SocketType.Router,
                new ZMQStreamOptions { Name = "front", HandlerWarning = TimeSpan.FromSeconds(1) });
            made.Add(new SocketMonitor(stream.Socket, loop).CountOnly());
            stream.OnRecv(AnswerAsync);
            return $"tcp://127.0.0.1:{stream.BindToRandomPort("tcp://127.0.0.1")}";
        });
        (IOLoop clients, List<IDisposable> theirs) = Start("clients");
        _client = clients.InvokeAsync(async () =>
        {
            ZMQStream patient = Stream(clients, theirs, SocketType.Dealer, new ZMQStreamOptions { Name = "patient" });
            patient.Connect(front);
            patient.Send("order");
            while (!_end.IsCancellationRequested)
            {
                ZMQSocket hasty = Socket(SocketType.Dealer);
                hasty.Connect(front);
                await clients.Delay(0.05);
                hasty.Close(TimeSpan.Zero);
            }
        });
    }

    private async Task AnswerAsync(Message order) => await _never.Task;

    /// <summary>One callback of a loop that is busy with many short ones.</summary>
    private async Task PlantSlowCallbackAsync()
    {
        (IOLoop loop, List<IDisposable> made) = Start("orders");
        await loop.InvokeAsync(() =>
        {
            PeriodicCallback slow = new(ReadPrices, 400, loop);
            made.Add(slow);
            slow.Start();
        });
    }

    private void ReadPrices() => _file.Wait(TimeSpan.FromSeconds(0.3));

    /// <summary>A worker, and a client of many, that are connected and do not read.</summary>
    private async Task PlantFullPeersAsync()
    {
        (IOLoop loop, List<IDisposable> made) = Start("sales");
        await loop.InvokeAsync(() =>
        {
            ZMQStream jobs = Stream(loop, made, SocketType.Push, new ZMQStreamOptions
            {
                Name = "jobs", SendQueueLimit = 100, SendQueueFullMode = SendQueueFullMode.DropOldest,
            });
            ZMQStream answers = Stream(loop, made, SocketType.Router, new ZMQStreamOptions { Name = "answers" });
            made.Add(new SocketMonitor(jobs.Socket, loop).CountOnly());
            ZMQSocket worker = Socket(SocketType.Pull), client = Socket(SocketType.Dealer);
            made.AddRange([worker, client]);
            client.RoutingId = "client"u8.ToArray();
            worker.Connect($"tcp://127.0.0.1:{jobs.BindToRandomPort("tcp://127.0.0.1")}");
            client.Connect($"tcp://127.0.0.1:{answers.BindToRandomPort("tcp://127.0.0.1")}");
            Message job = new(new byte[Large]), answer = new("client", new byte[Large]);
            PeriodicCallback work = new(() =>
            {
                for (int i = 0; i < 10; i++) jobs.Send(job);
                if (answers.SendQueueLength < 10) answers.Send(answer, static (_, _) => { }); // may not be there yet
            }, 20, loop);
            made.Add(work);
            work.Start();
        });
    }

    /// <summary>It gets a price, and then half a minute goes by.</summary>
    private async Task PlantSubscriberAsync()
    {
        const string Last = "prices, the last";
        bool isThere = false, isOver = false;
        TaskCompletionSource received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (IOLoop display, List<IDisposable> made) = Start("display", _time);
        await display.InvokeAsync(() =>
        {
            ZMQStream prices = Stream(display, made, SocketType.Sub, new ZMQStreamOptions { Name = "prices" });
            ZMQStream feed = Stream(display, made, SocketType.Pub, new ZMQStreamOptions { Name = "feed" });
            prices.Subscribe("prices");
            prices.OnRecv(message =>
            {
                isThere = true;
                if (message[0].ToText() == Last) received.TrySetResult();
            });
            prices.Connect($"tcp://127.0.0.1:{feed.BindToRandomPort("tcp://127.0.0.1")}");
            PeriodicCallback publish = new(() =>
            {
                feed.Send(isOver ? "weather" : isThere ? Last : "prices");
                isOver = isThere;
            }, 20, display);
            made.Add(publish);
            publish.Start();
        });
        await received.Task.WaitAsync(EngineUnderTest.Current.LongWait);
        await display.InvokeAsync(static () => { }); // what was received is counted by now
        _time.Add(TimeSpan.FromSeconds(34));
    }

    private (IOLoop Loop, List<IDisposable> Made) Start(string name, TimeProvider? time = null)
    {
        IOLoopOptions options = new() { Name = name, TimeProvider = time ?? TimeProvider.System };
        IOLoopThread thread = IOLoopThread.Start(() => new ZMQIOLoop(_engine, options));
        List<IDisposable> made = [];
        _loops.Add((thread, made));
        return (thread.Loop, made);
    }

    private ZMQStream Stream(IOLoop loop, List<IDisposable> made, SocketType type, ZMQStreamOptions options)
    {
        ZMQStream stream = new(Socket(type), loop, options);
        made.Add(stream);
        return stream;
    }

    private ZMQSocket Socket(SocketType type)
    {
        ZMQSocket socket = _engine.CreateSocket(type);
        socket.Linger = TimeSpan.Zero;
        socket.SendHighWaterMark = socket.ReceiveHighWaterMark = 2;
        return socket;
    }

    /// <summary>The system's time, and more.</summary>
    private sealed class LaterTime : TimeProvider
    {
        private long _more;

        public void Add(TimeSpan time) => Interlocked.Add(ref _more, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _more);
    }
}
