using OpenTelemetry.Trace;
using OrderService;
using ZmqLoop;
using ZmqLoop.Hosting;
using ZmqLoop.Streams;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSingleton<Book>();
builder.Services.AddSingleton<IFrameSerializer>(new JsonFrameSerializer(ShopContext.Default)); // so that Native AOT is possible
builder.Services.AddZmqLoop(loop => loop.ErrorReply = Orders.Explain)
    .AddSockets(builder.Configuration.GetSection("Sockets")) // orders, payments and events
    .AddRequestHandler("orders", "place", (Orders orders, Order order, CancellationToken stop) => orders.PlaceAsync(order, stop))
    .AddRequestHandler("orders", "find", (Orders orders, Query query, CancellationToken _) => orders.FindAsync(query));
builder.Services.AddHealthChecks().AddZmqLoops();
builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddSource(ZmqLoopTelemetry.ActivitySourceName).AddConsoleExporter());
WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapZmqLoop("/zmqloop"); // a live page, for this machine alone
await app.RunAsync();
