using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Chaos.Faults;

/// <summary>Stands between two peers: carries their bytes, late, in pieces, or not at all, and cuts their connections.</summary>
internal sealed class Relay : IDisposable
{
    private const int PieceLength = 16_384;

    private readonly Socket _listener = NewSocket();
    private readonly int _target;
    private readonly ConcurrentDictionary<Link, bool> _links = [];
    private readonly CancellationTokenSource _stop = new();
    private int _accepted;

    public Relay(int target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1000);
        _ = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public string Endpoint => $"tcp://127.0.0.1:{Port}";

    /// <summary>How many connections were made.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How long bytes take.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many bytes go at once.</summary>
    public int Piece { get; set; } = PieceLength;

    /// <summary>True: nothing comes through, and nobody is told, as when a cable is cut.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Told of all that comes from who connected.</summary>
    public Action<byte[]>? Record { get; set; }

    /// <summary>Nothing comes through those that stand now, ever again; new ones are as they were.</summary>
    public void SilenceAll()
    {
        foreach (Link link in _links.Keys) link.IsSilent = true;
    }

    /// <summary>Ends those through which nothing comes.</summary>
    public void CutSilent()
    {
        foreach (Link link in _links.Keys.Where(static link => link.IsSilent))
        {
            if (_links.TryRemove(link, out _)) link.Cut(reset: true);
        }
    }

    /// <summary>Ends all connections.</summary>
    /// <param name="reset">As a crash does, not with an end.</param>
    /// <returns>How many there were.</returns>
    public int CutAll(bool reset)
    {
        int count = 0;
        foreach (Link link in _links.Keys)
        {
            if (!_links.TryRemove(link, out _)) continue;
            link.Cut(reset);
            count++;
        }

        return count;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        CutAll(reset: true);
    }

    private static Socket NewSocket() =>
        new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket from = await _listener.AcceptAsync(_stop.Token);
                Socket to = NewSocket();
                await to.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _target), _stop.Token);
                Link link = new(from, to);
                _links[link] = true;
                _ = CarryAsync(link, from, to, Record);
                _ = CarryAsync(link, to, from, null);
                Interlocked.Increment(ref _accepted);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The target is not there: its client tries again.
            }
        }
    }

    private async Task CarryAsync(Link link, Socket from, Socket to, Action<byte[]>? record)
    {
        byte[] piece = new byte[PieceLength];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                int read = await from.ReceiveAsync(piece.AsMemory(0, Math.Min(Piece, PieceLength)), SocketFlags.None);
                if (read == 0) break;
                record?.Invoke(piece[..read]);
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, TimeProvider.System, _stop.Token);
                while (IsSilent || link.IsSilent) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _stop.Token);
                for (int sent = 0; sent < read;) sent += await to.SendAsync(piece.AsMemory(sent, read - sent), SocketFlags.None);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }

        if (_links.TryRemove(link, out _)) link.Cut(reset: false);
    }

    private sealed class Link(Socket one, Socket other)
    {
        private volatile bool _isCut;

        public bool IsSilent { get => field && !_isCut; set; }

        public void Cut(bool reset)
        {
            _isCut = true;
            Close(one, reset);
            Close(other, reset);
        }

        private static void Close(Socket socket, bool reset)
        {
            if (reset) socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }
}
