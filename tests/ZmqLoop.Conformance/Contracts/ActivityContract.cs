namespace ZmqLoop.Conformance;

/// <summary>What no readiness tells: room at, or the end of, one peer of a socket that always calls itself writable.</summary>
public abstract class ActivityContract(EngineUnderTest subject) : EngineContract(subject)
{
    private const string Name = "router";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Room_at_a_peer_that_had_none_is_activity(bool tcp)
    {
        (ZMQSocket router, ZMQSocket peer) = MakeBlocked(tcp);
        for (int round = 0; round < 20; round++)
        {
            Deadline.WaitUntil(() =>
            {
                while (peer.TryReceive(out _))
                {
                }

                return Poll(TimeSpan.FromMilliseconds(10)).Count > 0 && TrySend(router); // only where there was news
            });
            Fill(router);
        }
    }

    [Fact]
    public void The_end_of_a_peer_that_had_no_room_is_activity()
    {
        (ZMQSocket router, ZMQSocket peer) = MakeBlocked(tcp: false);
        peer.Close(TimeSpan.Zero);
        ZMQException? told = null;
        int signs = 0;
        Deadline.WaitUntil(() =>
        {
            // the end comes in steps, and a try may swallow the sign of the next
            signs += Poll(TimeSpan.FromMilliseconds(10)).Count;
            told = Record.Exception(() => TrySend(router)) as ZMQException;
            return told is not null;
        });
        Assert.Equal(ZMQErrorCode.HostUnreachable, told!.Code);
        Assert.NotEqual(0, signs);
    }

    [Fact]
    public void Trying_in_vain_is_no_activity_and_any_other_use_is()
    {
        Need(Abilities.Signs);
        (ZMQSocket router, _) = MakeBlocked(tcp: false);
        for (int i = 0; i < 20; i++)
        {
            Assert.False(TrySend(router));
            Assert.Empty(Poll());
        }

        _ = router.Events;
        Assert.Equal(IOEvents.Activity, Assert.Single(Poll()).Events);
        Assert.Empty(Poll());
    }

    [Fact]
    public void What_can_be_received_is_told_beside_activity()
    {
        (ZMQSocket router, ZMQSocket peer) = MakeBlocked(tcp: false);
        Poller.Modify(router, IOEvents.Read | IOEvents.Activity);
        Send(peer, new Message("news"));
        Assert.False(TrySend(router)); // has looked at what came
        Deadline.WaitUntil(() => (PollFor(Name).Events & IOEvents.Read) != 0);
        Assert.True((PollFor(Name).Events & IOEvents.Read) != 0);
    }

    [Fact]
    public void Who_did_not_ask_for_activity_hears_of_none()
    {
        (ZMQSocket router, _) = MakeBlocked(tcp: false);
        Poller.Modify(router, IOEvents.Read);
        _ = router.Events;
        Assert.Empty(Poll());
    }

    /// <summary>A mandatory ROUTER whose peer has no room, watched for activity, of which all that was has been told.</summary>
    private (ZMQSocket Router, ZMQSocket Peer) MakeBlocked(bool tcp)
    {
        ZMQSocket router = Make(SocketType.Router);
        router.RouterMandatory = true;
        router.SendHighWaterMark = 1;
        ZMQSocket peer = Make(SocketType.Dealer);
        peer.RoutingId = "peer"u8.ToArray();
        peer.ReceiveHighWaterMark = 1;
        string endpoint = NewInproc();
        if (tcp) endpoint = $"tcp://127.0.0.1:{router.BindToRandomPort("tcp://127.0.0.1")}";
        else router.Bind(endpoint);
        peer.Connect(endpoint);
        Send(peer, new Message("hello"));
        Receive(router);
        Fill(router);
        Poller.Register(router, IOEvents.Activity, Name);
        if (Can(Abilities.Signs)) Fill(router);
        return (router, peer);
    }

    /// <summary>Sends until there is no room, and nothing was heard since.</summary>
    private void Fill(ZMQSocket router) => Deadline.WaitUntil(() =>
    {
        while (TrySend(router))
        {
        }

        return !Can(Abilities.Signs) || Poll(TimeSpan.FromMilliseconds(1)).Count == 0;
    });

    private static bool TrySend(ZMQSocket router) => router.TrySend(new Message("peer", new string('x', 100_000)));
}
