using System.Diagnostics.Metrics;

namespace ZmqLoop.Streams;

/// <summary>What is measured of all open streams together: the sum over the streams of each series, which have one name, and whose loops
/// have one.</summary>
internal static class StreamGauges
{
    static StreamGauges()
    {
        Meter meter = StreamMeter.Meter;
        meter.CreateObservableUpDownCounter("zmqloop.stream.count", static () => Sum(static _ => 1), "{stream}", "Streams that are open.");
        meter.CreateObservableUpDownCounter(
            "zmqloop.stream.queue.length", static () => Sum(static stream => stream.SendQueueLength), "{message}",
            "Messages that wait to be sent.");
        meter.CreateObservableUpDownCounter(
            "zmqloop.stream.queue.bytes", static () => Sum(static stream => stream.SendQueueBytes), "By", "Bytes that wait to be sent.");
        meter.CreateObservableUpDownCounter(
            "zmqloop.stream.handlers", static () => Sum(static stream => stream.HandlersRunning), "{handler}",
            "Async receive callbacks under way.");
        meter.CreateObservableGauge(
            "zmqloop.stream.handlers.oldest", Oldest, "s", "For how long the oldest of the async receive callbacks has been under way.");
    }

    /// <summary>Measures from now on.</summary>
    public static void Begin()
    {
        // The first call has run what stands above.
    }

    private static IEnumerable<Measurement<double>> Oldest() =>
        BySeries(static streams => streams.Max(static stream => stream.OldestHandlerAge ?? TimeSpan.Zero).TotalSeconds);

    private static IEnumerable<Measurement<long>> Sum(Func<ZMQStream, long> value) => BySeries(streams => streams.Sum(value));

    private static IEnumerable<Measurement<T>> BySeries<T>(Func<IEnumerable<ZMQStream>, T> value) where T : struct =>
        ZMQStream.GetOpenStreams().GroupBy(static stream => stream.Series)
            .Select(streams => new Measurement<T>(value(streams), streams.First().Tags));
}
