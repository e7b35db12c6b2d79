using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    private static int _monitors;

    private NetMQSocketAdapter? _monitor; // tells of this socket, or did
    private MonitorEvents? _monitorEvents; // of a socket that tells of another one

    /// <inheritdoc/>
    /// <remarks>NetMQ tells of no handshakes, and the values are its own error numbers, milliseconds, or, where libzmq has a descriptor, 0.
    /// It lets a socket be monitored once. What is done with the <see cref="NetMQSocket"/> itself, binding and disposing of it, is not
    /// told.</remarks>
    /// <exception cref="InvalidOperationException">The socket has, or had, a monitor.</exception>
    /// <exception cref="NotSupportedException">NetMQ has more than one I/O thread.</exception>
    public override ZMQSocket Monitor(ZMQSocketEvents events = ZMQSocketEvents.All)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        Touch();
        if (_monitor is not null) throw new InvalidOperationException(
            $"{this} has been monitored already, and NetMQ can do so once: keep that monitor, and pass over what you do not need.");
        if (NetMQConfig.ThreadPoolSize > 1)
            throw new NotSupportedException(
                "NetMQ's I/O threads, of which there is more than one (NetMQConfig.ThreadPoolSize), do not wait for each other when they "
                + "tell a monitor something, which can end the process.");
        string endpoint = $"inproc://zmqloop-netmq-monitor-{Interlocked.Increment(ref _monitors)}";
        NetMQSocketAdapter? monitor = null;
        try
        {
            monitor = MakeMonitor(endpoint + "-ours", events);
            _socket.Monitor(endpoint, (SocketEvents)(events & MonitorEvents.OfNetMQ));
            _monitor = monitor;
            monitor._socket.Connect(endpoint);
            return monitor;
        }
        catch (Exception exception)
        {
            monitor?.Dispose();
            if (exception is not NetMQException) throw;
            throw exception.Translate($"Monitoring {this}");
        }
    }

    /// <inheritdoc/>
    public override void StopMonitor()
    {
        Touch();
        _monitor?._monitorEvents?.Publish(ZMQSocketEvents.MonitorStopped);
    }

    /// <summary>A PULL inside: a PAIR would hear of NetMQ alone. There is room for all that it is told, since NetMQ drops what finds
    /// none.</summary>
    private NetMQSocketAdapter MakeMonitor(string endpoint, ZMQSocketEvents events)
    {
        NetMQSocketAdapter monitor = new(_engine, new PullSocket(), SocketType.Pair, ours: true)
        {
            ReceiveHighWaterMark = 0,
            Linger = TimeSpan.Zero,
        };
        try
        {
            monitor._socket.Bind(endpoint);
            monitor._monitorEvents = new MonitorEvents(endpoint, events);
            return monitor;
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    private void TellOfBinding(string endpoint, ZMQException? failure)
    {
        if (_monitor?._monitorEvents is not { } events || endpoint.StartsWith("inproc:", StringComparison.Ordinal)) return;
        if (failure is null) events.Publish(ZMQSocketEvents.Listening, endpoint: LastEndpoint);
        else events.Publish(ZMQSocketEvents.BindFailed, (uint)failure.Number, endpoint);
    }

    private protected override void EndMonitors()
    {
        _monitor?._monitorEvents?.Publish(ZMQSocketEvents.MonitorStopped);
        StopTelling();
        if (_monitorEvents is not { } events) return;
        try
        {
            while (events.TryRead(_socket, out _))
            {
                // Each holds on to something, which reading it frees.
            }
        }
        catch (TerminatingException)
        {
            // Then there is nothing to read.
        }

        _monitorEvents = null;
        events.Dispose();
    }

    // NetMQ tells of a closed socket's connections until the last of them has ended. Once the context ends telling throws, on
    // the I/O thread, which leaves that connection half closed and the context waiting for it, for ever.
    private void StopTelling()
    {
        if (_monitor is null || _core is null || !SocketInternals.KnowsMonitor) return;
        SocketInternals.MonitoredEvents(_core) = 0;
    }

    private bool TryReceiveEvent([NotNullWhen(true)] out Message? message)
    {
        message = null;
        try
        {
            if (!_monitorEvents!.TryRead(_socket, out SocketEvent told))
            {
                Watch?.NothingToRead();
                return false;
            }

            message = ToMessage(told);
            return true;
        }
        catch (NetMQException exception)
        {
            throw exception.Translate($"Receiving on {this}");
        }
    }

    private bool TryReceiveEvent(Message into)
    {
        if (!TryReceiveEvent(out Message? message)) return false;
        foreach (Frame frame in message) into.Append(frame);
        return true;
    }

    /// <summary>The form in which <see cref="SocketEvent.Parse"/> knows it.</summary>
    private static Message ToMessage(SocketEvent told)
    {
        byte[] head = new byte[sizeof(ushort) + sizeof(uint)];
        MemoryMarshal.Write(head, (ushort)told.Event);
        MemoryMarshal.Write(head.AsSpan(sizeof(ushort)), told.Value);
        return new Message(Frame.Own(head), told.Endpoint);
    }
}
