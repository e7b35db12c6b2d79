namespace ZmqLoop.Streams;

/// <summary>The name under which streams can be measured. Nothing is measured while nobody listens, and nothing is allocated while somebody
/// does.</summary>
public static class ZMQStreamTelemetry
{
    /// <summary>
    /// The meter, in OpenTelemetry's words for messaging: <c>messaging.client.sent.messages</c> (what the engine took; with
    /// <c>error.type</c>, what it refused), <c>messaging.client.consumed.messages</c>, <c>messaging.process.duration</c> (seconds that
    /// receive callbacks took, async ones until their task ended; with <c>error.type</c> where they threw), and
    /// <c>zmqloop.stream.sent.bytes</c>, <c>zmqloop.stream.received.bytes</c>, <c>zmqloop.stream.dropped.messages</c> (by
    /// <c>zmqloop.drop.reason</c>, among which is <c>closed</c>: what was given up when the stream was closed),
    /// <c>zmqloop.stream.unroutable.messages</c> (whose peer was unknown, or had gone),
    /// <c>zmqloop.stream.count</c> (streams that are open), <c>zmqloop.stream.queue.length</c> and
    /// <c>zmqloop.stream.queue.bytes</c> (what waits to be sent), <c>zmqloop.stream.handlers</c> and <c>zmqloop.stream.handlers.oldest</c>
    /// (async receive callbacks under way, and for how many seconds the oldest of them). <c>zmqloop.connection.*</c> are of sockets with a
    /// <c>SocketMonitor</c>, <c>zmqloop.proxy.*</c> of each <c>ZMQProxy</c>, <c>rpc.client.call.duration</c> and
    /// <c>rpc.server.call.duration</c> of requests, and <c>zmqloop.authentication.decisions</c> of
    /// authenticators; docs/operations.md has all of them in a table. Those of streams have <c>messaging.system</c>, which is
    /// <c>zeromq</c>, <c>messaging.destination.name</c> where the stream has a <see cref="ZMQStreamOptions.Name"/>, and
    /// <c>zmqloop.loop.name</c> and <c>zmqloop.engine</c> as those of <see cref="ZmqLoopTelemetry.MeterName"/>.
    /// </summary>
    public const string MeterName = "ZmqLoop.Streams";
}
