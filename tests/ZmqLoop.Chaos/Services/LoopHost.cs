using Microsoft.Extensions.Logging.Abstractions;

namespace ZmqLoop.Chaos.Services;

/// <summary>An engine and a loop on a thread of its own.</summary>
internal sealed class LoopHost : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly IOLoopThread _thread;
    private readonly List<ZMQStream> _streams = [];
    private readonly bool _ownsEngine;
    private long _reported;

    public LoopHost(ZMQEngine engine, bool ownsEngine = true, IOLoopOptions? options = null)
    {
        Engine = engine;
        _ownsEngine = ownsEngine;
        IOLoopOptions quiet = options ?? new IOLoopOptions { LoggerFactory = NullLoggerFactory.Instance };
        _thread = IOLoopThread.Start(() => new ZMQIOLoop(engine, quiet));
        Loop.UnhandledException += (_, report) =>
        {
            LastReport = report.Exception;
            Interlocked.Increment(ref _reported);
        };
    }

    public ZMQEngine Engine { get; }

    public IOLoop Loop => _thread.Loop;

    /// <summary>How many exceptions of callbacks the loop was told of.</summary>
    public long Reported => Interlocked.Read(ref _reported);

    public Exception? LastReport { get; private set; }

    /// <summary>On the loop's thread.</summary>
    /// <exception cref="TimeoutException">The loop does not come to it.</exception>
    public T Do<T>(Func<T> make)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.AddCallback(() =>
        {
            try
            {
                done.SetResult(make());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        if (!done.Task.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(_limit))
            throw new TimeoutException($"The loop did nothing for {_limit}. {Loop}");
        return done.Task.GetAwaiter().GetResult();
    }

    public void Do(Action act) => Do(() =>
    {
        act();
        return true;
    });

    /// <summary>A stream on the loop, closed with the host.</summary>
    public ZMQStream Open(SocketType type, Action<ZMQStream>? configure = null, ZMQStreamOptions? options = null) => Do(() =>
    {
        ZMQStream stream = new(Engine.CreateSocket(type), Loop, options);
        _streams.Add(stream);
        stream.Socket.Linger = TimeSpan.Zero;
        configure?.Invoke(stream);
        return stream;
    });

    public void Close(ZMQStream stream) => Do(() =>
    {
        stream.Close();
        return _streams.Remove(stream);
    });

    public void Dispose()
    {
        Do(() =>
        {
            foreach (ZMQStream stream in _streams) stream.Close(TimeSpan.Zero);
        });
        if (!_thread.DisposeAsync().AsTask().Wait(_limit)) throw new TimeoutException("The loop's thread did not end.");
        if (_ownsEngine) Engine.Dispose();
    }
}
