using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>What requests are measured with, where they are asked, and where they are answered: OpenTelemetry's names for calls. Whatever a
/// stranger sends makes no series of its own.</summary>
/// <param name="name">Of the client or responder; or null.</param>
/// <param name="loop">Its loop.</param>
internal sealed class RequestMeter(string? name, IOLoop loop)
{
    private const string Other = "_OTHER";

    private static readonly InstrumentAdvice<double> _advice = new()
    {
        HistogramBucketBoundaries = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly Histogram<double> _asked = StreamMeter.Meter.CreateHistogram("rpc.client.call.duration", "s",
        "How long requests took, from the call to the answer, or until they were given up.", tags: null, _advice);
    private static readonly Histogram<double> _answered = StreamMeter.Meter.CreateHistogram("rpc.server.call.duration", "s",
        "How long requests took that were answered, from when they were received.", tags: null, _advice);

    private readonly Tag[] _tags = MeterTags.Of(loop, name, new Tag("rpc.system.name", "zmqloop"));

    /// <summary>When a request is received; null while nobody listens.</summary>
    public long? Begin() => _answered.Enabled ? loop.TimeProvider.GetTimestamp() : null;

    /// <summary>A request has been answered.</summary>
    /// <param name="start">When it was received.</param>
    /// <param name="method">The name of its handler; null where it has none of a name.</param>
    /// <param name="error">What kind of error is its answer; null for none.</param>
    public void AddAnswered(long? start, string? method, string? error)
    {
        if (start is not { } received || !_answered.Enabled) return;
        TagList tags = new(_tags) { { "rpc.method", method ?? Other } };
        if (error is not null) tags.Add("error.type", error);
        _answered.Record(loop.TimeProvider.GetElapsedTime(received).TotalSeconds, tags);
    }

    /// <summary>A request has ended.</summary>
    /// <param name="start">When it was asked for.</param>
    /// <param name="answer">How; not ended yet where it is being cancelled.</param>
    public void AddAsked(long start, Task answer)
    {
        if (!_asked.Enabled) return;
        TagList tags = new(_tags);
        if (RequestActivities.ErrorTypeOf(answer) is { } error) tags.Add("error.type", error);
        _asked.Record(loop.TimeProvider.GetElapsedTime(start).TotalSeconds, tags);
    }
}
