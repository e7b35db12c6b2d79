using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>What one way through a proxy is measured with.</summary>
internal sealed class ProxyMeter
{
    private static readonly Counter<long> _messages = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.proxy.messages", "{message}", "Messages that proxies gave on.");
    private static readonly Counter<long> _bytes = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.proxy.bytes", "By", "Bytes that proxies gave on.");
    private static readonly Counter<long> _holdUps = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.proxy.holdups", "{holdup}", "Times that a proxy stopped taking messages, since the other side had no room.");

    private static readonly Counter<long> _unroutable = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.proxy.unroutable.messages", "{message}", "Messages of proxies whose peer was unknown, or had gone.");
    private static readonly Counter<long> _oversized = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.proxy.oversized.messages", "{message}",
        "Messages that proxies dropped, since they were larger than their options allow, or no subscriptions that can be passed on.");

    private readonly Tag[] _tags;

    /// <param name="name">Of the proxy; or null.</param>
    /// <param name="loop">The proxy's.</param>
    /// <param name="direction">From the frontend, <c>in</c>, or from the backend, <c>out</c>.</param>
    public ProxyMeter(string? name, IOLoop loop, string direction) =>
        _tags = MeterTags.Of(loop, name, new Tag("zmqloop.proxy.direction", direction));

    public void Add(long messages, long bytes)
    {
        if (messages == 0) return;
        if (_messages.Enabled) _messages.Add(messages, _tags);
        if (_bytes.Enabled) _bytes.Add(bytes, _tags);
    }

    public void AddHoldUp()
    {
        if (_holdUps.Enabled) _holdUps.Add(1, _tags);
    }

    public void AddUnroutable()
    {
        if (_unroutable.Enabled) _unroutable.Add(1, _tags);
    }

    public void AddOversized()
    {
        if (_oversized.Enabled) _oversized.Add(1, _tags);
    }
}
