using ZmqLoop;
using ZmqLoop.Streams;

namespace TaskService.Service;

/// <summary>Logs the connections that ZeroMQ drops because they speak something else: no request ever comes of them.</summary>
internal sealed class ConnectionLog : IDisposable
{
    private const ZMQSocketEvents Failures =
        ZMQSocketEvents.HandshakeFailedNoDetail | ZMQSocketEvents.HandshakeFailedProtocol | ZMQSocketEvents.HandshakeFailedAuth;

    private readonly ZMQStream _stream;
    private readonly ErrorLog _errors;

    public ConnectionLog(IOLoop loop, ZMQSocket socket, ErrorLog errors)
    {
        _errors = errors;
        _stream = new ZMQStream(socket.Monitor(Failures), loop);
        _stream.OnRecv(Log);
    }

    public void Dispose() => _stream.Dispose();

    private void Log(Message message)
    {
        SocketEvent failure = SocketEvent.Parse(message);
        if ((failure.Event & Failures) == 0) return; // MonitorStopped
        _errors.Add("dropped_connection",
            new ServiceException("dropped_connection", $"{failure.Event} on {failure.Endpoint}: the connection was dropped."));
    }
}
