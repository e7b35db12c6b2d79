using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>What must be zero: bytes allocated for a message, once everything is warm.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 20_000;
    private const int Measured = 20_000;
    private const int MostRounds = 10;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false, true)]
    public void Receiving_without_copy_allocates_nothing_for_a_message(bool inContext, bool tcp, bool measured = false)
    {
        using RealWorld world = new();
        using MeterListener? listener = measured ? Listen() : null;
        (ZMQStream stream, ZMQSocket peer) = Pair(world, tcp);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [InlineData(false, true)]
    [InlineData(false, true, true)]
    public void An_echo_without_copy_allocates_nothing_for_a_message(bool measured, bool traces = false, bool sampled = false)
    {
        EngineUnderTest.Current.Need(Abilities.NoQueueGarbage);
        using RealWorld world = new();
        using MeterListener? listener = measured ? Listen() : null;
        using ActivityListener? sampler = sampled ? SampleNothing() : null;
        (ZMQStream stream, ZMQSocket peer) = world.Pair(
            SocketType.Dealer, SocketType.Dealer, options: new ZMQStreamOptions { Name = "echo", PropagateTrace = traces }); // not recorded
        int received = 0;
        long before = 0;
        long allocated = -1;
        bool isOver = false;
        stream.OnRecv(message =>
        {
            stream.Send(message);
            if (++received % Measured != 0) return;
            if (received > WarmUp) allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            before = GC.GetAllocatedBytesForCurrentThread();
            isOver = allocated == 0 || received == MostRounds * Measured; // where it is compiled late, it is warm late
            if (isOver) world.Loop.Stop();
        }, copy: false);
        Message request = new("0123456789");
        Message reply = new();
        const int Window = 50;
        // the queue is never longer than in the first turn, which makes all that it pools
        for (int i = 0; i < Window; i++) Deadline.WaitUntil(() => peer.TrySend(request));
        Thread client = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                Deadline.WaitUntil(() => peer.TryReceive(reply) || Volatile.Read(ref isOver));
                Deadline.WaitUntil(() => peer.TrySend(request) || Volatile.Read(ref isOver));
            }
        });
        client.Start();
        Deadline.Run(world.Loop);
        client.Join();
        Allocations.AssertNone(allocated, Measured);
    }

    [Fact]
    public void Awaiting_messages_that_are_there_allocates_hardly_more_than_getting_them_in_a_callback()
    {
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Pair);
        ZMQSocket peer = world.Socket(SocketType.Pair);
        stream.Socket.ReceiveHighWaterMark = peer.SendHighWaterMark = 0;
        string name = RealWorld.Inproc();
        stream.Bind(name);
        peer.Connect(name);
        Message message = new(new byte[100]);
        long before = 0;
        long Fill()
        {
            for (int i = 0; i < Measured; i++) Assert.True(peer.TrySend(message));
            return GC.GetAllocatedBytesForCurrentThread();
        }

        long byCallback = 0;
        long byAwait = 0;
        for (int round = 0; round < 2; round++) // the first warms up
        {
            int left = Measured;
            stream.OnRecv(_ =>
            {
                if (--left > 0) return;
                byCallback = GC.GetAllocatedBytesForCurrentThread() - before;
                world.Loop.Stop();
            });
            before = Fill();
            Deadline.Run(world.Loop);
            stream.StopOnRecv();
            world.Loop.RunSync(
                async () =>
                {
                    left = Measured;
                    before = Fill();
                    await foreach (Message _ in stream.ReadAllAsync(TestContext.Current.CancellationToken))
                    {
                        if (--left == 0) break;
                    }

                    byAwait = GC.GetAllocatedBytesForCurrentThread() - before;
                },
                Deadline.Default);
        }

        // A whole turn's messages share one wait, with its task, continuation and callback.
        int waits = Measured / new ZMQStreamOptions().MessagesPerTurn;
        Assert.True(byAwait - byCallback < waits * 2_000, $"{byAwait} bytes by await, {byCallback} by callback");
    }

    /// <summary>Without high-water marks: for each half of one, NetMQ itself boxes a number when it tells the sender how far it has
    /// read.</summary>
    private static (ZMQStream Stream, ZMQSocket Peer) Pair(RealWorld world, bool tcp)
    {
        ZMQStream stream = world.Stream(SocketType.Pull);
        ZMQSocket peer = world.Socket(SocketType.Push);
        stream.Socket.ReceiveHighWaterMark = peer.SendHighWaterMark = 0;
        stream.Bind(tcp ? "tcp://127.0.0.1:*" : RealWorld.Inproc());
        peer.Connect(stream.Socket.LastEndpoint);
        return (stream, peer);
    }

    private static ActivityListener SampleNothing()
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == ZmqLoopTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener Listen()
    {
        MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == ZMQStreamTelemetry.MeterName && !instrument.IsObservable)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }
}
