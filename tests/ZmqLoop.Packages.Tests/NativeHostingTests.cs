using System.Text.Json;

namespace ZmqLoop.Packages;

/// <summary>The order service of docs/hosting.md, made elsewhere from the packages, ahead of time.</summary>
public sealed class NativeHostingTests(PackedPackages packages)
{
    private const string Order = """{"id":"a","item":"pears","count":6}""";

    [Fact]
    public async Task A_hosted_service_runs_with_Native_AOT_on_both_engines()
    {
        Stranger stranger = await Stranger.CreateAsync(packages, "OrderService", "ZmqLoop", "ZmqLoop.LibZmq", "ZmqLoop.Hosting",
            "ZmqLoop.Dashboard", "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Exporter.Console");
        stranger.TakeWebExample("OrderService");
        (string program, string[] warnings) = await stranger.MakeAsync("publish", "--use-current-runtime", "-p:PublishAot=true");
        Assert.Equal(["AsyncIO IL3053", "NetMQ IL2104"], warnings);
        await ServesAsync(program, "netmq");
        await ServesAsync(program, "libzmq");
    }

    private static async Task ServesAsync(string program, string engine)
    {
        using ZMQEngine peers = new NetMQEngine();
        using ZMQSocket payments = peers.CreateSocket(SocketType.Rep);
        payments.Bind("tcp://127.0.0.1:*");
        using ExampleProcess service = ExampleProcess.StartProgram(program,
        [
            "--Urls=http://127.0.0.1:0", "--Sockets:orders:Bind=tcp://127.0.0.1:*", "--Sockets:events:Bind=tcp://127.0.0.1:*",
            "--Sockets:payments:Connect=" + payments.LastEndpoint, "--Sockets:payments:Timeout=00:01:00",
            "--Sockets:payments:TryTimeout=00:00:50",
        ], new Dictionary<string, string> { ["ZMQLOOP_ENGINE"] = engine }, Path.GetDirectoryName(program)!);
        using ZMQSocket client = peers.CreateSocket(SocketType.Req);
        client.Linger = TimeSpan.Zero;
        client.Connect(await service.ReadToAsync("      Responder 'orders' is bound to "));
        using HttpClient http = new() { BaseAddress = new Uri(await service.ReadToAsync("      Now listening on: ")) };

        Send(client, "place", Order);
        Assert.Equal("""pay|{"orderId":"a","amount":42}""", Receive(payments));
        Send(payments, """{"number":1}""");
        Assert.Equal("""{"id":"a","item":"pears","count":6,"receipt":1}""", Receive(client));
        Send(client, "find", """{"id":"b"}""");
        Assert.Equal("error|no-order|There is no such order.", Receive(client));
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken));
        string page = await http.GetStringAsync(new Uri("/zmqloop", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("page.js", page, StringComparison.Ordinal);
        string data = await http.GetStringAsync(new Uri("/zmqloop/data", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("orders", JsonDocument.Parse(data).RootElement.GetProperty("streams").EnumerateArray()
            .Select(static stream => stream.GetProperty("name").GetString()));
        if (OperatingSystem.IsWindows()) return;
        await service.InterruptAsync();
        Assert.True((await service.EndAsync()).ExitCode == 0, service.Errors);
    }

    private static void Send(ZMQSocket socket, params string[] frames)
    {
        using Message message = new([.. frames.Select(static frame => (Frame)frame)]);
        Deadline.WaitUntil(() => socket.TrySend(message));
    }

    private static string Receive(ZMQSocket socket)
    {
        Message? message = null;
        Deadline.WaitUntil(() => socket.TryReceive(out message));
        return string.Join('|', message!.Select(static frame => frame.ToText()));
    }
}
