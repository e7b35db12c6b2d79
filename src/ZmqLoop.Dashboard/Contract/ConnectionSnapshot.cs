namespace ZmqLoop.Dashboard;

/// <summary>What a socket's monitor has counted.</summary>
internal readonly record struct ConnectionSnapshot(
    int Open, long Connects, long Disconnects, long Reconnects, long Retries, long HandshakeFailures);
