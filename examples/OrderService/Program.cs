using OpenTelemetry.Trace;
using OrderService;
using ZmqLoop;
using ZmqLoop.Hosting;
using ZmqLoop.Streams;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
IConfigurationSection sockets = builder.Configuration.GetSection("Sockets");
builder.Services.AddSingleton<Book>();
builder.Services.AddSingleton<IFrameSerializer>(new JsonFrameSerializer(ShopContext.Default));
builder.Services.AddZmqLoop()
    .AddResponder("orders", sockets.GetSection("orders"), orders => orders.Options = orders.Options with { ErrorReply = Orders.Explain })
    .AddRequestHandler("orders", "place", (Orders orders, Order order, CancellationToken stop) => orders.PlaceAsync(order, stop))
    .AddRequestHandler("orders", "find", (Orders orders, Query query, CancellationToken _) => orders.FindAsync(query))
    .AddRequestClient("payments", sockets.GetSection("payments"))
    .AddStreams(sockets); // the others: events
builder.Services.AddHealthChecks().AddZmqLoops();
builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddSource(ZmqLoopTelemetry.ActivitySourceName).AddConsoleExporter());
WebApplication app = builder.Build();
app.MapHealthChecks("/health");
await app.RunAsync();
