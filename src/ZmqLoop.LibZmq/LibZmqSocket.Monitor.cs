using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class LibZmqSocket
{
    private static int _monitors;

    private LibZmqSocket? _monitor; // tells of this socket
    private LibZmqSocket? _monitored; // what this socket tells of

    /// <inheritdoc/>
    public override ZMQSocket Monitor(ZMQSocketEvents events = ZMQSocketEvents.All)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        Touch();
        string endpoint = $"inproc://zmqloop-monitor-{Interlocked.Increment(ref _monitors)}";
        while (Libzmq.zmq_socket_monitor(_handle, endpoint, (int)events) != 0)
        {
            if (!Errors.WasInterrupted(out int number)) throw number.ToException($"Monitoring {this}");
        }

        LibZmqSocket? monitor = null;
        try
        {
            monitor = (LibZmqSocket)_engine.CreateSocket(SocketType.Pair);

            // libzmq waits until there is room for what it has to tell, with the thread that moves all sockets' bytes, or with this one: so
            // there is room always.
            monitor.ReceiveHighWaterMark = 0;
            monitor.Linger = TimeSpan.Zero; // it has nothing to send
            monitor.Connect(endpoint);
            monitor._monitored = this;
            return _monitor = monitor;
        }
        catch
        {
            monitor?.Dispose();
            StopMonitor();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void StopMonitor()
    {
        Touch();
        _monitor = null;
        if (Libzmq.zmq_socket_monitor(_handle, null, 0) != 0) throw Errors.Last().ToException($"Stopping the monitor of {this}");
    }

    /// <summary>Ends a monitor before either of its two sockets is closed: libzmq would wait, for ever, for somebody to hear what it has to
    /// tell.</summary>
    private protected override void EndMonitors()
    {
        EndMonitor(this);
        if (_monitored is { IsClosed: false } teller && ReferenceEquals(teller._monitor, this)) EndMonitor(teller);
    }

    private static void EndMonitor(LibZmqSocket teller)
    {
        if (teller._monitor is null) return;
        teller._monitor = null;
        _ = Libzmq.zmq_socket_monitor(teller._handle, null, 0); // fails only where the context has ended, and the monitor with it
    }
}
