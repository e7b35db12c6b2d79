using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>A socket that somebody has already is refused, and the error says how to take it back.</summary>
public sealed class OwnerTests
{
    public static TheoryData<string, string, bool> Pairs()
    {
        string[] owners = ["handler", "poller", "stream", "ZMQPoller"];
        TheoryData<string, string, bool> pairs = [];
        foreach (string first in owners)
        {
            foreach (string second in owners)
            {
                pairs.Add(first, second, true);
                pairs.Add(first, second, false);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_socket_that_somebody_has_is_refused_and_the_error_says_what_to_do_first(string first, string second, bool sameLoop)
    {
        using NetMQWorld world = new();
        using NetMQWorld other = new();
        (DealerSocket socket, _) = world.Pair();
        using IDisposable owner = Give(socket, first, world);
        InvalidOperationException error =
            Assert.Throws<InvalidOperationException>(() => Give(socket, second, sameLoop ? world : other).Dispose());
        Assert.Contains("A socket has one", error.Message, StringComparison.Ordinal);
        Assert.Contains("first", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("handler")]
    [InlineData("poller")]
    [InlineData("stream")]
    [InlineData("ZMQPoller")]
    public void A_socket_in_a_poller_of_NetMQ_is_refused_until_it_was_removed_there(string second)
    {
        using NetMQWorld world = new();
        (DealerSocket socket, _) = world.Pair();
        using NetMQPoller theirs = new() { socket };
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Give(socket, second, world).Dispose());
        Assert.Contains("first call poller.Remove(socket)", error.Message, StringComparison.Ordinal);
        theirs.Remove(socket);
        using IDisposable owner = Give(socket, second, world);
        Assert.Equal(IOEvents.None, socket.AsZMQSocket().Events & IOEvents.Read); // it is open, and of use
    }

    [Fact]
    public async Task So_is_one_in_a_poller_that_runs_and_a_socket_of_an_engine()
    {
        using NetMQWorld world = new();
        using NetMQSocketAdapter socket = (NetMQSocketAdapter)world.Loop.Engine.CreateSocket(SocketType.Dealer);
        using NetMQPoller theirs = new() { socket.NetMQSocket };
        theirs.RunAsync();
        Assert.Throws<InvalidOperationException>(() => world.Loop.AddHandler(socket, static (_, _) => { }, IOEvents.Read));
        theirs.Remove(socket.NetMQSocket);
        Assert.False(await theirs.ContainsAsync(socket.NetMQSocket));
        world.Loop.AddHandler(socket, static (_, _) => { }, IOEvents.Read);
        theirs.Stop();
    }

    [Fact]
    public void A_socket_that_a_poller_has_let_go_of_may_have_a_stream()
    {
        using NetMQWorld world = new();
        (DealerSocket socket, _) = world.Pair();
        using NetMQLoopPoller poller = new(world.Loop) { socket };
        poller.Remove(socket);
        new ZMQStream(socket.AsZMQSocket(), world.Loop).Close();
        Assert.True(socket.IsDisposed);
    }

    private static IDisposable Give(DealerSocket socket, string owner, NetMQWorld world)
    {
        switch (owner)
        {
            case "handler":
                world.Loop.AddHandler(socket, static (_, _) => { }, IOEvents.Read);
                return new NobodysOwner();
            case "poller":
                NetMQLoopPoller poller = new(world.Loop);
                poller.Add(socket);
                return poller;
            case "stream":
                return new ZMQStream(socket.AsZMQSocket(), world.Loop);
            default:
                ZMQPoller plain = new(world.Loop.Engine);
                plain.Register(socket.AsZMQSocket(), IOEvents.Read);
                return plain;
        }
    }

    private sealed class NobodysOwner : IDisposable
    {
        public void Dispose()
        {
            // The world's loop ends with the world.
        }
    }
}
