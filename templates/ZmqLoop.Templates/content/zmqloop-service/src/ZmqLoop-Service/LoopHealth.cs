using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZmqLoop;
using ZmqLoop.Streams;

namespace ZmqLoop_Service;

/// <summary>Healthy while the loop answers, and no handler has run for longer than it should.</summary>
public sealed class LoopHealth(Worker worker) : IHealthCheck
{
    private static readonly TimeSpan _answer = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _handler = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (worker.Loop is not { } loop) return HealthCheckResult.Unhealthy("The loop does not run yet.");
        try
        {
            await loop.InvokeAsync(static () => { }).WaitAsync(_answer, cancellationToken);
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"The loop did not answer within {_answer}: {loop}");
        }
        catch (ObjectDisposedException)
        {
            return HealthCheckResult.Unhealthy("The loop has ended.");
        }

        ZMQStream? stuck = ZMQStream.GetOpenStreams().FirstOrDefault(static stream => stream.OldestHandlerAge > _handler);
        return stuck is null ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded($"A handler does not end: {stuck}");
    }
}
