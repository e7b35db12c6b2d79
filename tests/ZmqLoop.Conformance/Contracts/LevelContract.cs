using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Conformance;

/// <summary>Readiness is a level: whatever is done to a socket between a message's arrival and the poll.</summary>
public abstract class LevelContract(EngineUnderTest subject) : EngineContract(subject)
{
    public static TheoryData<string> Operations =>
        ["send", "events", "get", "set", "connect", "bind", "disconnect", "receive", "register again", "modify"];

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_message_is_reported_whatever_was_done_to_its_socket_after_it_arrived(string operation)
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "socket");
        Settle();
        Send(peer, new Message("one"));
        Send(peer, new Message("two"));
        Do(operation, socket);
        Do(operation == "receive" ? "events" : operation, socket);
        Assert.Equal(IOEvents.Read, Assert.Single(Poll(Long)).Events);
    }

    [Fact]
    public void A_message_is_reported_when_a_monitor_was_started_after_it_arrived()
    {
        Need(Abilities.Monitor);
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "socket");
        Settle();
        Send(peer, new Message("one"));
        Own(socket.Monitor());
        Assert.Single(Poll(Long));
    }

    [Fact]
    public void A_message_that_is_left_is_reported_again_and_again()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "socket");
        for (int i = 0; i < 3; i++) Send(peer, new Message("message"));
        for (int i = 0; i < 50; i++) Assert.Single(Poll(Long));
        Assert.True(socket.TryReceive(out _));
        for (int i = 0; i < 50; i++) Assert.Single(Poll(Long));
        Assert.True(socket.TryReceive(out _));
        Assert.Single(Poll(Long));
        Assert.True(socket.TryReceive(out _));
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_source_that_stays_ready_does_not_keep_another_ones_news_away()
    {
        (ZMQSocket flooded, ZMQSocket flood) = MakePair();
        (ZMQSocket quiet, ZMQSocket peer) = MakePair();
        Poller.Register(flooded, IOEvents.Read, "flooded");
        Poller.Register(quiet, IOEvents.Read, "quiet");
        Settle();
        Send(flood, new Message("flood"));
        Assert.Equal("flooded", Assert.Single(Poll(Long)).State);
        Send(peer, new Message("news"));
        long sent = Stopwatch.GetTimestamp(); // a turn of the loop with something to do
        Deadline.WaitUntil(() => Stopwatch.GetElapsedTime(sent) > TimeSpan.FromMilliseconds(1));
        Assert.Contains("quiet", Poll(Long).Select(ready => ready.State));
    }

    [Fact]
    public void After_would_block_the_next_message_is_reported()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Poller.Register(socket, IOEvents.Read, "socket");
        for (int i = 0; i < 100; i++)
        {
            Assert.False(socket.TryReceive(out _));
            Assert.Empty(Poll());
            Send(peer, new Message("message"));
            Assert.Single(Poll(Long));
            Receive(socket);
        }
    }

    [Fact]
    public void What_came_behind_a_message_that_was_given_up_in_the_middle_is_reported()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        if (socket is not WatchedSocket watched)
        {
            Assert.Skip("Sockets of other engines limit no messages.");
            return;
        }

        Poller.Register(socket, IOEvents.Read, "socket");
        Settle();
        Send(peer, new Message("the", "rest"));
        Send(peer, new Message("next"));
        PollFor("socket");
        LimitOf(watched).BeginForgetting(); // as where there was no memory for the frames before
        using Message message = new();
        Assert.False(socket.TryReceive(message));
        Assert.Single(Poll(Long));
        Assert.True(socket.TryReceive(message));
        Assert.Equal("next", message[0].ToString());
    }

    [Fact]
    public void A_peer_that_comes_and_then_sends_is_heard_within_one_wait()
    {
        Assert.SkipUnless(ThreadWatch.IsPossible, "Who sleeps is read in /proc.");
        ZMQSocket socket = Make(SocketType.Dealer);
        string endpoint = NewInproc();
        socket.Bind(endpoint);
        Poller.Register(socket, IOEvents.Read, "socket");
        Settle();
        ThreadWatch here = ThreadWatch.OfThisThread();
        for (int i = 0; i < 20; i++)
        {
            ZMQSocket peer = Make(SocketType.Dealer);
            bool polling = false;
            Task sender = Task.Run(() =>
            {
                Deadline.WaitUntil(() => Volatile.Read(ref polling));
                long sleeps = here.WaitUntilAsleep();
                peer.Connect(endpoint); // wakes the poller with a command that brings no message
                here.WaitUntilAsleep(after: sleeps); // and it sleeps again, in the same wait
                Send(peer, new Message("message"));
            }, TestContext.Current.CancellationToken);
            Volatile.Write(ref polling, true);
            Assert.Equal("socket", Assert.Single(Poll(LongWait)).State);
            Assert.True(sender.Wait(Long, TestContext.Current.CancellationToken));
            Receive(socket);
        }
    }

    [Fact]
    public void What_arrives_before_registration_is_reported()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Send(peer, new Message("message"));
        _ = socket.Events; // swallows the edge
        Poller.Register(socket, IOEvents.Read, "socket");
        Assert.Single(Poll(Long));
    }

    [Fact]
    public void Only_what_was_asked_for_is_reported()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair();
        Send(peer, new Message("message"));
        Poller.Register(socket, IOEvents.None, "socket");
        Assert.Empty(Poll());
        Poller.Modify(socket, IOEvents.Write);
        Assert.Equal(IOEvents.Write, Assert.Single(Poll(Long)).Events);
        Poller.Modify(socket, IOEvents.Read | IOEvents.Write);
        Assert.Equal(IOEvents.Read | IOEvents.Write, Assert.Single(Poll(Long)).Events);
        Poller.Modify(socket, IOEvents.Read);
        Assert.Equal(IOEvents.Read, Assert.Single(Poll(Long)).Events);
        Poller.Unregister(socket);
        Assert.Empty(Poll());
    }

    [Fact]
    public void Room_to_send_is_reported_when_the_peer_has_made_some()
    {
        (ZMQSocket socket, ZMQSocket peer) = MakePair(SocketType.Push, SocketType.Pull, made =>
        {
            made.SendHighWaterMark = 1;
            made.ReceiveHighWaterMark = 1;
        });
        Poller.Register(socket, IOEvents.Write, "socket");
        Assert.Single(Poll(Long));
        while (socket.TrySend(new Message("message")))
        {
        }

        Assert.Empty(Poll());
        while (peer.TryReceive(out _))
        {
        }

        Assert.Equal(IOEvents.Write, Assert.Single(Poll(Long)).Events);
    }

    [Fact]
    public void Every_ready_source_has_its_turn_however_busy_the_others_are()
    {
        List<ZMQSocket> sockets = [];
        for (int i = 0; i < 20; i++)
        {
            (ZMQSocket socket, ZMQSocket peer) = MakePair();
            for (int n = 0; n < 50; n++) Send(peer, new Message("message"));
            Poller.Register(socket, IOEvents.Read, i);
            sockets.Add(socket);
        }

        int[] first = new int[20];
        for (int turn = 0; turn < 40; turn++)
        {
            List<ReadySource> ready = Poll(Long);
            Assert.Equal(20, ready.Select(source => source.State).Distinct().Count());
            first[(int)ready[0].State!]++;
            foreach (ReadySource source in ready) Receive(sockets[(int)source.State!]);
        }

        if (Can(Abilities.Rotation)) Assert.DoesNotContain(0, first);
    }

    private void Do(string operation, ZMQSocket socket)
    {
        switch (operation)
        {
            case "send": socket.TrySend(new Message("out")); break;
            case "events": _ = socket.Events; break;
            case "get": _ = socket.Get(ZMQSocketOptions.SndHwm); break;
            case "set": socket.Set(ZMQSocketOptions.Linger, TimeSpan.Zero); break;
            case "connect": socket.Connect(Can(Abilities.EarlyInproc) ? NewInproc() : "tcp://127.0.0.1:9"); break;
            case "bind": socket.Bind(NewInproc()); break;
            case "disconnect": ConnectAndDisconnect(socket); break;
            case "receive": Assert.True(socket.TryReceive(out _)); break;
            case "register again":
                Poller.Unregister(socket);
                Poller.Register(socket, IOEvents.Read, "socket");
                break;
            case "modify": Poller.Modify(socket, IOEvents.Read); break;
            default: throw new ArgumentOutOfRangeException(nameof(operation));
        }
    }

    private static void ConnectAndDisconnect(ZMQSocket socket)
    {
        const string Nobody = "tcp://127.0.0.1:9";
        socket.Connect(Nobody);
        socket.Disconnect(Nobody);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Limit")]
    private static extern MessageLimit LimitOf(WatchedSocket socket);
}
