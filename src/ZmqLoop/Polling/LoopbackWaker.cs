using System.Net;
using System.Net.Sockets;

namespace ZmqLoop.Polling;

/// <summary>A pair of sockets on the loopback interface, for systems without eventfd.</summary>
internal sealed class LoopbackWaker : Waker
{
    private static readonly byte[] _byte = [1];

    private readonly Socket _writer = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _reader;
    private readonly byte[] _buffer = new byte[64];

    public LoopbackWaker()
    {
        using Socket listener = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        _writer.Connect(listener.LocalEndPoint!);
        _reader = AcceptOurs(listener);
        _writer.NoDelay = true;
        _writer.Blocking = false;
        _reader.Blocking = false;
    }

    public override int Descriptor => (int)_reader.Handle;

    /// <summary>The socket of that descriptor, for a poller of sockets.</summary>
    public Socket Socket => _reader;

    public override void Drain()
    {
        while (_reader.Receive(_buffer, SocketFlags.None, out SocketError error) == _buffer.Length && error == SocketError.Success)
        {
        }
    }

    protected override void Signal()
    {
        try
        {
            _writer.Send(_byte, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // Disposed under our hands: nobody waits any longer.
        }
    }

    protected override void Close()
    {
        _writer.Dispose();
        _reader.Dispose();
    }

    // Any program on this machine may connect to the port meanwhile.
    private Socket AcceptOurs(Socket listener)
    {
        while (true)
        {
            Socket accepted = listener.Accept();
            if (accepted.RemoteEndPoint!.Equals(_writer.LocalEndPoint)) return accepted;
            accepted.Dispose();
        }
    }
}
