namespace ZmqLoop.Dashboard;

/// <summary>What a stream and its monitor have counted since they were made.</summary>
internal readonly record struct StreamCounters(
    long Received, long Sent, long Dropped, long Refused, long Unroutable, long Oversized, long Connects, long Disconnects, long Retries,
    long HandshakeFailures)
{
    public static StreamCounters operator -(in StreamCounters one, in StreamCounters other) => new(
        one.Received - other.Received, one.Sent - other.Sent, one.Dropped - other.Dropped, one.Refused - other.Refused,
        one.Unroutable - other.Unroutable, one.Oversized - other.Oversized, one.Connects - other.Connects,
        one.Disconnects - other.Disconnects, one.Retries - other.Retries, one.HandshakeFailures - other.HandshakeFailures);
}
