using ZmqLoop;
using ZmqLoop.Streams;

namespace ZmqLoop_Service;

/// <summary>The loop, on a thread of its own, for as long as the host runs.</summary>
public sealed class Worker(IConfiguration configuration, IHostEnvironment host, ILoggerFactory loggers, ILogger<Worker> logger)
    : BackgroundService
{
    private readonly TaskCompletionSource<string> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IOLoop? _loop;

    /// <summary>Null until it runs.</summary>
    public IOLoop? Loop => _loop;

    /// <summary>Where it serves, once it does.</summary>
    public Task<string> Endpoint => _endpoint.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using IOLoopThread thread =
            IOLoopThread.Start(() => new ZMQIOLoop(new IOLoopOptions { LoggerFactory = loggers, Debug = host.IsDevelopment() }), "worker");
        _loop = thread.Loop;
        await thread.Loop.InvokeAsync(() => ServeAsync(thread.Loop, stoppingToken));
    }

    // All of it runs on the loop's thread.
    private async Task ServeAsync(IOLoop loop, CancellationToken stopping)
    {
        await using ZMQStream front = new(ZMQSocket.Create(SocketType.Router), loop, SquareRoots.Options);
        front.Bind(configuration["Service:Endpoint"] ?? "tcp://127.0.0.1:5555");
        SquareRoots.Serve(front);
        _endpoint.SetResult(front.Socket.LastEndpoint);
        logger.LogInformation("serving on {Endpoint}", front.Socket.LastEndpoint);
        await Task.Delay(Timeout.Infinite, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        await front.FinishAsync(TimeSpan.FromSeconds(15)); // serves what has come; the host waits 30 seconds
    }
}
