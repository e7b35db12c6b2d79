namespace ZmqLoop;

/// <summary>The name under which the NetMQ engine can be measured.</summary>
public static class NetMQTelemetry
{
    /// <summary>
    /// The meter, with <c>zmqloop.netmq.faults.contained</c>: what NetMQ's I/O threads threw and the guard kept from ending the process, by
    /// <c>zmqloop.netmq.fault</c> (<c>connection</c>, <c>listener</c>,
    /// <c>connector</c>, <c>other</c>) and <c>error.type</c>.
    /// </summary>
    public const string MeterName = "ZmqLoop.NetMQ";
}
