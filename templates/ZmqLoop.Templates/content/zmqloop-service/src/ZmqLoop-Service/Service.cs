using OpenTelemetry.Metrics;
using ZmqLoop.Hosting;

namespace ZmqLoop_Service;

/// <summary>What the service is made of; Program runs it, and tests do.</summary>
public static class Service
{
    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddZmqLoop().AddResponder<SquareRoots>("roots", builder.Configuration.GetSection("Sockets:roots"));
        builder.Services.AddHealthChecks().AddZmqLoops();
        builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics.AddMeter("ZmqLoop*").AddPrometheusExporter());

        WebApplication app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }
}
