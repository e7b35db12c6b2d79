namespace ZmqLoop.Conformance;

/// <summary>Sources that are closed behind the poller's back, and contexts that are terminated.</summary>
public abstract class ClosingContract(EngineUnderTest subject) : EngineContract(subject)
{
    [Fact]
    public void A_closed_socket_is_reported_once_with_the_reason_and_the_others_are_undisturbed()
    {
        (ZMQSocket closed, _) = MakePair();
        (ZMQSocket other, ZMQSocket peer) = MakePair();
        Poller.Register(closed, IOEvents.Read, "closed");
        Poller.Register(other, IOEvents.Read, "other");
        Settle();
        closed.Close();
        ReadySource reported = Assert.Single(Poll(Long));
        Assert.Equal("closed", reported.State);
        Assert.Equal(IOEvents.Error, reported.Events);
        Assert.IsType<ObjectDisposedException>(reported.Closed);
        Assert.Empty(Poll());
        Send(peer, new Message("message"));
        Assert.Equal("other", Assert.Single(Poll(Long)).State);
    }

    [Fact]
    public void A_ready_socket_that_is_closed_is_reported_as_closed_only()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Send(peer, new Message("message"));
        Poller.Register(socket, IOEvents.Read, "socket");
        Assert.Single(Poll(Long));
        socket.Close();
        Assert.NotNull(Assert.Single(Poll(Long)).Closed);
        Assert.Empty(Poll());
    }

    [Fact]
    public void Unregistering_drops_what_was_still_to_be_reported()
    {
        ZMQSocket socket = MakePair().Bound;
        Poller.Register(socket, IOEvents.Read, "socket");
        socket.Close();
        Poller.Unregister(socket);
        Poller.Unregister(socket);
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_closed_socket_can_be_neither_registered_nor_modified()
    {
        ZMQSocket socket = Make(SocketType.Dealer);
        socket.Close();
        Assert.Throws<ObjectDisposedException>(() => Poller.Register(socket, IOEvents.Read, null));
        Assert.Throws<InvalidOperationException>(() => Poller.Modify(socket, IOEvents.Read));
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_new_socket_with_the_same_descriptor_gets_its_own_messages_only()
    {
        Need(Abilities.OneDescriptorASocket);
        (ZMQSocket old, ZMQSocket oldPeer) = MakePair();
        long descriptor = old.Get(ZMQSocketOptions.Fd);
        Send(oldPeer, new Message("for the old one"));
        Poller.Register(old, IOEvents.Read, "old");
        old.Close(TimeSpan.Zero);
        oldPeer.Close(TimeSpan.Zero); // or the old one, closed in the background, would wait for its answer
        Deadline.WaitUntil(() => !Path.Exists($"/proc/self/fd/{descriptor}"));
        ZMQSocket heir = Make(SocketType.Dealer);
        for (int i = 0; i < 200 && heir.Get(ZMQSocketOptions.Fd) != descriptor; i++) heir = Make(SocketType.Dealer);
        Assert.Equal(descriptor, heir.Get(ZMQSocketOptions.Fd));
        Poller.Register(heir, IOEvents.Read, "heir");
        Assert.Equal("old", Assert.Single(Poll(Long)).State);
        Assert.Empty(Poll());
        string endpoint = NewInproc();
        heir.Bind(endpoint);
        ZMQSocket peer = Make(SocketType.Dealer);
        peer.Connect(endpoint);
        Send(peer, new Message("for the heir"));
        Assert.Equal("heir", Assert.Single(Poll(Long)).State);
        Assert.Equal("[for the heir]", Receive(heir).ToString());
    }

    [Fact]
    public void A_terminated_context_ends_every_poll()
    {
        Need(Abilities.Termination);
        Poller.Register(MakePair().Bound, IOEvents.Read, "socket");
        Settle();
        Engine.Dispose();
        for (int i = 0; i < 3; i++) Assert.Throws<ContextTerminatedException>(() => Poll(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_context_terminated_by_another_thread_ends_the_wait()
    {
        Need(Abilities.Termination);
        Poller.Register(MakePair().Bound, IOEvents.Read, "socket");
        Settle();
        Thread terminator = new(Engine.Dispose);
        terminator.Start();
        Assert.Throws<ContextTerminatedException>(() => Poll(Timeout.InfiniteTimeSpan));
        terminator.Join();
        Assert.Throws<ContextTerminatedException>(() => Poll(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void Registering_twice_throws_names_the_owner_and_changes_nothing()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "first");
        InvalidOperationException here = Assert.Throws<InvalidOperationException>(() => Poller.Register(socket, IOEvents.Write, "second"));
        Assert.Contains(Poller.ToString()!, here.Message, StringComparison.Ordinal);
        InvalidOperationException there =
            Assert.Throws<InvalidOperationException>(() => AnotherPoller().Register(socket, IOEvents.Read, "third"));
        Assert.Contains(Poller.ToString()!, there.Message, StringComparison.Ordinal);
        Send(peer, new Message("message"));
        ReadySource ready = Assert.Single(Poll(Long));
        Assert.Equal(("first", IOEvents.Read), (ready.State, ready.Events));
        Poller.Unregister(socket);
        AnotherPoller().Register(socket, IOEvents.Read, "third");
    }

    [Fact]
    public void A_thousand_sockets_opened_and_closed_leave_no_descriptors_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in /proc.");
        OpenAndClose();
        Deadline.WaitUntil(() => CountDescriptors() > 0);
        int before = CountDescriptors();
        for (int i = 0; i < 1000; i++) OpenAndClose();
        Deadline.WaitUntil(() => CountDescriptors() <= before, () => $"{CountDescriptors()} descriptors, {before} before.");
    }

    private void OpenAndClose()
    {
        using ZMQSocket socket = Engine.CreateSocket(SocketType.Dealer);
        socket.Bind(NewInproc());
        Poller.Register(socket, IOEvents.Read, "socket");
        socket.Close();
        Assert.Single(Poll());
    }

    private static int CountDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
