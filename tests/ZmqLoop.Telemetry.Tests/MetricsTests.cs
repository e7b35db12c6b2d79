using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ZmqLoop.Telemetry;

/// <summary>What an operator's tools read, by the real SDK of OpenTelemetry.</summary>
[Collection(nameof(MetricsTests))]
public sealed class MetricsTests
{
    [Fact]
    public void The_sdk_reads_what_has_happened_by_loop_and_stream()
    {
        List<Metric> metrics = [];
        using MeterProvider provider = MeteredWorld.AddMeters(Sdk.CreateMeterProviderBuilder()).AddInMemoryExporter(metrics).Build();
        using MeteredWorld world = new();
        world.Run();
        Assert.True(provider.ForceFlush());
        Assert.Equal(3, Sum(metrics, "messaging.client.consumed.messages"));
        Assert.Equal(2, Sum(metrics, "zmqloop.connection.connects"));
        Assert.Equal(1, Sum(metrics, "zmqloop.connection.disconnects"));
        Assert.Equal(1, Sum(metrics, "zmqloop.connection.count"));
        Assert.True(Sum(metrics, "zmqloop.loop.iterations") > 0);
        Assert.Single(SocketMonitor.GetOpenMonitors(), world.Monitor);
        Assert.True(Assert.Single(world.Monitor.GetConnections()).Accepted);
    }

    [Theory]
    [InlineData("zmqloop.loop.callback.duration")]
    [InlineData("messaging.process.duration")]
    public void Callbacks_of_microseconds_fall_into_several_buckets_below_a_millisecond(string instrument)
    {
        List<Metric> metrics = [];
        using MeterProvider provider = MeteredWorld.AddMeters(Sdk.CreateMeterProviderBuilder()).AddInMemoryExporter(metrics).Build();
        using MeteredWorld world = new();
        world.Run();
        provider.ForceFlush();
        MetricPoint point = Points(metrics, instrument)[0];
        List<double> bounds = [];
        foreach (HistogramBucket bucket in point.GetHistogramBuckets()) bounds.Add(bucket.ExplicitBound);
        Assert.True(bounds.Count(static bound => bound < 0.001) >= 5, string.Join(' ', bounds));
        Assert.Contains(10, bounds);
        Assert.True(point.GetHistogramCount() > 0);
    }

    [Fact]
    public async Task Prometheus_reads_the_same()
    {
        int port = FreePort.Take();
        using MeterProvider provider = MeteredWorld.AddMeters(Sdk.CreateMeterProviderBuilder())
            .AddPrometheusHttpListener(options =>
            {
                options.Host = "127.0.0.1";
                options.Port = port;
            }).Build();
        using MeteredWorld world = new();
        world.Run();
        using HttpClient http = new() { Timeout = EngineUnderTest.Current.LongWait };
        string text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), TestContext.Current.CancellationToken);
        Assert.Equal(3, Value(text, "messaging_client_consumed_messages_total"));
        Assert.Equal(2, Value(text, "zmqloop_connection_connects_total"));
        Assert.True(Value(text, "zmqloop_connection_count") == 1, text);
        Assert.True(Value(text, "zmqloop_loop_callback_duration_seconds_count") > 0, text);
        Assert.Equal(1, Value(text, "zmqloop_loop_count"));
        string engine = EngineUnderTest.Current.Name.ToLowerInvariant();
        Assert.Contains($"zmqloop_engine=\"{engine}\"", text, StringComparison.Ordinal);
    }

    /// <summary>The sum of the samples of this world's.</summary>
    private static double Value(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)
            && !line.Contains("zmqloop.monitor", StringComparison.Ordinal)
            && line.Contains($"zmqloop_loop_name=\"{MeteredWorld.Loop}\"", StringComparison.Ordinal))
        .Sum(static line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));

    private static long Sum(List<Metric> metrics, string name) => Points(metrics, name).Sum(static point => point.GetSumLong());

    private static List<MetricPoint> Points(List<Metric> metrics, string name)
    {
        List<MetricPoint> points = [];
        foreach (Metric metric in metrics.Where(metric => metric.Name == name))
        {
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
            {
                if (Tag(point, "zmqloop.loop.name") == MeteredWorld.Loop
                    && Tag(point, "messaging.destination.name") is null or MeteredWorld.Stream) points.Add(point);
            }
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
