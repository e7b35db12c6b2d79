using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZmqLoop.Dashboard;

/// <summary>Serves the live page from a process that has no web server, to this machine alone. It does not wait for any loop: one that is
/// blocked does not keep it from answering.</summary>
/// <example><code>
/// using ZmqLoop.Dashboard;
///
/// await using DashboardServer dashboard = await DashboardServer.StartAsync();
/// Console.WriteLine(dashboard.Address); // http://127.0.0.1:5080/
/// </code></example>
public sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>The usual port.</summary>
    public const int DefaultPort = 5080;

    private readonly WebApplication _app;

    private DashboardServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    /// <summary>Where the page is, or was.</summary>
    public Uri Address { get; }

    /// <summary>Starts to serve the page on 127.0.0.1. Any thread.</summary>
    /// <param name="port">The port; zero for a free one, which <see cref="Address"/> says.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such port.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DashboardServer> StartAsync(int port = DefaultPort, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions()); // settings are the process's own
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore().AddSingleton<IHostLifetime, ProcessLifetime>();
        WebApplication app = builder.Build();
        app.MapZmqLoop("/");
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new DashboardServer(app);
    }

    /// <summary>Serves it no more. Twice is fine.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Ctrl-C and SIGTERM are the process's own.</summary>
    private sealed class ProcessLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
