using System.ComponentModel;
using System.Net.Sockets;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed class IOLoopHandlersTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void A_handler_is_called_again_in_each_turn_for_as_long_as_the_source_is_ready()
    {
        int calls = 0;
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.AddHandler(1, (_, _) =>
        {
            if (++calls == 3) _loop.Poller.Drain(1, IOEvents.Read);
        }, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Equal(3, calls);
    }

    [Fact]
    public void A_handler_gets_only_the_events_it_asked_for_and_errors()
    {
        _loop.Poller.Fire(1, IOEvents.Read | IOEvents.Write | IOEvents.HungUp);
        _loop.AddHandler(1, (_, events) =>
        {
            _log.Add(events.ToString());
            _loop.Stop();
        }, IOEvents.Read);
        _loop.Start();
        Assert.Equal([$"{IOEvents.Read | IOEvents.HungUp}"], _log);
    }

    [Fact]
    public void A_handler_for_None_is_told_of_errors_only()
    {
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.AddHandler(1, (_, events) =>
        {
            _log.Add(events.ToString());
            _loop.Stop();
        }, IOEvents.None);
        _loop.RunUntilIdle();
        Assert.Empty(_log);
        _loop.Poller.Fire(1, IOEvents.Failed);
        _loop.Start();
        Assert.Equal(["Failed"], _log);
    }

    [Fact]
    public void A_handler_gets_the_very_object_it_was_registered_with()
    {
        ScriptedSocket socket = new(new ScriptedEngine());
        _loop.Poller.Fire(socket, IOEvents.Read);
        _loop.AddHandler(socket, (source, _) =>
        {
            Assert.Same(socket, source.ZMQSocket);
            _log.Add("same");
            _loop.Stop();
        }, IOEvents.Read);
        _loop.Start();
        Assert.Equal(["same"], _log);
    }

    [Fact]
    public void AddHandler_twice_throws_names_the_owner_and_changes_nothing()
    {
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.AddHandler(1, FirstHandler, IOEvents.Read);
        var error = Assert.Throws<InvalidOperationException>(() => _loop.AddHandler(1, (_, _) => _log.Add("second"), IOEvents.Write));
        Assert.Contains(nameof(FirstHandler), error.Message, StringComparison.Ordinal);
        _loop.Start();
        Assert.Equal(["first Read"], _log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_socket_and_its_descriptor_number_are_one_source(bool socketFirst)
    {
        using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        int number = (int)socket.Handle;
        PollSource first = socketFirst ? socket : number;
        PollSource second = socketFirst ? number : socket;
        _loop.AddHandler(first, FirstHandler, IOEvents.Read);
        var error = Assert.Throws<InvalidOperationException>(() => _loop.AddHandler(second, FirstHandler, IOEvents.Read));
        Assert.Contains(nameof(FirstHandler), error.Message, StringComparison.Ordinal);
        _loop.UpdateHandler(second, IOEvents.Write);
        _loop.Poller.Fire(first, IOEvents.Read | IOEvents.Write);
        _loop.Start();
        Assert.Equal(["first Write"], _log);
        _loop.RemoveHandler(second);
        Assert.Empty(_loop.Poller.Sources);
        _loop.AddHandler(second, FirstHandler, IOEvents.Read);
    }

    [Fact]
    public void The_number_of_a_socket_that_was_closed_may_belong_to_somebody_else_at_once()
    {
        Socket closed = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, ProtocolType.Udp);
        int number = (int)closed.Handle;
        _loop.AddHandler(closed, FirstHandler, IOEvents.Read);
        closed.Dispose();
        _loop.AddHandler(number, (_, _) => { }, IOEvents.Read); // no complaint: the old owner is gone, though the poller has not told yet
        _loop.RemoveHandler(closed);
        Assert.Equal([PollSource.FromFileDescriptor(number)], _loop.Poller.Sources);
        Assert.Throws<InvalidOperationException>(() => _loop.AddHandler(number, FirstHandler, IOEvents.Read));
    }

    [Fact]
    public void Sources_that_cannot_be_are_refused_at_the_call()
    {
        Assert.Throws<ArgumentException>(() => _loop.AddHandler(default, FirstHandler, IOEvents.Read));
        Assert.Throws<ArgumentNullException>(() => _loop.AddHandler(1, null!, IOEvents.Read));
        Assert.Throws<ArgumentOutOfRangeException>(() => _loop.AddHandler(-1, FirstHandler, IOEvents.Read));
        Assert.Throws<ArgumentNullException>(() => _loop.AddHandler((Socket)null!, FirstHandler, IOEvents.Read));
    }

    [Fact]
    public void A_poller_that_refuses_leaves_nothing_behind()
    {
        using IOLoop loop = new(new IOLoopOptions { MakeCurrent = false, Poller = new ZmqLoop.Polling.SelectPoller() });
        Assert.Throws<NotSupportedException>(() => loop.AddHandler(1, FirstHandler, IOEvents.Read));
        Assert.Throws<InvalidOperationException>(() => loop.UpdateHandler(1, IOEvents.Read));
    }

    [Fact]
    public void Updating_an_unknown_source_throws_and_removing_one_is_silent()
    {
        Assert.Throws<InvalidOperationException>(() => _loop.UpdateHandler(1, IOEvents.Read));
        _loop.RemoveHandler(1);
        _loop.RemoveHandler(default);
    }

    [Fact]
    public void UpdateHandler_takes_effect_with_the_next_poll()
    {
        _loop.Poller.Fire(1, IOEvents.Read | IOEvents.Write);
        _loop.AddHandler(1, (_, events) =>
        {
            _log.Add(events.ToString());
            if (_log.Count == 2) _loop.Stop();
            _loop.UpdateHandler(1, IOEvents.Write);
        }, IOEvents.Read);
        _loop.Start();
        Assert.Equal(["Read", "Write"], _log);
    }

    [Fact]
    public void A_handler_may_remove_itself_and_the_source_can_be_added_again_without_a_stale_event()
    {
        foreach (int source in (int[])[1, 2]) _loop.Poller.Fire(source, IOEvents.Read);
        _loop.AddHandler(1, (_, _) =>
        {
            _log.Add("one");
            _loop.RemoveHandler(1);
            _loop.RemoveHandler(2);
            _loop.Poller.Drain(2, IOEvents.Read);
            _loop.AddHandler(2, (_, _) => _log.Add("stale"), IOEvents.Read);
        }, IOEvents.Read);
        _loop.AddHandler(2, (_, _) => _log.Add("removed"), IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Equal(["one"], _log);
    }

    [Fact]
    public void A_source_closed_behind_the_loops_back_is_reported_once_and_its_handler_forgotten()
    {
        _loop.AddHandler(1, (source, events) => _log.Add($"{source} {events}"), IOEvents.Read);
        _loop.AddHandler(2, (_, _) =>
        {
            _log.Add("two");
            _loop.Poller.Drain(2, IOEvents.Read);
        }, IOEvents.Read);
        _loop.Poller.CloseBehindTheBack(1);
        _loop.Poller.Fire(2, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Equal([$"file descriptor 1 {IOEvents.Error}", "two"], _log);
        _loop.AddHandler(1, (_, _) => { }, IOEvents.Read); // the number is free again
    }

    [Fact]
    public void That_a_source_was_closed_is_not_lost_when_an_exception_leaves_the_loop_before_its_turn()
    {
        _loop.OnError = static error => throw error;
        _loop.AddHandler(1, (_, _) =>
        {
            _loop.Poller.Drain(1, IOEvents.Read);
            throw new InvalidOperationException("out");
        }, IOEvents.Read);
        _loop.AddHandler(2, (_, events) => _log.Add($"two {events}"), IOEvents.Read);
        _loop.AddHandler(3, (_, events) => _log.Add($"three {events}"), IOEvents.Read);
        foreach (int source in (int[])[1, 3]) _loop.Poller.Fire(source, IOEvents.Read);
        _loop.Poller.CloseBehindTheBack(2);
        Assert.Throws<InvalidOperationException>(_loop.Start);
        _loop.Poller.Drain(3, IOEvents.Read); // not ready any more: no stale event
        _loop.RunUntilIdle();
        Assert.Equal([$"two {IOEvents.Error}"], _log);
    }

    [Fact]
    public void A_handler_runs_in_the_contexts_of_AddHandler_which_see_its_exception_first()
    {
        new ExceptionStackContext(error =>
        {
            _log.Add(error.Message);
            return true;
        }).Run(() => _loop.AddHandler(1, (_, _) =>
        {
            _loop.Stop();
            throw new InvalidOperationException("seen");
        }, IOEvents.Read));
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.Start();
        Assert.Equal(["seen"], _log);
        Assert.Empty(_loop.Errors);
    }

    public static TheoryData<Exception> BrokenPipes { get; } =
    [
        new SocketException((int)SocketError.Shutdown),
        new IOException("wrapped", new SocketException((int)SocketError.Shutdown)),
        new Win32Exception(32),
    ];

    [Theory]
    [MemberData(nameof(BrokenPipes), DisableDiscoveryEnumeration = true)]
    public void A_broken_pipe_out_of_a_raw_sockets_handler_is_dropped_and_nowhere_else(Exception error)
    {
        _loop.AddHandler(1, (_, _) =>
        {
            _loop.Poller.Drain(1, IOEvents.Read);
            throw error;
        }, IOEvents.Read);
        _loop.Poller.Fire(1, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Empty(_loop.Errors);

        ScriptedSocket socket = new(new ScriptedEngine());
        _loop.AddHandler(socket, (_, _) =>
        {
            _loop.Poller.Drain(socket, IOEvents.Read);
            throw error;
        }, IOEvents.Read);
        _loop.Poller.Fire(socket, IOEvents.Read);
        _loop.AddCallback(() => throw error);
        _loop.RunUntilIdle();
        Assert.Equal(2, _loop.Errors.Count);
    }

    [Fact]
    public void Context_termination_out_of_a_ZeroMQ_sockets_handler_ends_the_loop_quietly()
    {
        ScriptedSocket socket = new(new ScriptedEngine());
        _loop.AddHandler(socket, (_, _) =>
        {
            _loop.Poller.Drain(socket, IOEvents.Read);
            throw new ContextTerminatedException();
        }, IOEvents.Read);
        _loop.Poller.Fire(socket, IOEvents.Read);
        _loop.CallLater(1, () => _log.Add("timer"));
        _loop.Start();
        Assert.Empty(_log);
        _loop.RunUntilIdle();
        Assert.Equal(["timer"], _log);
        Assert.Empty(_loop.Errors);
    }

    private void FirstHandler(PollSource source, IOEvents events)
    {
        _log.Add($"first {events}");
        _loop.Stop();
    }
}
