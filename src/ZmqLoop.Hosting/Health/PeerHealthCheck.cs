using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ZmqLoop.Hosting;

/// <summary>Healthy while what requires peers has them, until the application begins to stop.</summary>
internal sealed class PeerHealthCheck(IEnumerable<HostedSocket> sockets, CancellationToken stopping) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] faults = [.. sockets.Where(static socket => socket.RequiredPeers > socket.Peers).Select(static socket =>
            $"{socket} has {socket.Peers} of the {socket.RequiredPeers} connections that it needs.")];
        if (stopping.IsCancellationRequested) faults = ["The application stops.", .. faults];
        return Task.FromResult(faults.Length == 0
            ? HealthCheckResult.Healthy("All peers that are required are connected.")
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(" ", faults)));
    }
}
