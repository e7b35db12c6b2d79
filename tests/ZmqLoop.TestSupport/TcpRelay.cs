using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Testing;

/// <summary>A way to a server that can fail as networks do: cut, as when a host vanishes (connections stay, nothing comes by them any more,
/// and new ones are refused); or broken, with what was on its way.</summary>
public sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly IPEndPoint _server;
    private volatile bool _swallows;
    private long _swallowed;

    public TcpRelay(string endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _server = IPEndPoint.Parse(endpoint["tcp://".Length..]);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Endpoint => $"tcp://{_listener.LocalEndpoint}";

    /// <summary>How many bytes have come since <see cref="Swallow"/>, and went nowhere.</summary>
    public long Swallowed => Interlocked.Read(ref _swallowed);

    public void Cut()
    {
        _cut.Cancel();
        _listener.Stop();
    }

    /// <summary>What comes from now on is on its way, and does not arrive.</summary>
    public void Swallow() => _swallows = true;

    /// <summary>All connections end; new ones arrive.</summary>
    public void Break()
    {
        lock (_gate)
        {
            foreach (Socket socket in _sockets) socket.Dispose();
            _sockets.Clear();
            _swallows = false;
        }
    }

    /// <summary>The connections that there are stay, and nothing comes by them any more, as when a router forgets them; new ones
    /// arrive.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            for (int i = 1; i < _sockets.Count; i += 2) _sockets[i].Dispose(); // the far ones
        }
    }

    public void Dispose()
    {
        Cut();
        Break();
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
            lock (_gate) _sockets.AddRange([near, far]);
            _ = PumpAsync(near, far);
            _ = PumpAsync(far, near);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        while (await from.ReceiveAsync(buffer, _cut.Token) is > 0 and var count)
        {
            if (_swallows) Interlocked.Add(ref _swallowed, count);
            else await to.SendAsync(buffer.AsMemory(0, count), _cut.Token);
        }
    }
}
