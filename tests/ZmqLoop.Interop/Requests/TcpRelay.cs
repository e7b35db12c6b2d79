using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Interop.Requests;

/// <summary>A way to a server that can be cut as when a host vanishes: connections stay, nothing comes by them any more, and new ones are
/// refused.</summary>
internal sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly List<Socket> _sockets = [];
    private readonly IPEndPoint _server;

    public TcpRelay(string endpoint)
    {
        _server = IPEndPoint.Parse(endpoint["tcp://".Length..]);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"tcp://{_listener.LocalEndpoint}";

    public void Cut()
    {
        _cut.Cancel();
        _listener.Stop();
    }

    public void Dispose()
    {
        Cut();
        foreach (Socket socket in _sockets) socket.Dispose();
        _cut.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket near = await _listener.AcceptSocketAsync(_cut.Token);
            Socket far = new(System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
            await far.ConnectAsync(_server, _cut.Token);
            _sockets.AddRange([near, far]);
            _ = PumpAsync(near, far);
            _ = PumpAsync(far, near);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        while (await from.ReceiveAsync(buffer, _cut.Token) is > 0 and var count) await to.SendAsync(buffer.AsMemory(0, count), _cut.Token);
    }
}
