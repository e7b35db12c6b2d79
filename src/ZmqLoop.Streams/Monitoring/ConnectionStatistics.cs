namespace ZmqLoop.Streams;

/// <summary>What a <see cref="SocketMonitor"/> has been told of its socket's connections so far.</summary>
/// <param name="Open">How many there are.</param>
/// <param name="Connects">How many were made, by either side.</param>
/// <param name="Disconnects">How many have ended.</param>
/// <param name="Reconnects">How many went to an endpoint that had been connected before.</param>
/// <param name="Retries">How often connecting failed and is tried again.</param>
/// <param name="HandshakeFailures">How many peers did not come to an understanding with the socket.</param>
public readonly record struct ConnectionStatistics(
    int Open, long Connects, long Disconnects, long Reconnects, long Retries, long HandshakeFailures);
