using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>What all loops of the process are measured with.</summary>
internal static class LoopMeter
{
    private static readonly Meter _meter = new(ZmqLoopTelemetry.MeterName, typeof(LoopMeter).Assembly.GetName().Version?.ToString(3));
    private static readonly ConditionalWeakTable<IMeteredLoop, object?> _loops = [];
    private static readonly Lock _gate = new();
    private static long _turnsOfClosedLoops;

    static LoopMeter()
    {
        _meter.CreateObservableCounter("zmqloop.loop.iterations", static () =>
            Sum(static statistics => statistics.Turns, Volatile.Read(ref _turnsOfClosedLoops)), "{turn}", "Turns of the loops.");
        _meter.CreateObservableUpDownCounter("zmqloop.loop.queue.length", static () => Sum(static statistics => statistics.Callbacks),
            "{callback}", "Callbacks that wait to be run.");
        _meter.CreateObservableUpDownCounter("zmqloop.loop.timers.active", static () => Sum(static statistics => statistics.Timeouts),
            "{timer}", "Timers that wait.");
    }

    public static Histogram<double> CallbackDuration { get; } =
        _meter.CreateHistogram<double>("zmqloop.loop.callback.duration", "s", "How long callbacks ran.");

    public static Histogram<double> Lag { get; } =
        _meter.CreateHistogram<double>("zmqloop.loop.lag", "s", "How late the earliest due timer of a turn was.");

    public static ActivitySource Activities { get; } =
        new(ZmqLoopTelemetry.ActivitySourceName, typeof(LoopMeter).Assembly.GetName().Version?.ToString(3));

    /// <summary>True while somebody wants to know about single callbacks.</summary>
    public static bool ObservesCallbacks => CallbackDuration.Enabled || Activities.HasListeners();

    public static void Add(IMeteredLoop loop) => _loops.Add(loop, null);

    /// <summary>A loop was closed; the turns it made stay counted.</summary>
    public static void Remove(IMeteredLoop loop)
    {
        lock (_gate)
        {
            if (_loops.Remove(loop)) _turnsOfClosedLoops += loop.Statistics.Turns;
        }
    }

    private static long Sum(Func<LoopStatistics, long> count, long start = 0)
    {
        lock (_gate)
        {
            foreach ((IMeteredLoop loop, _) in _loops) start += count(loop.Statistics);
            return start;
        }
    }
}
