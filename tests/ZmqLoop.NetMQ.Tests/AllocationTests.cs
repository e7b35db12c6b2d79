using ZmqLoop.Streams;
using ZmqLoop.Streams.Tests;

namespace ZmqLoop.Tests;

/// <summary>What must be zero over NetMQ, too: bytes allocated for a message on the loop's thread, once everything is warm.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 20_000;
    private const int Measured = 20_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receiving_without_copy_allocates_nothing_for_a_message(bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = Pair(world, tcp);
        int received = 0;
        long before = 0;
        long allocated = -1;
        stream.OnRecv(message =>
        {
            if (message[0].Span.Length != 100 || message.Count != 2) throw new InvalidOperationException("Not what was sent.");
            received++;
            if (received == WarmUp) before = GC.GetAllocatedBytesForCurrentThread();
            if (received != WarmUp + Measured) return;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            world.Loop.Stop();
        }, copy: false);
        Message sent = new(new byte[100], new byte[5]);
        Thread sender = new(() =>
        {
            for (int i = 0; i < WarmUp + Measured; i++)
            {
                // Now and then the loop finds nothing, and sleeps: while it warms up, too.
                if (i % 1000 == 0) Deadline.WaitUntil(() => Volatile.Read(ref received) >= i);
                Deadline.WaitUntil(() => peer.TrySend(sent));
            }
        });
        sender.Start();
        Deadline.Run(world.Loop);
        sender.Join();
        Assert.Empty(world.Loop.Errors);
        Allocations.AssertNone(allocated, Measured);
    }

    /// <summary>Without high-water marks: for each half of one, NetMQ itself boxes a number when it tells the sender how far it has read.</summary>
    private static (ZMQStream Stream, ZMQSocket Peer) Pair(RealWorld world, bool tcp)
    {
        ZMQStream stream = world.Stream(SocketType.Pull);
        ZMQSocket peer = world.Socket(SocketType.Push);
        stream.Socket.ReceiveHighWaterMark = peer.SendHighWaterMark = 0;
        string endpoint = tcp ? "tcp://127.0.0.1:*" : RealWorld.Inproc();
        stream.Bind(endpoint);
        peer.Connect(stream.Socket.LastEndpoint);
        return (stream, peer);
    }
}
