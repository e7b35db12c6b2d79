using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop;

/// <summary>What a monitor is told: by NetMQ's I/O thread, and by the monitored socket, on its own thread.</summary>
/// <remarks>NetMQ's I/O thread and the thread that binds write to the same pipe without waiting for each other, which can break it and,
/// with the I/O thread, the process. So NetMQ is not asked for what happens on the latter. Its socket's end is told by us too, since NetMQ
/// does not.</remarks>
internal sealed class MonitorEvents : IDisposable
{
    /// <summary>What NetMQ tells, on its I/O thread.</summary>
    public const ZMQSocketEvents OfNetMQ = ZMQSocketEvents.Connected | ZMQSocketEvents.ConnectDelayed | ZMQSocketEvents.ConnectRetried
        | ZMQSocketEvents.Accepted | ZMQSocketEvents.AcceptFailed
        | ZMQSocketEvents.Closed | ZMQSocketEvents.CloseFailed | ZMQSocketEvents.Disconnected;

    private readonly ZMQSocketEvents _events;
    private readonly PairSocket _bell = new(); // an empty frame for each event of ours, so that the monitor is readable
    private readonly ConcurrentQueue<SocketEvent> _queue = []; // one, ours or NetMQ's, is taken for each frame that is read
    private bool _isStopped; // told
    private bool _hasEnded; // and read

    /// <param name="endpoint">Where the monitor has bound.</param>
    /// <param name="events">What is to be told.</param>
    public MonitorEvents(string endpoint, ZMQSocketEvents events)
    {
        _events = events;
        try
        {
            _bell.Connect(endpoint);
        }
        catch
        {
            _bell.Dispose();
            throw;
        }
    }

    /// <summary>Tells something, on the monitored socket's thread; nothing after <see cref="ZMQSocketEvents.MonitorStopped"/>.</summary>
    public void Tell(ZMQSocketEvents what, uint value = 0, string endpoint = "")
    {
        if (_isStopped || (_events & what) == 0) return;
        _isStopped = what == ZMQSocketEvents.MonitorStopped;
        _queue.Enqueue(new SocketEvent(what, value, endpoint));
        Ring();
    }

    /// <summary>On the monitor's thread, reads the next event; none comes after <see cref="ZMQSocketEvents.MonitorStopped"/>.</summary>
    /// <exception cref="TerminatingException">NetMQ's context was terminated.</exception>
    public bool TryRead(NetMQSocket monitor, out SocketEvent told)
    {
        told = default;
        while (TryReadFrame(monitor))
        {
            if (!_queue.TryDequeue(out told) || _hasEnded) continue;
            if (told.Event != ZMQSocketEvents.MonitorStopped) return true;
            if (!TryReadFrame(monitor)) return _hasEnded = true;

            // What NetMQ has told comes before.
            _queue.Enqueue(told);
            Ring();
            return _queue.TryDequeue(out told);
        }

        return false;
    }

    public void Dispose()
    {
        lock (_bell) _bell.Dispose();
    }

    // On either thread, and the two need not be the same.
    private void Ring()
    {
        try
        {
            lock (_bell)
            {
                if (!_bell.IsDisposed) _bell.TrySendFrameEmpty();
            }
        }
        catch (TerminatingException)
        {
            // The monitor hears of that.
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
    private static SocketEvent Parse(ReadOnlySpan<byte> told)
    {
        const int Head = sizeof(int) + 1;
        const byte Number = 1;
        const byte Handle = 2;
        int length = told[sizeof(int)];
        byte kind = told[Head + length];
        ReadOnlySpan<byte> value = told[(Head + length + 1)..];
        // a weak one of NetMQ's own socket, the reader's to free
        if (kind == Handle) GCHandle.FromIntPtr(MemoryMarshal.Read<nint>(value)).Free();
        return new SocketEvent(
            (ZMQSocketEvents)BinaryPrimitives.ReadInt32LittleEndian(told),
            kind == Number ? BinaryPrimitives.ReadUInt32LittleEndian(value) : 0, Encoding.ASCII.GetString(told.Slice(Head, length)));
    }
}
