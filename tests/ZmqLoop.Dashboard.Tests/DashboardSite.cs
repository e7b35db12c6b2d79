using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>An application with the dashboard at /zmqloop, on a real port of loopback.</summary>
internal sealed class DashboardSite : IAsyncDisposable
{
    /// <summary>A header that says from which address a request is taken to come.</summary>
    public const string From = "Test-From";

    private readonly WebApplication _app;

    private DashboardSite(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public string Page => $"{Client.BaseAddress}zmqloop";

    public static async Task<DashboardSite> StartAsync(
        Action<IEndpointConventionBuilder>? configure = null, Action<IServiceCollection>? services = null, string? pathBase = null,
        Action<IApplicationBuilder>? use = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.Use(static (context, next) =>
        {
            if (context.Request.Headers.TryGetValue(From, out var from))
                context.Connection.RemoteIpAddress = IPAddress.TryParse(from, out IPAddress? address) ? address : null;
            return next(context);
        });
        if (pathBase is not null) app.UsePathBase(pathBase);
        app.UseRouting();
        if (use is not null) use(app);
        else if (services is not null) app.UseAuthentication().UseAuthorization();
        IEndpointConventionBuilder endpoints = app.MapZmqLoop();
        configure?.Invoke(endpoints);
        await app.StartAsync();
        return new DashboardSite(app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonElement> DataAsync(string query = "")
    {
        byte[] json = await Client.GetByteArrayAsync($"/zmqloop/data{query}", TestContext.Current.CancellationToken);
        return JsonDocument.Parse(json).RootElement;
    }

    /// <summary>Asks again and again until the snapshot is as it should be.</summary>
    public Task<JsonElement> DataAsync(Func<JsonElement, bool> isRight) => Task.Run(() =>
    {
        JsonElement data = default;
        Deadline.WaitUntil(() => isRight(data = DataAsync().Result), () => $"{data}");
        return data;
    });

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _app.DisposeAsync();
    }
}
