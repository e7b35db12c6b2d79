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
