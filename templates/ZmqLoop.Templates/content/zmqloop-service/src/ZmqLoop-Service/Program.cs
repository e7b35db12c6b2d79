using OpenTelemetry.Metrics;
using ZmqLoop;
using ZmqLoop.Streams;
using ZmqLoop_Service;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<Worker>();
builder.Services.AddHostedService(static services => services.GetRequiredService<Worker>());
builder.Services.AddHealthChecks().AddCheck<LoopHealth>("loop");
builder.Services.AddOpenTelemetry().WithMetrics(static metrics => metrics
    .AddMeter(ZmqLoopTelemetry.MeterName, ZMQStreamTelemetry.MeterName, NetMQTelemetry.MeterName)
    .AddPrometheusExporter());

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapPrometheusScrapingEndpoint("/metrics");
await app.RunAsync();
