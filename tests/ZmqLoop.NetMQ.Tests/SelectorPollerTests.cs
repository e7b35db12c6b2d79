using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Polling;

namespace ZmqLoop.Tests;

/// <summary>What NetMQ's selector does not do by itself.</summary>
public sealed class SelectorPollerTests
{
    [Fact]
    public void A_transient_failure_of_the_system_is_tried_again()
    {
        using CountingPoller poller = new() { Failures = 5 };
        ReadyList ready = new();
        poller.Poll(TimeSpan.FromMilliseconds(300), ready);
        Assert.Equal(0, ready.Count);
        Assert.True(poller.Calls > 5);
    }

    [Fact]
    public void A_failure_that_does_not_pass_is_thrown()
    {
        using CountingPoller poller = new() { Failures = int.MaxValue };
        ZMQException error = Assert.Throws<ZMQException>(() => poller.Poll(Timeout.InfiniteTimeSpan, new ReadyList()));
        Assert.IsType<SocketException>(error.InnerException);
    }

    [Fact]
    public void With_nothing_to_watch_it_sleeps_all_the_same()
    {
        using CountingPoller poller = new();
        poller.Poll(TimeSpan.FromMilliseconds(30), new ReadyList());
        Assert.InRange(poller.Calls, 1, 3);
        using DealerSocket socket = new();
        poller.Register(socket.AsZMQSocket(), IOEvents.None, null); // nor does interest in nothing hurt
        poller.Calls = 0;
        poller.Poll(TimeSpan.FromMilliseconds(30), new ReadyList());
        Assert.InRange(poller.Calls, 1, 3);
    }

    [Fact]
    public void An_error_of_a_plain_socket_is_reported_without_asking_and_ends_the_wait()
    {
        using CountingPoller poller = new();
        using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(System.Net.IPAddress.Loopback, 9); // where nobody is: the answer is an error
        poller.Register(socket, IOEvents.Read, "socket");
        socket.Send([1]);
        ReadyList ready = new();
        poller.Poll(TimeSpan.FromSeconds(20), ready);
        Assert.Equal(IOEvents.Failed, Assert.Single(ready.Items.ToArray()).Events & IOEvents.Failed);
    }

    [Fact]
    public void A_number_alone_is_refused()
    {
        using SelectorPoller poller = new();
        Assert.Throws<NotSupportedException>(() => poller.Register(0, IOEvents.Read, null));
    }

    private sealed class CountingPoller : SelectorPoller
    {
        public int Failures { get; init; }

        public int Calls { get; set; }

        protected override bool Select(NetMQSelector.Item[] items, int count, int milliseconds)
        {
            if (Calls++ < Failures) throw new SocketException((int)SocketError.TryAgain);
            return base.Select(items, count, milliseconds);
        }
    }
}
