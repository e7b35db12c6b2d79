using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ZmqLoop.Hosting;

/// <summary>Adds loops to an application's services.</summary>
/// <example><code>
/// using Microsoft.Extensions.DependencyInjection;
/// using ZmqLoop.Hosting;
///
/// ServiceCollection services = new(); // builder.Services of a host
/// services.AddZmqLoop().AddStream&lt;Echo&gt;("echo", SocketType.Rep, stream => stream.Bind.Add("tcp://127.0.0.1:5555"));
///
/// internal sealed class Echo : IMessageHandler
/// {
///     public Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken) =>
///         stream.SendAsync(message, cancellationToken);
/// }
/// </code></example>
public static class ZmqLoopServiceCollectionExtensions
{
    /// <summary>Adds the application's loop, on a thread of its own: it runs before the first hosted service starts, and stops after the
    /// last one has stopped. Services ask for it as <see cref="IOLoop"/>. In logs and measurements it has the application's name
    /// (<see cref="IHostEnvironment.ApplicationName"/>), unless its options name it. Twice is fine: it is one loop.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets its options; null for the defaults.</param>
    /// <returns>What takes its streams: <c>services.AddZmqLoop().AddStream(...)</c>.</returns>
    public static HostedLoopBuilder AddZmqLoop(this IServiceCollection services, Action<HostedLoopOptions>? configure = null)
    {
        HostedLoopBuilder builder = services.AddZmqLoop("", configure);
        services.TryAddSingleton(static provider => provider.GetRequiredKeyedService<IOLoop>(""));
        return builder;
    }

    /// <summary>As <see cref="AddZmqLoop(IServiceCollection, Action{HostedLoopOptions}?)"/>, a loop beside that one. Services ask for it
    /// by its name: <c>[FromKeyedServices("name")] IOLoop loop</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The loop's name, and its thread's.</param>
    /// <param name="configure">Sets its options; null for the defaults.</param>
    public static HostedLoopBuilder AddZmqLoop(
        this IServiceCollection services, string name, Action<HostedLoopOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        services.AddOptions();
        if (configure is not null) services.Configure(name, configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LoopLifecycle>());
        if (!services.Any(added => added.ServiceType == typeof(HostedLoop) && added.IsKeyedService && name.Equals(added.ServiceKey)))
        {
            services.AddKeyedSingleton(name, (provider, _) => new HostedLoop(
                name, provider.GetService<IHostEnvironment>()?.ApplicationName,
                provider.GetRequiredService<IOptionsMonitor<HostedLoopOptions>>(), provider.GetService<ILoggerFactory>()));
            // One of all; not as it is, which the container would end with this, too, before what was made on it in between.
            services.AddSingleton(provider => new Lazy<HostedLoop>(provider.GetRequiredKeyedService<HostedLoop>(name)));
            services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<HostedLoop>(key).Loop);
        }

        return new HostedLoopBuilder(services, name);
    }
}
