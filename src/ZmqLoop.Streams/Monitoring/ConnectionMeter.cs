using System.Diagnostics.Metrics;
using System.Globalization;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>What the connections of one monitored socket are measured with.</summary>
internal sealed class ConnectionMeter
{
    private static readonly Counter<long> _connects = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.connection.connects", "{connection}", "Connections that were made, by which side made them.");
    private static readonly Counter<long> _disconnects = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.connection.disconnects", "{connection}", "Connections that ended.");
    private static readonly Counter<long> _reconnects = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.connection.reconnects", "{connection}", "Connections to an endpoint that had been connected before.");
    private static readonly Counter<long> _retries = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.connection.retries", "{attempt}", "Times that connecting failed and is tried again.");
    private static readonly Counter<long> _failures = StreamMeter.Meter.CreateCounter<long>(
        "zmqloop.connection.handshake.failures", "{connection}", "Handshakes that failed, by reason.");

    private readonly Tag[] _tags;
    private readonly Tag[] _acceptTags;
    private readonly Tag[] _connectTags;

    /// <param name="tags">Of the socket's stream, or loop.</param>
    public ConnectionMeter(ReadOnlySpan<Tag> tags)
    {
        _tags = tags.ToArray();
        _acceptTags = [.. _tags, new("zmqloop.connection.side", "accept")];
        _connectTags = [.. _tags, new("zmqloop.connection.side", "connect")];
        Series = MeterTags.SeriesOf(_tags);
    }

    /// <summary>The same for sockets whose measurements are one series.</summary>
    public string Series { get; }

    public ReadOnlySpan<Tag> Tags => _tags;

    public void AddConnect(bool accepted, bool again)
    {
        if (_connects.Enabled) _connects.Add(1, accepted ? _acceptTags : _connectTags);
        if (again && _reconnects.Enabled) _reconnects.Add(1, _tags);
    }

    public void AddDisconnect()
    {
        if (_disconnects.Enabled) _disconnects.Add(1, _tags);
    }

    public void AddRetry()
    {
        if (_retries.Enabled) _retries.Add(1, _tags);
    }

    /// <summary>The reasons are few: the protocol's errors, ZAP's status codes, and errnos.</summary>
    public void AddFailure(SocketEvent failure)
    {
        if (!_failures.Enabled) return;
        string reason = failure.Event switch
        {
            ZMQSocketEvents.HandshakeFailedProtocol => failure.Error.ToString(),
            ZMQSocketEvents.HandshakeFailedAuth => string.Create(CultureInfo.InvariantCulture, $"status {failure.Value}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"errno {failure.Value}"),
        };
        _failures.Add(1, [.. _tags, new("error.type", reason)]);
    }
}
