using NetMQ.Sockets;
using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>As its base, with sockets that the application made with NetMQ, and may use itself at any time.</summary>
internal sealed class NetMQUsersSockets(Func<ZMQEngine> create, int idle) : IdleWork(create, idle)
{
    protected override ZMQStream Open(ZMQEngine engine) => new(new PairSocket().AsZMQSocket());
}
