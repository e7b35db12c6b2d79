namespace ZmqLoop.Streams;

/// <summary>What a <see cref="ZMQProxy"/> has done so far. <c>STATISTICS</c> of <c>zmq_proxy_steerable</c>.</summary>
/// <param name="MessagesIn">Forwarded from the frontend to the backend.</param>
/// <param name="BytesIn">Their sizes.</param>
/// <param name="MessagesOut">Forwarded from the backend to the frontend.</param>
/// <param name="BytesOut">Their sizes.</param>
/// <param name="CaptureDropped">Forwarded, but not seen by the capture socket, which would have blocked or failed.</param>
public readonly record struct ProxyStatistics(long MessagesIn, long BytesIn, long MessagesOut, long BytesOut, long CaptureDropped);
