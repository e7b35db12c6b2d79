using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>How many connections a socket has, as its monitor tells. Made on the loop; the rest on any thread.</summary>
internal sealed class PeerCount
{
    private int _count;

    public PeerCount(ZMQSocket socket, IOLoop loop)
    {
        SocketMonitor monitor = new(socket, loop, ZMQSocketEvents.Connected | ZMQSocketEvents.Accepted | ZMQSocketEvents.Disconnected);
        monitor.OnEvent(occurred =>
        {
            if (occurred.Event is ZMQSocketEvents.Connected or ZMQSocketEvents.Accepted) Interlocked.Increment(ref _count);
            else if (occurred.Event == ZMQSocketEvents.Disconnected) Interlocked.Decrement(ref _count);
        });
    }

    public int Value => Math.Max(0, Volatile.Read(ref _count));
}
