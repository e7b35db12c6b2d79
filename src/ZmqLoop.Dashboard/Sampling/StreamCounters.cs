namespace ZmqLoop.Dashboard;

/// <summary>What a stream and its monitor have counted since they were made.</summary>
internal readonly record struct StreamCounters(
    long Received, long Sent, long Dropped, long Refused, long Unroutable, long Oversized, long Connects, long Disconnects, long Retries,
    long HandshakeFailures)
{
    public static StreamCounters operator -(in StreamCounters one, in StreamCounters other) => Combine(one, other, static (a, b) => a - b);

    public static StreamCounters operator +(in StreamCounters one, in StreamCounters other) => Combine(one, other, static (a, b) => a + b);

    /// <summary>What was counted since an earlier look: a count that is lower by now began anew, as with another monitor.</summary>
    public StreamCounters Since(in StreamCounters earlier) => Combine(this, earlier, static (now, then) => now < then ? now : now - then);

    private static StreamCounters Combine(in StreamCounters one, in StreamCounters other, Func<long, long, long> combine) => new(
        combine(one.Received, other.Received), combine(one.Sent, other.Sent), combine(one.Dropped, other.Dropped),
        combine(one.Refused, other.Refused), combine(one.Unroutable, other.Unroutable), combine(one.Oversized, other.Oversized),
        combine(one.Connects, other.Connects), combine(one.Disconnects, other.Disconnects), combine(one.Retries, other.Retries),
        combine(one.HandshakeFailures, other.HandshakeFailures));
}
