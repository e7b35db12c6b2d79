using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Hosting;

/// <summary>Starts the loops and what runs on them before the application's services, and ends them after those.</summary>
internal sealed class LoopLifecycle(
    IEnumerable<HostedLoop> loops, IEnumerable<HostedSocket> sockets, ILoggerFactory loggers, IHostApplicationLifetime application)
    : IHostedLifecycleService, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("ZmqLoop.Hosting");
    private volatile bool _isStopping;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (HostedLoop loop in loops) _ = WatchAsync(loop);
        foreach (HostedSocket socket in sockets) await socket.OpenAsync().ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (HostedSocket socket in sockets) socket.Begin();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        return Task.WhenAll(sockets.Where(static socket => socket.IsServer).Select(socket => socket.EndAsync(cancellationToken)));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(sockets.Select(socket => socket.EndAsync(cancellationToken))).ConfigureAwait(false);
        foreach (HostedLoop loop in loops) await loop.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The services end without a stop, as after a start that failed: before the loops, which were made before this.</summary>
    public void Dispose() => _isStopping = true;

    private async Task WatchAsync(HostedLoop loop)
    {
        await loop.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_isStopping) return;
        HostingLog.LoopEnded(_logger, loop.Completion.Exception?.InnerException, loop);
        application.StopApplication();
    }
}
