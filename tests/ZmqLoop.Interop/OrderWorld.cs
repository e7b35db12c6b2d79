using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop;

/// <summary>The order service as a process of its own; a client, the payments and a subscriber on a loop of the test's.</summary>
internal sealed class OrderWorld : IAsyncDisposable
{
    private readonly IOLoopThread _thread;
    private readonly ExampleProcess _service;
    private readonly HttpClient _http;
    private readonly RequestClient _client;
    private readonly Responder _payments;
    private readonly ZMQStream _subscriber;

    private OrderWorld(
        IOLoopThread thread, ExampleProcess service, HttpClient http, RequestClient client, Responder payments, ZMQStream subscriber)
    {
        (_thread, _service, _http, _client, _payments, _subscriber) = (thread, service, http, client, payments, subscriber);
        _subscriber.OnRecv(message => Events.Enqueue(string.Join('|', message.Select(static frame => frame.ToText()))));
    }

    /// <summary>What the subscriber has heard.</summary>
    public ConcurrentQueue<string> Events { get; } = [];

    /// <summary>How often payments were asked.</summary>
    public int Payments { get; private set; }

    public static async Task<OrderWorld> StartAsync(Func<JsonNode, CancellationToken, Task<JsonNode>> pay, params string[] settings)
    {
        IOLoopThread thread = IOLoopThread.Start(static () => new ZMQIOLoop());
        OrderWorld? world = null;
        (Responder payments, string endpoint) = await thread.Loop.InvokeAsync(() =>
        {
            Responder responder = new(ZMQSocket.Create(SocketType.Router));
            responder.OnRequestJson("pay", (payment, _, cancelled) =>
            {
                world!.Payments++;
                return pay(payment, cancelled);
            });
            responder.Bind("tcp://127.0.0.1:*");
            return (responder, responder.Socket.LastEndpoint);
        });
        ExampleProcess service = ExampleProcess.Start("OrderService",
        [
            "--Urls=http://127.0.0.1:0", "--Sockets:orders:Bind=tcp://127.0.0.1:*", "--Sockets:events:Bind=tcp://127.0.0.1:*",
            "--Sockets:payments:Connect=" + endpoint, "--Sockets:payments:Timeout=00:00:20", "--Sockets:payments:TryTimeout=00:00:10",
            .. settings,
        ], EngineUnderTest.Current.Environment);
        Dictionary<string, string> bound = [];
        foreach (string socket in (string[])["Stream 'events'", "Responder 'orders'"])
            bound[socket] = await service.ReadToAsync($"      {socket} is bound to ");
        HttpClient http = new() { BaseAddress = new Uri(await service.ReadToAsync("      Now listening on: ")) };
        return await thread.Loop.InvokeAsync(() =>
        {
            RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), null, new RequestClientOptions
            {
                Requests = new RequestOptions { Timeout = TimeSpan.FromMinutes(1) },
            });
            client.Connect(bound["Responder 'orders'"]);
            ZMQStream subscriber = new(ZMQSocket.Create(SocketType.Sub), null, new ZMQStreamOptions { PropagateTrace = true });
            subscriber.Socket.Subscribe("placed");
            subscriber.Connect(bound["Stream 'events'"]);
            return world = new OrderWorld(thread, service, http, client, payments, subscriber);
        });
    }

    public Task<JsonNode> AskAsync(string name, JsonNode value) => _client.RequestJsonAsync(value, name);

    public async Task<string> CodeOfAsync(string name, JsonNode value) =>
        (await Assert.ThrowsAsync<RemoteException>(() => AskAsync(name, value))).Code;

    public Task<string> HealthAsync() => _http.GetStringAsync("/health", TestContext.Current.CancellationToken);

    /// <summary>Tells it to stop, and waits until it has.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> StopAsync(Action? meanwhile = null)
    {
        await _service.InterruptAsync();
        meanwhile?.Invoke();
        (int exitCode, string output) = await _service.EndAsync();
        Assert.True(exitCode == 0, _service.Errors + output);
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        _http.Dispose();
        await _thread.Loop.InvokeAsync(() =>
        {
            _client.Dispose();
            _payments.Dispose();
            _subscriber.Dispose();
        });
        await _thread.DisposeAsync();
    }
}
