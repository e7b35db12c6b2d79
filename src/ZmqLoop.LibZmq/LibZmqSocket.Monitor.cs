using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class LibZmqSocket
{
    private static int _monitors;

    /// <inheritdoc/>
    public override ZMQSocket Monitor(SocketEvents events = SocketEvents.All)
    {
        Touch();
        string endpoint = $"inproc://zmqloop-monitor-{Interlocked.Increment(ref _monitors)}";
        if (Libzmq.zmq_socket_monitor(_handle, endpoint, (int)events) != 0) throw Errors.Last().ToException($"Monitoring {this}", endpoint);
        ZMQSocket monitor = _engine.CreateSocket(SocketType.Pair);
        try
        {
            monitor.Connect(endpoint);
            return monitor;
        }
        catch
        {
            monitor.Dispose();
            StopMonitor();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void StopMonitor()
    {
        Touch();
        if (Libzmq.zmq_socket_monitor(_handle, null, 0) != 0) throw Errors.Last().ToException($"Stopping the monitor of {this}");
    }
}
