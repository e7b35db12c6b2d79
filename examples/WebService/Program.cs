using ZmqLoop;
using ZmqLoop.Hosting;
using ZmqLoop.Streams;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddZmqLoop().AddRequestClient("roots", builder.Configuration.GetSection("Roots"));
builder.Services.AddHealthChecks().AddZmqLoops();
WebApplication app = builder.Build();
app.MapGet("/roots/{number}", static async (
    double number, [FromKeyedServices("roots")] RequestClient roots, CancellationToken cancellationToken) =>
{
    try
    {
        using Message answer = await roots.RequestAsync(new Message("root", $"{number}"), cancellationToken);
        return Results.Text(answer[0].ToText());
    }
    catch (RequestTimeoutException) // its message, which names endpoints, is for logs
    {
        return Results.Problem("The roots did not answer in time.", statusCode: StatusCodes.Status504GatewayTimeout);
    }
    catch (RemoteException exception)
    {
        return Results.Problem(exception.Message, statusCode: StatusCodes.Status502BadGateway);
    }
});
app.MapHealthChecks("/live", new() { Predicate = static check => check.Name == ZmqLoopHealthChecksBuilderExtensions.Live });
app.MapHealthChecks("/ready");
app.MapZmqLoop("/zmqloop"); // a live page, for this machine alone
await app.RunAsync();
