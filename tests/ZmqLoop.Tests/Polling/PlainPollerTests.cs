using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using ZmqLoop.Polling;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Polling;

/// <summary>The pollers of loops without an engine, with real sockets.</summary>
public abstract class PlainPollerTests(Func<IPoller> create) : IDisposable
{
    private readonly IPoller _poller = create();
    private readonly ReadyList _ready = new();
    private readonly List<Socket> _sockets = [];

    public void Dispose()
    {
        _poller.Dispose();
        foreach (Socket socket in _sockets) socket.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_socket_is_readable_for_as_long_as_there_is_something_to_read()
    {
        (Socket near, Socket far) = Pair();
        _poller.Register(near, IOEvents.Read, near);
        Assert.Empty(Poll(TimeSpan.Zero));
        far.Send([1, 2]);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal([(near, IOEvents.Read)], Poll(Timeout.InfiniteTimeSpan));
            near.Receive(new byte[1]);
        }

        Assert.Empty(Poll(TimeSpan.Zero));
    }

    [Fact]
    public void Only_what_was_asked_for_is_reported_and_Modify_changes_it()
    {
        (Socket near, Socket far) = Pair();
        far.Send([1]);
        _poller.Register(near, IOEvents.Read, near);
        Assert.Equal([(near, IOEvents.Read)], Poll(Timeout.InfiniteTimeSpan)); // it is writable all the while
        _poller.Modify(near, IOEvents.Write);
        Assert.Equal([(near, IOEvents.Write)], Poll(Timeout.InfiniteTimeSpan));
        _poller.Modify(near, IOEvents.Read | IOEvents.Write);
        Assert.Equal([(near, IOEvents.Read | IOEvents.Write)], Poll(Timeout.InfiniteTimeSpan));
        _poller.Modify(near, IOEvents.None);
        Assert.Empty(Poll(TimeSpan.Zero));
    }

    [Fact]
    public void Each_source_is_reported_once()
    {
        (Socket Near, Socket Far)[] pairs = [.. Enumerable.Range(0, 50).Select(_ => Pair())];
        foreach ((Socket near, Socket far) in pairs)
        {
            _poller.Register(near, IOEvents.Read | IOEvents.Write, near);
            far.Send([1]);
            Deadline.WaitUntil(() => near.Available > 0);
        }

        List<(Socket, IOEvents)> found = Poll(TimeSpan.Zero);
        Assert.Equal(50, found.Count);
        Assert.Equivalent(pairs.Select(static pair => (pair.Near, IOEvents.Read | IOEvents.Write)), found);
    }

    [Fact]
    public void A_peer_that_resets_the_connection_is_an_error_nobody_has_to_ask_for()
    {
        (Socket near, Socket far) = Pair();
        _poller.Register(near, IOEvents.None, near);
        far.LingerState = new LingerOption(true, 0);
        far.Dispose();
        (Socket socket, IOEvents events) = Assert.Single(Poll(Timeout.InfiniteTimeSpan));
        Assert.Same(near, socket);
        Assert.NotEqual(IOEvents.None, events & IOEvents.Error);
    }

    [Fact]
    public void A_connection_ended_from_both_sides_is_an_error_and_the_loop_does_not_spin()
    {
        (Socket near, Socket far) = Pair();
        _poller.Register(near, IOEvents.None, near);
        far.Dispose();
        near.Shutdown(SocketShutdown.Both);
        (Socket socket, IOEvents events) = Assert.Single(Poll(TimeSpan.FromSeconds(20)));
        Assert.Same(near, socket);
        Assert.NotEqual(IOEvents.None, events & IOEvents.HungUp);
    }

    [Fact]
    public void A_socket_closed_behind_the_pollers_back_is_reported_once_and_the_others_are_undisturbed()
    {
        (Socket closed, _) = Pair();
        (Socket near, Socket far) = Pair();
        _poller.Register(closed, IOEvents.Read, closed);
        _poller.Register(near, IOEvents.Read, near);
        far.Send([1]);
        Deadline.WaitUntil(() => near.Available > 0);
        closed.Dispose();
        Assert.Equal([(near, IOEvents.Read), (closed, IOEvents.Error)], Poll(Timeout.InfiniteTimeSpan));
        Assert.IsType<ObjectDisposedException>(_ready.Items[1].Closed);
        Assert.Equal([(near, IOEvents.Read)], Poll(Timeout.InfiniteTimeSpan));
        Assert.Throws<InvalidOperationException>(() => _poller.Modify(closed, IOEvents.Read));
        _poller.Unregister(closed);
    }

    [Fact]
    public void A_socket_closed_by_another_thread_during_the_wait_ends_it()
    {
        (Socket closed, _) = Pair();
        _poller.Register(closed, IOEvents.Read, closed);
        Thread closer = new(closed.Dispose);
        closer.Start();
        List<(Socket, IOEvents)> seen = [];
        Deadline.WaitUntil(() =>
        {
            seen = Poll(TimeSpan.FromMilliseconds(1));
            return _ready.Count > 0 && _ready.Items[0].Closed is not null;
        });
        Assert.Equal([(closed, IOEvents.Error)], seen);
        closer.Join();
    }

    [Fact]
    public void Registering_twice_throws_and_ZeroMQ_sockets_are_not_supported()
    {
        (Socket near, Socket far) = Pair();
        _poller.Register(near, IOEvents.Read, near);
        Assert.Throws<InvalidOperationException>(() => _poller.Register(near, IOEvents.Write, far));
        var error =
            Assert.Throws<NotSupportedException>(() => _poller.Register(new ScriptedSocket(new ScriptedEngine()), IOEvents.Read, null));
        Assert.Contains("use a ZMQIOLoop", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _poller.Modify(far, IOEvents.Read));
        _poller.Unregister(far);
        far.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _poller.Register(far, IOEvents.Read, null));
    }

    [Fact]
    public void An_unregistered_source_is_not_reported()
    {
        (Socket near, Socket far) = Pair();
        _poller.Register(near, IOEvents.Read, near);
        far.Send([1]);
        Deadline.WaitUntil(() => near.Available > 0);
        _poller.Unregister(near);
        Assert.Empty(Poll(TimeSpan.Zero));
    }

    [Fact]
    public void A_wake_ends_the_next_wait_once_however_often_it_was_called()
    {
        for (int round = 0; round < 3; round++)
        {
            _poller.Wake();
            _poller.Wake();
            Assert.Empty(Poll(Timeout.InfiniteTimeSpan));
        }
    }

    [Fact]
    public void No_wake_is_lost_while_others_are_being_taken()
    {
        // The waker's flag and its byte must go together: once out of step, no wake would ever come again.
        bool done = false;
        Thread waker = new(() =>
        {
            while (!Volatile.Read(ref done)) _poller.Wake();
        });
        waker.Start();
        for (int i = 0; i < 20_000; i++) Poll(Timeout.InfiniteTimeSpan);
        Volatile.Write(ref done, true);
        waker.Join();
        Poll(TimeSpan.Zero);
        _poller.Wake();
        Assert.Empty(Poll(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Wake_after_disposal_does_nothing()
    {
        _poller.Dispose();
        _poller.Wake();
        _poller.Dispose();
    }

    [Fact]
    public void A_wait_below_a_millisecond_is_rounded_up_and_one_beyond_what_select_can_count_is_cut()
    {
        NoWaitEndsEarly(TimeSpan.FromTicks(1));
        _poller.Wake();
        Poll(TimeSpan.MaxValue);
        _poller.Wake();
        Poll(TimeSpan.FromDays(100));
    }

    [Fact]
    public void No_wait_ends_early_where_it_is_to_be_exact()
    {
        ((EnginePoller)_poller).IsExact = true;
        NoWaitEndsEarly(TimeSpan.FromTicks(1));
        for (int ticks = 1000; ticks < 16_000; ticks += 1700) NoWaitEndsEarly(TimeSpan.FromTicks(ticks));
        foreach (TimeSpan time in (TimeSpan[])[TimeSpan.MaxValue, TimeSpan.FromDays(100), Timeout.InfiniteTimeSpan])
        {
            _poller.Wake();
            Poll(time);
        }
    }

    [Fact]
    public void A_loop_serves_a_listener_and_its_connections()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, Poller = create() });
        using Socket listener = Listener();
        List<byte> received = [];
        loop.AddHandler(listener, (_, _) =>
        {
            Socket accepted = listener.Accept();
            _sockets.Add(accepted);
            loop.AddHandler(accepted, (source, events) =>
            {
                byte[] buffer = new byte[16];
                int count = source.Socket!.Receive(buffer);
                received.AddRange(buffer.AsSpan(0, count));
                if (count > 0) return;
                loop.RemoveHandler(source);
                loop.Stop();
            }, IOEvents.Read);
        }, IOEvents.Read);
        using Socket client = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        client.Send([1, 2, 3]);
        client.Shutdown(SocketShutdown.Send);
        Deadline.Run(loop);
        Assert.Equal([1, 2, 3], received);
    }

    private static Socket Listener()
    {
        Socket listener = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private (Socket Near, Socket Far) Pair()
    {
        using Socket listener = Listener();
        Socket near = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        Socket far = listener.Accept();
        _sockets.AddRange([near, far]);
        return (near, far);
    }

    private void NoWaitEndsEarly(TimeSpan time)
    {
        long start = TimeProvider.System.GetTimestamp();
        Poll(time);
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= time, $"of {time}");
    }

    private List<(Socket, IOEvents)> Poll(TimeSpan timeout)
    {
        _ready.Clear();
        _poller.Poll(timeout, _ready);
        return [.. _ready.Items.ToArray().Select(static item => ((Socket)item.State!, item.Events))];
    }
}

public sealed class SelectPollerTests() : PlainPollerTests(static () => new SelectPoller())
{
    [Fact]
    public void Raw_descriptors_are_not_supported()
    {
        using SelectPoller poller = new();
        Assert.Throws<NotSupportedException>(() => poller.Register(0, IOEvents.Read, null));
    }
}

// On Linux.
public sealed class PlainEpollTests() : PlainPollerTests(static () =>
    OperatingSystem.IsLinux() ? new EpollPoller(sockets: null) : new SelectPoller())
{
    [Fact]
    public void It_is_what_a_loop_without_an_engine_waits_in()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "epoll.");
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        using AnonymousPipeServerStream pipe = new();
        int descriptor = (int)pipe.ClientSafePipeHandle.DangerousGetHandle();
        loop.AddHandler(descriptor, (_, events) =>
        {
            Assert.Equal(IOEvents.Read, events);
            loop.Stop();
        }, IOEvents.Read);
        pipe.WriteByte(1);
        Deadline.Run(loop);
    }
}
