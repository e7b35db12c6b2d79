namespace ZmqLoop;

/// <summary>The names under which this library can be observed. Nothing is measured while nobody listens.</summary>
public static class ZmqLoopTelemetry
{
    /// <summary>
    /// The meter: <c>zmqloop.loop.count</c>, <c>zmqloop.loop.iterations</c> (turns), <c>zmqloop.loop.queue.length</c> (callbacks waiting),
    /// <c>zmqloop.loop.timers.active</c>, <c>zmqloop.loop.handlers</c> (sources that are watched), <c>zmqloop.loop.lag</c> (seconds by
    /// which the earliest due timer was late, once for each turn that has one) and <c>zmqloop.loop.callback.duration</c> (seconds, by
    /// <c>zmqloop.callback.kind</c>). All have <c>zmqloop.loop.name</c>, where the loop has a <see cref="IOLoopOptions.Name"/>, and
    /// <c>zmqloop.engine</c> (<c>netmq</c>, <c>libzmq</c>), where it has one. What to watch, and what it means: docs/operations.md.
    /// </summary>
    public const string MeterName = "ZmqLoop";

    /// <summary>The activity source: one activity for each callback, timer and handler that belongs to a trace already, which is its
    /// parent; and one for each request, where it is asked and where it is answered. Nothing is made while nobody listens.</summary>
    public const string ActivitySourceName = "ZmqLoop";
}
