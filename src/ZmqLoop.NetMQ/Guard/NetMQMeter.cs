using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Guard;

/// <summary>What the guard of NetMQ's I/O threads is measured with.</summary>
internal static class NetMQMeter
{
    public const string Connection = "connection";
    public const string Listener = "listener";
    public const string Connector = "connector";
    public const string Other = "other";

    private static readonly Meter _meter = new(NetMQTelemetry.MeterName, typeof(NetMQMeter).Assembly.GetName().Version?.ToString(3));
    private static readonly Counter<long> _contained = _meter.CreateCounter<long>(
        "zmqloop.netmq.faults.contained", "{fault}", "What NetMQ's I/O threads threw, and the process survived.");

    public static void Contained(string what, Exception? exception) =>
        _contained.Add(1, new Tag("zmqloop.netmq.fault", what), new Tag("error.type", exception?.GetType().FullName ?? "none"));
}
