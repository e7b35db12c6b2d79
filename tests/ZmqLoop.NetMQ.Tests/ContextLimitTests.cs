using System.Runtime.CompilerServices;
using NetMQ;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>What NetMQ's context has a limited number of: threads, and sockets.</summary>
public sealed class ContextLimitTests
{
    private const int Many = 1500; // NetMQ has 1,024

    [Fact]
    public void What_NetMQ_takes_with_its_first_socket_is_refused_later_and_the_error_says_when_it_can_be_set()
    {
        using NetMQEngine engine = new();
        using ZMQSocket first = engine.CreateSocket(SocketType.Pair);
        (int threads, int sockets) = (NetMQConfig.ThreadPoolSize, NetMQConfig.MaxSockets);
        foreach (NetMQEngineOptions late in (NetMQEngineOptions[])
            [new() { IOThreads = threads + 1 }, new() { MaxSockets = sockets + 1 }, new() { IOThreads = threads, MaxSockets = 1 }])
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => new NetMQEngine(late));
            Assert.Contains("before the first NetMQ socket", error.Message, StringComparison.Ordinal);
            Assert.Equal((threads, sockets), (NetMQConfig.ThreadPoolSize, NetMQConfig.MaxSockets));
        }

        new NetMQEngine(new NetMQEngineOptions { IOThreads = threads, MaxSockets = sockets }).Dispose(); // as it is
    }

    [Fact]
    public void Sockets_that_nobody_holds_make_room_for_others()
    {
        using NetMQEngine engine = new();
        for (int i = 0; i < Many; i++) Forget(engine);
    }

    [Fact]
    public void Streams_that_nobody_holds_make_room_for_others_in_the_turns_of_their_loop()
    {
        using NetMQWorld world = new();
        int made = 0;
        world.Loop.AddCallback(MakeAnother);
        world.RunUntil(() => made == Many || world.Loop.Errors.Count > 0);
        Assert.Empty(world.Loop.Errors);

        void MakeAnother()
        {
            ForgetStream(world);
            if (++made < Many) world.Loop.AddCallback(MakeAnother);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(NetMQEngine engine) => _ = engine.CreateSocket(SocketType.Dealer);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ForgetStream(NetMQWorld world) => _ = new ZMQStream(world.Loop.Engine.CreateSocket(SocketType.Dealer), world.Loop);
}
