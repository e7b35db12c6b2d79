using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop;

/// <summary>The events that a monitor reads: from NetMQ's I/O thread, and from the monitored socket, on its own thread.</summary>
/// <remarks>NetMQ's I/O thread and the thread that binds write to the same pipe without waiting for each other, which can break it and,
/// with the I/O thread, the process. So NetMQ is not asked for what happens on the latter. Its socket's end is told by us too, since NetMQ
/// does not.</remarks>
internal sealed class MonitorEvents : IDisposable
{
    /// <summary>The events that NetMQ publishes, on its I/O thread.</summary>
    public const ZMQSocketEvents OfNetMQ = ZMQSocketEvents.Connected | ZMQSocketEvents.ConnectDelayed | ZMQSocketEvents.ConnectRetried
        | ZMQSocketEvents.Accepted | ZMQSocketEvents.AcceptFailed
        | ZMQSocketEvents.Closed | ZMQSocketEvents.CloseFailed | ZMQSocketEvents.Disconnected;

    private readonly ZMQSocketEvents _events;
    private readonly PairSocket _signal = new(); // an empty frame for each event of ours, so that the monitor is readable
    private readonly ConcurrentQueue<SocketEvent> _queue = []; // one, ours or NetMQ's, is taken for each frame that is read
    private bool _isStopped; // MonitorStopped is queued: nothing comes after it
    private bool _hasEnded; // the monitor has read MonitorStopped: it is not readable any more

    /// <param name="endpoint">Where the monitor has bound.</param>
    /// <param name="events">Which to publish.</param>
    public MonitorEvents(string endpoint, ZMQSocketEvents events)
    {
        _events = events;
        try
        {
            _signal.Connect(endpoint);
        }
        catch
        {
            _signal.Dispose();
            throw;
        }
    }

    /// <summary>Publishes an event, on the monitored socket's thread; nothing after <see cref="ZMQSocketEvents.MonitorStopped"/>.</summary>
    public void Publish(ZMQSocketEvents what, uint value = 0, string endpoint = "")
    {
        if (_isStopped || (_events & what) == 0) return;
        _isStopped = what == ZMQSocketEvents.MonitorStopped;
        _queue.Enqueue(new SocketEvent(what, value, endpoint));
        Signal();
    }

    /// <summary>On the monitor's thread, reads the next event; none comes after <see cref="ZMQSocketEvents.MonitorStopped"/>.</summary>
    /// <exception cref="TerminatingException">NetMQ's context was terminated.</exception>
    public bool TryRead(NetMQSocket monitor, out SocketEvent read)
    {
        read = default;
        while (TryReadFrame(monitor))
        {
            if (!_queue.TryDequeue(out read) || _hasEnded) continue;
            if (read.Event != ZMQSocketEvents.MonitorStopped) return true;
            if (!TryReadFrame(monitor)) return _hasEnded = true;

            // NetMQ has another event, which comes before the end.
            _queue.Enqueue(read);
            Signal();
            return _queue.TryDequeue(out read);
        }

        return false;
    }

    public void Dispose()
    {
        lock (_signal) _signal.Dispose();
    }

    // Called on the monitored socket's thread and on the monitor's, which may be two: hence the lock.
    private void Signal()
    {
        try
        {
            lock (_signal)
            {
                if (!_signal.IsDisposed) _signal.TrySendFrameEmpty();
            }
        }
        catch (TerminatingException)
        {
            // The monitor's next call throws it.
        }
    }

    private bool TryReadFrame(NetMQSocket monitor)
    {
        Msg frame = default;
        frame.InitEmpty();
        if (!monitor.TryReceive(ref frame, TimeSpan.Zero)) return false;
        if (frame.Size > 0) _queue.Enqueue(Parse(frame.Slice()));
        frame.Close();
        return true;
    }

    // As NetMQ's MonitorEvent writes it: the event, the endpoint's length and text, what kind of value follows, and the value.
    private static SocketEvent Parse(ReadOnlySpan<byte> frame)
    {
        const int Head = sizeof(int) + 1;
        const byte Number = 1;
        const byte Handle = 2;
        int length = frame[sizeof(int)];
        byte kind = frame[Head + length];
        ReadOnlySpan<byte> value = frame[(Head + length + 1)..];
        // a weak one of NetMQ's own socket, the reader's to free
        if (kind == Handle) GCHandle.FromIntPtr(MemoryMarshal.Read<nint>(value)).Free();
        return new SocketEvent(
            (ZMQSocketEvents)BinaryPrimitives.ReadInt32LittleEndian(frame),
            kind == Number ? BinaryPrimitives.ReadUInt32LittleEndian(value) : 0, Encoding.ASCII.GetString(frame.Slice(Head, length)));
    }
}
