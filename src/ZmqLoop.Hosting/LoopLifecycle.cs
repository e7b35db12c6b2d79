using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Hosting;

/// <summary>Starts the loops and what runs on them before the application's services, and ends them after those.</summary>
internal sealed class LoopLifecycle(
    IEnumerable<Lazy<HostedLoop>> loops, IEnumerable<HostedSocket> sockets, IEnumerable<HostedRequestHandler> handlers,
    ILoggerFactory loggers, IHostApplicationLifetime application)
    : IHostedLifecycleService, IDisposable
{
    private readonly HostedLoop[] _loops = [.. loops.Select(static loop => loop.Value)];
    private readonly ILogger _logger = loggers.CreateLogger("ZmqLoop.Hosting");
    private volatile bool _isStopping;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (HostedLoop loop in _loops) _ = WatchAsync(loop);
        foreach (HostedRequestHandler handler in handlers) VerifyResponder(handler);
        foreach (HostedSocket socket in sockets) await socket.BindAsync().ConfigureAwait(false);
        foreach (HostedSocket socket in sockets) socket.Connect();
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
        foreach (HostedSocket socket in sockets) socket.EndMonitor();
        foreach (HostedLoop loop in _loops) await loop.EndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The services end without a stop, as after a start that failed: before the loops, which were made before this.</summary>
    public void Dispose() => _isStopping = true;

    private void VerifyResponder(HostedRequestHandler handler)
    {
        string name = handler.Responder;
        if (sockets.Any(socket => socket is HostedResponder && HostedSocket.AreSame(socket.Name, name))) return;
        throw new InvalidOperationException($"There is no responder '{name}', which is to have the handler of '{handler.Name}': add one, "
            + $"AddResponder(\"{name}\", ...), or give AddSockets a section '{name}' whose Type is Responder.");
    }

    private async Task WatchAsync(HostedLoop loop)
    {
        await loop.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_isStopping) return;
        HostingLog.LoopEnded(_logger, loop.Completion.Exception?.InnerException, loop);
        application.StopApplication();
    }
}
