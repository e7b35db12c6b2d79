using System.Diagnostics.Metrics;
using ZmqLoop.Streams;

namespace ZmqLoop.Fuzz;

/// <summary>A service over NetMQ that answers, a client that asks it all the time, and what the guard says and counts meanwhile.</summary>
internal sealed class GuardWorld : IAsyncDisposable
{
    private static readonly TimeSpan _slow = TimeSpan.FromSeconds(10);

    private readonly MeterListener _meter = new();
    private readonly Dictionary<string, long> _contained = [];
    private readonly IOLoopThread _thread;
    private readonly List<IDisposable> _disposables = [];
    private long _answers;
    private long _slowestTicks;

    public GuardWorld(NetMQEngineOptions? options = null)
    {
        Engine = new NetMQEngine((options ?? new NetMQEngineOptions()) with { LoggerFactory = Loggers });
        _thread = IOLoopThread.Start(() => new ZMQIOLoop(Engine, new IOLoopOptions { LoggerFactory = Loggers }));
        _meter.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == NetMQTelemetry.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            string what = "";
            foreach ((string key, object? value) in tags)
            {
                if (key == "zmqloop.netmq.fault") what = (string)value!;
            }

            lock (_contained) _contained[what] = _contained.GetValueOrDefault(what) + count;
        });
        _meter.Start();
    }

    public NetMQEngine Engine { get; }

    public RecordingLoggers Loggers { get; } = new();

    /// <summary>What the healthy client has got.</summary>
    public long Answers => Volatile.Read(ref _answers);

    /// <summary>How long it waited for the one that took longest.</summary>
    public TimeSpan Slowest => new(Volatile.Read(ref _slowestTicks));

    /// <summary>How many faults were counted.</summary>
    public long Contained(string what)
    {
        lock (_contained) return _contained.GetValueOrDefault(what);
    }

    public long ContainedOf(params string[] whats) => whats.Sum(Contained);

    /// <summary>On the loop's thread.</summary>
    public T Do<T>(Func<T> make)
    {
        using ManualResetEventSlim done = new();
        T? made = default;
        Exception? failure = null;
        _thread.Loop.AddCallback(() =>
        {
            try
            {
                made = make();
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            done.Set();
        });
        if (!done.Wait(Deadline.Default)) throw new TimeoutException($"The loop does nothing. {_thread.Loop}");
        return failure is null ? made! : throw new InvalidOperationException("It failed on the loop.", failure);
    }

    /// <summary>A stream on the loop, closed with the world.</summary>
    public ZMQStream Open(SocketType type, Action<ZMQSocket>? configure = null) => Do(() =>
    {
        ZMQStream stream = new(Engine.CreateSocket(type), _thread.Loop);
        _disposables.Add(stream);
        configure?.Invoke(stream.Socket);
        return stream;
    });

    public void Close(ZMQStream stream) => Do(() =>
    {
        stream.Close();
        return _disposables.Remove(stream);
    });

    /// <summary>A service that sends back what comes; returns its port.</summary>
    public int Serve(SocketType type = SocketType.Router, Action<ZMQSocket>? configure = null, Action<ZMQStream>? opened = null)
    {
        ZMQStream server = Open(type, configure);
        opened?.Invoke(server);
        return Do(() =>
        {
            if (type is not SocketType.Pub)
            {
                server.OnRecv(request =>
                {
                    if (type is SocketType.Router or SocketType.Rep) server.Send(request);
                });
            }

            return server.BindToRandomPort("tcp://127.0.0.1");
        });
    }

    /// <summary>A client that asks again as soon as it is answered.</summary>
    public void AskAllTheTime(int port)
    {
        ZMQStream client = Open(SocketType.Dealer);
        Do(() =>
        {
            long asked = 0;
            client.OnRecv(_ =>
            {
                long took = TimeProvider.System.GetElapsedTime(asked).Ticks;
                if (took > _slowestTicks) Volatile.Write(ref _slowestTicks, took);
                Volatile.Write(ref _answers, _answers + 1);
                Ask();
            });
            client.Connect($"tcp://127.0.0.1:{port}");
            Ask();
            return true;

            void Ask()
            {
                asked = TimeProvider.System.GetTimestamp();
                client.Send("are you well?");
            }
        });
        WaitForAnswer();
    }

    /// <summary>Waits until the healthy client has been answered once more.</summary>
    public void WaitForAnswer()
    {
        long before = Answers;
        Deadline.WaitUntil(() => Answers > before, Describe);
    }

    public string Describe()
    {
        IEnumerable<string> log = Loggers.Entries.Select(static entry => $"{entry.Text}: {entry.Exception}");
        return $"{Answers} answers, the slowest after {Slowest}. {string.Join(Environment.NewLine, log)}";
    }

    public async ValueTask DisposeAsync()
    {
        Do(() =>
        {
            foreach (IDisposable disposable in Enumerable.Reverse(_disposables)) disposable.Dispose();
            return true;
        });
        await _thread.DisposeAsync().AsTask().WaitAsync(_slow);
        _meter.Dispose();
        Engine.Dispose();
    }
}
