using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop;

/// <summary>What one loop is measured with: the instruments of the process, and the tags of this loop, made once.</summary>
internal sealed class LoopMeter
{
    private const int MostClosed = 1000; // series: whoever gives each loop a name of its own does not fill the memory

    private static readonly Meter _meter = new(ZmqLoopTelemetry.MeterName, typeof(LoopMeter).Assembly.GetName().Version?.ToString(3));
    private static readonly ConditionalWeakTable<IMeteredLoop, object?> _loops = [];
    private static readonly Dictionary<string, (Tag[] Tags, long Turns)> _closedLoops = []; // by the key of the series
    private static readonly Lock _gate = new();

    private static readonly Histogram<double> _callbackDuration = _meter.CreateHistogram("zmqloop.loop.callback.duration", "s",
        "How long callbacks ran.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries =
            [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
                5, 10] });

    private static readonly Histogram<double> _lag = _meter.CreateHistogram("zmqloop.loop.lag", "s",
        "How late the earliest due timer of a turn was.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries =
            [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private readonly Tag[] _tags;
    private readonly Tag[][] _callbackTags;

    static LoopMeter()
    {
        _meter.CreateObservableUpDownCounter("zmqloop.loop.count", static () => Sum(static _ => 1), "{loop}", "Loops that are open.");
        _meter.CreateObservableCounter("zmqloop.loop.iterations", Turns, "{turn}", "Turns of the loops.");
        _meter.CreateObservableUpDownCounter("zmqloop.loop.queue.length", static () => Sum(static statistics => statistics.Callbacks),
            "{callback}", "Callbacks that wait to be run.");
        _meter.CreateObservableUpDownCounter("zmqloop.loop.timers.active", static () => Sum(static statistics => statistics.Timeouts),
            "{timer}", "Timers that wait.");
        _meter.CreateObservableUpDownCounter("zmqloop.loop.handlers", static () => Sum(static statistics => statistics.Handlers),
            "{source}", "Sources that are watched: sockets of all kinds, and descriptors.");
    }

    /// <param name="name">The loop's; or null.</param>
    /// <param name="engine">The name of its engine; or null where it has none.</param>
    public LoopMeter(string? name, string? engine)
    {
        List<Tag> tags = [];
        if (name is not null) tags.Add(new Tag("zmqloop.loop.name", name));
        if (engine is not null) tags.Add(new Tag("zmqloop.engine", engine));
        _tags = [.. tags];
        Key = $"{engine}/{name}";
        _callbackTags = [.. Enum.GetValues<CallbackKind>().Select(kind => (Tag[])[new("zmqloop.callback.kind", NameOf(kind)), .. tags])];
    }

    public static ActivitySource Activities { get; } =
        new(ZmqLoopTelemetry.ActivitySourceName, typeof(LoopMeter).Assembly.GetName().Version?.ToString(3));

    /// <summary>True while somebody wants to know about single callbacks.</summary>
    public static bool ObservesCallbacks => _callbackDuration.Enabled || Activities.HasListeners();

    /// <summary>True while somebody wants to know how late timers are.</summary>
    public static bool MeasuresLag => _lag.Enabled;

    /// <summary>The loops that are not closed.</summary>
    public static IMeteredLoop[] Open
    {
        get
        {
            lock (_gate) return [.. _loops.Select(static entry => entry.Key)];
        }
    }

    /// <summary>The tags of the loop: its name, and its engine.</summary>
    public ReadOnlySpan<Tag> Tags => _tags;

    /// <summary>The same for loops whose measurements are one series.</summary>
    private string Key { get; }

    public static string NameOf(CallbackKind kind) => kind switch
    {
        CallbackKind.Timeout => "timeout",
        CallbackKind.Handler => "handler",
        _ => "callback",
    };

    public static void Add(IMeteredLoop loop)
    {
        lock (_gate) _loops.Add(loop, null);
    }

    /// <summary>A loop was closed; the turns it made stay counted.</summary>
    public static void Remove(IMeteredLoop loop)
    {
        lock (_gate)
        {
            if (!_loops.Remove(loop)) return;
            if (_closedLoops.Count >= MostClosed && !_closedLoops.ContainsKey(loop.Meter.Key)) return; // its turns are forgotten
            long before = _closedLoops.TryGetValue(loop.Meter.Key, out (Tag[], long Turns) closed) ? closed.Turns : 0;
            _closedLoops[loop.Meter.Key] = (loop.Meter._tags, before + loop.Statistics.Turns);
        }
    }

    public void AddCallback(TimeSpan duration, CallbackKind kind) =>
        _callbackDuration.Record(duration.TotalSeconds, _callbackTags[(int)kind]);

    public void AddLag(TimeSpan late) => _lag.Record(late.TotalSeconds, _tags);

    /// <summary>The sum over the open loops of each series.</summary>
    private static IEnumerable<Measurement<long>> Sum(Func<LoopStatistics, long> value)
    {
        Dictionary<string, (Tag[] Tags, long Sum)> sums = [];
        foreach (IMeteredLoop loop in Open) Add(sums, loop, value);
        return sums.Values.Select(static series => new Measurement<long>(series.Sum, series.Tags));
    }

    private static IEnumerable<Measurement<long>> Turns()
    {
        lock (_gate)
        {
            Dictionary<string, (Tag[] Tags, long Sum)> sums = new(_closedLoops);
            foreach ((IMeteredLoop loop, _) in _loops) Add(sums, loop, static statistics => statistics.Turns);
            return [.. sums.Values.Select(static series => new Measurement<long>(series.Sum, series.Tags))];
        }
    }

    private static void Add(Dictionary<string, (Tag[] Tags, long Sum)> sums, IMeteredLoop loop, Func<LoopStatistics, long> value)
    {
        long before = sums.TryGetValue(loop.Meter.Key, out (Tag[], long Sum) series) ? series.Sum : 0;
        sums[loop.Meter.Key] = (loop.Meter._tags, before + value(loop.Statistics));
    }
}
