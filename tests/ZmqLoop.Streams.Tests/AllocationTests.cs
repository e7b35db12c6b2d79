namespace ZmqLoop.Streams.Tests;

/// <summary>What must be zero: bytes allocated for a message, once everything is warm.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 20_000;
    private const int Measured = 20_000;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Receiving_without_copy_allocates_nothing_for_a_message(bool inContext, bool tcp)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Pull, SocketType.Push, tcp);
        int received = 0;
        long before = 0;
        long allocated = -1;
        void Register() => stream.OnRecv(message =>
        {
            if (message[0].Span.Length != 100 || message.Count != 2) throw new InvalidOperationException("Not what was sent.");
            received++;
            if (received == WarmUp) before = GC.GetAllocatedBytesForCurrentThread();
            if (received != WarmUp + Measured) return;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            world.Loop.Stop();
        }, copy: false);
        if (inContext) new ExceptionStackContext(_ => false).Run(Register);
        else Register();

        Message sent = new(new byte[100], new byte[5]);
        Thread sender = new(() =>
        {
            for (int i = 0; i < WarmUp + Measured; i++) Deadline.WaitUntil(() => peer.TrySend(sent));
        });
        sender.Start();
        Deadline.Run(world.Loop);
        sender.Join();
        Assert.Empty(world.Loop.Errors);
        Allocations.AssertNone(allocated, Measured);
    }

    [Fact]
    public void An_echo_without_copy_allocates_nothing_for_a_message()
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket peer) = world.Pair(SocketType.Dealer, SocketType.Dealer);
        int received = 0;
        long before = 0;
        long allocated = -1;
        stream.OnRecv(message =>
        {
            stream.Send(message);
            received++;
            if (received == WarmUp) before = GC.GetAllocatedBytesForCurrentThread();
            if (received != WarmUp + Measured) return;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            world.Loop.Stop();
        }, copy: false);
        Message request = new("0123456789");
        Message reply = new();
        Thread client = new(() =>
        {
            const int Window = 50;
            for (int i = 0; i < WarmUp + Measured; i++)
            {
                Deadline.WaitUntil(() => peer.TrySend(request));
                if (i >= Window) Deadline.WaitUntil(() => peer.TryReceive(reply));
            }
        });
        client.Start();
        Deadline.Run(world.Loop);
        client.Join();
        Allocations.AssertNone(allocated, Measured);
    }
}
