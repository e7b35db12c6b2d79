using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>What one stream is measured with: the instruments of the process, and the tags of this stream, made once.</summary>
internal sealed class StreamMeter
{
    private static readonly Meter _meter = new(ZMQStreamTelemetry.MeterName, typeof(StreamMeter).Assembly.GetName().Version?.ToString(3));
    private static readonly Counter<long> _sent =
        _meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that the engine took, or refused.");
    private static readonly Counter<long> _received =
        _meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages that were received.");
    private static readonly Counter<long> _sentBytes =
        _meter.CreateCounter<long>("zmqloop.stream.sent.bytes", "By", "Bytes that the engine took.");
    private static readonly Counter<long> _receivedBytes =
        _meter.CreateCounter<long>("zmqloop.stream.received.bytes", "By", "Bytes that were received.");
    private static readonly Counter<long> _dropped = _meter.CreateCounter<long>("zmqloop.stream.dropped.messages", "{message}",
        "Messages that a stream did not send: its queue was full or cleared, their time was over, or it was closed.");
    private static readonly Counter<long> _unroutable = _meter.CreateCounter<long>("zmqloop.stream.unroutable.messages", "{message}",
        "Messages whose peer was unknown, or had gone.");
    private static readonly Counter<long> _oversized = _meter.CreateCounter<long>("zmqloop.stream.oversized.messages", "{message}",
        "Messages that were read and dropped, since they were larger than the stream's options allow.");
    private static readonly Histogram<double> _duration =
        _meter.CreateHistogram("messaging.process.duration", "s", "How long receive callbacks took.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries =
            [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5,
                0.75, 1, 2.5, 5, 7.5, 10] });

    private static readonly ConditionalWeakTable<IOLoop, StreamMeter> _unnamed = []; // of all streams of a loop that have no name

    private readonly Tag[] _tags;
    private readonly Tag[] _sendTags;
    private readonly Tag[] _receiveTags;
    private readonly Tag[] _processTags;

    private StreamMeter(string? name, IOLoop loop)
    {
        CountOversized = AddOversized;
        _tags = MeterTags.Of(loop, name);
        Series = MeterTags.SeriesOf(_tags);
        _sendTags = [.. _tags, new("messaging.operation.name", "send"), new("messaging.operation.type", "send")];
        _receiveTags = [.. _tags, new("messaging.operation.name", "receive"), new("messaging.operation.type", "receive")];
        _processTags = [.. _tags, new("messaging.operation.name", "process"), new("messaging.operation.type", "process")];
    }

    /// <summary>That of a stream, which others may have, too.</summary>
    public static StreamMeter Of(string? name, IOLoop loop) =>
        name is null ? _unnamed.GetValue(loop, static loop => new StreamMeter(null, loop)) : new StreamMeter(name, loop);

    /// <summary>The meter of all streams.</summary>
    public static Meter Meter => _meter;

    /// <summary>The same for streams whose measurements are one series.</summary>
    public string Series { get; }

    /// <summary>The tags of the stream alone.</summary>
    public ReadOnlySpan<Tag> Tags => _tags;

    /// <summary>Counts a message that was larger than allowed. One delegate for all streams that measure together.</summary>
    public Action CountOversized { get; }

    /// <summary>True while somebody wants to know how long callbacks take.</summary>
    public static bool MeasuresCallbacks => _duration.Enabled;

    public void AddReceived(int messages, long bytes)
    {
        if (messages == 0) return;
        if (_received.Enabled) _received.Add(messages, _receiveTags);
        if (_receivedBytes.Enabled) _receivedBytes.Add(bytes, _tags);
    }

    public void AddSent(int messages, long bytes)
    {
        if (messages == 0) return;
        if (_sent.Enabled) _sent.Add(messages, _sendTags);
        if (_sentBytes.Enabled) _sentBytes.Add(bytes, _tags);
    }

    public void AddRefused(Exception error)
    {
        if (_sent.Enabled) _sent.Add(1, [.. _sendTags, ErrorType(error)]);
    }

    public void AddDropped(string reason, int messages = 1)
    {
        if (messages > 0 && _dropped.Enabled) _dropped.Add(messages, [.. _tags, new("zmqloop.drop.reason", reason)]);
    }

    public void AddUnroutable()
    {
        if (_unroutable.Enabled) _unroutable.Add(1, _tags);
    }

    public void AddCallback(TimeSpan duration, Exception? error)
    {
        if (error is null) _duration.Record(duration.TotalSeconds, _processTags);
        else _duration.Record(duration.TotalSeconds, [.. _processTags, ErrorType(error)]);
    }

    private void AddOversized()
    {
        if (_oversized.Enabled) _oversized.Add(1, _tags);
    }

    private static Tag ErrorType(Exception error) =>
        new("error.type", Activities.TypeOf(error));
}
