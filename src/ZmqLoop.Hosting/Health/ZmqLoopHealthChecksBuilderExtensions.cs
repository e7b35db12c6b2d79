using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ZmqLoop.Hosting;

/// <summary>Adds the health of loops to an application's.</summary>
public static class ZmqLoopHealthChecksBuilderExtensions
{
    /// <summary>The name, and a tag beside "live", of the check that asks whether each loop answers
    /// (<see cref="HostedLoopOptions.AnswerTime"/>) and no handler is stuck (<see cref="HostedLoopOptions.StuckTime"/>): of whether to
    /// start the process again.</summary>
    public const string Live = "zmqloop-live";

    /// <summary>The name, and a tag beside "ready", of the check that asks whether the peers are connected that must be
    /// (<see cref="HostedSocketOptions{TOptions}.RequiredPeers"/>), until the application begins to stop: of whether to send it
    /// work.</summary>
    public const string Ready = "zmqloop-ready";

    /// <summary>Adds both checks, over all loops of the application.</summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="failureStatus">What one that fails says; null for unhealthy.</param>
    public static IHealthChecksBuilder AddZmqLoops(this IHealthChecksBuilder builder, HealthStatus? failureStatus = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .Add(new HealthCheckRegistration(Live,
                static provider => new LoopHealthCheck(
                    provider.GetServices<Lazy<HostedLoop>>().Select(static loop => loop.Value), provider.GetServices<HostedSocket>()),
                failureStatus, [Live, "live"]))
            .Add(new HealthCheckRegistration(Ready,
                static provider => new PeerHealthCheck(provider.GetServices<HostedSocket>(),
                    provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None),
                failureStatus, [Ready, "ready"]));
    }
}
