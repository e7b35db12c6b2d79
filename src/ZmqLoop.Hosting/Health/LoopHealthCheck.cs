using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ZmqLoop.Hosting;

/// <summary>Healthy while each loop answers within its time, and no handler is stuck.</summary>
internal sealed class LoopHealthCheck(IEnumerable<HostedLoop> loops, IEnumerable<HostedSocket> sockets) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string?[] answers = await Task.WhenAll(loops.Select(loop => AskAsync(loop, cancellationToken))).ConfigureAwait(false);
        string[] faults = [.. answers.Concat(sockets.Select(FindStuck)).OfType<string>()];
        return faults.Length == 0
            ? HealthCheckResult.Healthy("Each loop answers, and no handler is stuck.")
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(" ", faults));
    }

    private static async Task<string?> AskAsync(HostedLoop loop, CancellationToken cancellationToken)
    {
        TimeSpan limit = loop.Options.AnswerTime;
        try
        {
            await loop.Loop.InvokeAsync(static () => { }).WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return $"{loop} has not answered within {limit.TotalSeconds:0.###} s: a callback blocks it, or it has more to do than it can.";
        }
        catch (ObjectDisposedException)
        {
            return $"{loop} has ended.";
        }
    }

    private static string? FindStuck(HostedSocket socket) =>
        socket.OldestHandlerAge is { } age && age >= socket.Loop.Options.StuckTime
            ? $"{socket} has a handler that has been running for {age.TotalSeconds:0} s, {socket.HandlersRunning} in all."
            : null;
}
