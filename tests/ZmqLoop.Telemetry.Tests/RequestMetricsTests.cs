using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ZmqLoop.Telemetry;

/// <summary>Requests and proxies, as the real SDK of OpenTelemetry reads them.</summary>
[Collection(nameof(MetricsTests))]
public sealed class RequestMetricsTests
{
    private const string Name = "metered-requests";

    [Fact]
    public void The_sdk_reads_requests_by_name_and_outcome_on_both_sides_of_a_proxy()
    {
        List<Metric> metrics = [];
        using MeterProvider provider = MeteredWorld.AddMeters(Sdk.CreateMeterProviderBuilder()).AddInMemoryExporter(metrics).Build();
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        using ZMQSocket front = engine.CreateSocket(SocketType.Router);
        using ZMQSocket back = engine.CreateSocket(SocketType.Dealer);
        int clients = front.BindToRandomPort("tcp://127.0.0.1");
        int servers = back.BindToRandomPort("tcp://127.0.0.1");
        using ZMQProxy proxy = new(front, back, loop: loop, options: new ProxyOptions { Name = Name, MaxBytesPerMessage = 1000 });
        using Responder responder = new(engine.CreateSocket(SocketType.Router), loop, new ResponderOptions { Name = Name });
        using RequestClient client = new(engine.CreateSocket(SocketType.Dealer), loop, new RequestClientOptions
        {
            Name = Name, Requests = new RequestOptions { Timeout = EngineUnderTest.Current.LongWait },
        });
        responder.OnRequest("find", static _ => new Message("found"));
        responder.Connect($"tcp://127.0.0.1:{servers}");
        client.Connect($"tcp://127.0.0.1:{clients}");
        loop.RunSync(async () =>
        {
            await client.RequestAsync(new Message("find", "1"));
            await Assert.ThrowsAsync<RemoteException>(() => client.RequestAsync(new Message("steal")));
            await Assert.ThrowsAsync<RequestTimeoutException>(() => client.RequestAsync(new Message("find", new byte[2000]),
                new RequestOptions { Timeout = TimeSpan.FromSeconds(0.3) }));
            while (proxy.OversizedMessages == 0) await loop.Delay(TimeSpan.FromMilliseconds(10));
        }, EngineUnderTest.Current.LongWait);
        Assert.True(provider.ForceFlush());
        Assert.Equal(["_OTHER unknown-name 1", "find  1"], Series(metrics, "rpc.server.call.duration"));
        Assert.Equal(["  1", $" {typeof(RequestTimeoutException).FullName} 1", " unknown-name 1"],
            Series(metrics, "rpc.client.call.duration"));
        Assert.Equal(1, metrics.Where(static metric => metric.Name == "zmqloop.proxy.oversized.messages")
            .Sum(static metric => Points(metric).Sum(static point => point.GetSumLong())));
    }

    /// <summary>Method, error and count of each.</summary>
    private static string[] Series(List<Metric> metrics, string name) => [.. metrics.Where(metric => metric.Name == name)
        .SelectMany(Points).Select(static point => $"{Tag(point, "rpc.method")} {Tag(point, "error.type")} {point.GetHistogramCount()}")
        .Order(StringComparer.Ordinal)];

    private static List<MetricPoint> Points(Metric metric)
    {
        List<MetricPoint> points = [];
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            if (Tag(point, "messaging.destination.name") == Name) points.Add(point);
        }

        return points;
    }

    private static string? Tag(in MetricPoint point, string name)
    {
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            if (tag.Key == name) return (string?)tag.Value;
        }

        return null;
    }
}
