using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

/// <summary>The connections of one monitored socket, as its events tell of them: who is there, and how often somebody came and went.
/// Events on the loop's thread; the rest on any.</summary>
internal sealed class ConnectionTable
{
    private const int MostEndpoints = 1000; // whose connections are counted

    private static readonly ConditionalWeakTable<SocketMonitor, ConnectionTable> _open = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<long, SocketConnection> _connections = []; // by descriptor, or by negative numbers where none is told
    private readonly Dictionary<(string Endpoint, bool Accepted), long> _times = [];
    private readonly ConnectionMeter _meter;
    private readonly TimeProvider _time;
    private ConnectionStatistics _counts;
    private long _lastNumber;

    static ConnectionTable() => StreamMeter.Meter.CreateObservableUpDownCounter(
        "zmqloop.connection.count", Count, "{connection}", "Connections that are open, of sockets that are monitored.");

    public ConnectionTable(ConnectionMeter meter, TimeProvider time)
    {
        _meter = meter;
        _time = time;
    }

    public ConnectionStatistics Counts
    {
        get
        {
            lock (_gate) return _counts with { Open = _connections.Count };
        }
    }

    public IReadOnlyList<SocketConnection> All
    {
        get
        {
            lock (_gate) return [.. _connections.Values.OrderBy(static connection => connection.Since)];
        }
    }

    /// <summary>The monitors that are open.</summary>
    public static IReadOnlyList<SocketMonitor> Monitors
    {
        get
        {
            lock (_open) return [.. _open.Where(IsOpen).Select(static entry => entry.Key)];
        }
    }

    public void Open(SocketMonitor monitor)
    {
        lock (_open) _open.AddOrUpdate(monitor, this);
    }

    /// <summary>Nothing more is told: nobody is known to be there.</summary>
    public void Close(SocketMonitor monitor)
    {
        lock (_open) _open.Remove(monitor);
        lock (_gate) _connections.Clear();
    }

    public void Note(SocketEvent occurred)
    {
        switch (occurred.Event)
        {
            case ZMQSocketEvents.Connected or ZMQSocketEvents.Accepted:
                Connect(occurred, occurred.Event == ZMQSocketEvents.Accepted);
                break;
            case ZMQSocketEvents.Disconnected:
                Disconnect(occurred);
                break;
            case ZMQSocketEvents.ConnectRetried:
                lock (_gate) _counts = _counts with { Retries = _counts.Retries + 1 };
                _meter.AddRetry();
                break;
            case ZMQSocketEvents.HandshakeFailedAuth or ZMQSocketEvents.HandshakeFailedProtocol or ZMQSocketEvents.HandshakeFailedNoDetail:
                lock (_gate) _counts = _counts with { HandshakeFailures = _counts.HandshakeFailures + 1 };
                _meter.AddFailure(occurred);
                break;
        }
    }

    private void Connect(SocketEvent occurred, bool accepted)
    {
        bool again;
        lock (_gate)
        {
            long times = _times.GetValueOrDefault((occurred.Endpoint, accepted)) + 1;
            if (times > 1 || _times.Count < MostEndpoints) _times[(occurred.Endpoint, accepted)] = times;
            again = !accepted && times > 1;
            long number = occurred.Value != 0 ? occurred.Value : --_lastNumber; // NetMQ tells none
            _connections[number] = new SocketConnection(occurred.Endpoint, accepted, _time.GetUtcNow()) { Number = times };
            _counts = _counts with { Connects = _counts.Connects + 1, Reconnects = _counts.Reconnects + (again ? 1 : 0) };
        }

        _meter.AddConnect(accepted, again);
    }

    private void Disconnect(SocketEvent occurred)
    {
        lock (_gate)
        {
            _counts = _counts with { Disconnects = _counts.Disconnects + 1 };
            if (!_connections.Remove(occurred.Value) && NumberOf(occurred.Endpoint) is { } number) _connections.Remove(number);
        }

        _meter.AddDisconnect();
    }

    /// <summary>Which it was, of those of an endpoint, is not told either.</summary>
    private long? NumberOf(string endpoint)
    {
        foreach ((long number, SocketConnection connection) in _connections)
        {
            if (connection.Endpoint == endpoint) return number;
        }

        return null;
    }

    /// <summary>One whose loop was closed first does not hear of its own end.</summary>
    private static bool IsOpen(KeyValuePair<SocketMonitor, ConnectionTable> entry) => !entry.Key.IsClosed && !entry.Key.IOLoop.IsClosed;

    private static IEnumerable<Measurement<long>> Count()
    {
        ConnectionTable[] tables;
        lock (_open) tables = [.. _open.Where(IsOpen).Select(static entry => entry.Value)];
        return tables.GroupBy(static table => table._meter.Series).Select(static series => new Measurement<long>(
            series.Sum(static table => (long)table.Counts.Open), series.First()._meter.Tags));
    }
}
