using System.Text.Json.Nodes;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Peers;

/// <summary>What must be true between our streams and another ZeroMQ in another process; run against each.</summary>
public abstract partial class PeerContract(EngineUnderTest ours, PeerKind kind)
{
    private static readonly byte[][] _frames =
        [[.. "hello"u8], [], [0, 255, 1, 254, 10, 13], [.. Enumerable.Range(0, 256).Select(static n => (byte)n)], []];

    protected EngineUnderTest Ours => ours;

    /// <summary>A service of ours, in a process of its own.</summary>
    private ExampleService Service { get; } = ExampleService.On(ours);

    private static Message Frames => new([.. _frames.Select(static frame => (Frame)frame)]);

    private static string[] Described => [.. _frames.Select(static frame => PeerSocket.Describe(frame))];

    [Theory]
    [InlineData(SocketType.Req, SocketType.Rep)]
    [InlineData(SocketType.Rep, SocketType.Req)]
    [InlineData(SocketType.Req, SocketType.Router)]
    [InlineData(SocketType.Router, SocketType.Req)]
    [InlineData(SocketType.Dealer, SocketType.Rep)]
    [InlineData(SocketType.Dealer, SocketType.Dealer)]
    [InlineData(SocketType.Router, SocketType.Dealer)]
    [InlineData(SocketType.Dealer, SocketType.Router)]
    [InlineData(SocketType.Push, SocketType.Pull)]
    [InlineData(SocketType.Pull, SocketType.Push)]
    [InlineData(SocketType.Pair, SocketType.Pair)]
    [InlineData(SocketType.Pub, SocketType.Sub)]
    [InlineData(SocketType.Sub, SocketType.Pub)]
    [InlineData(SocketType.XPub, SocketType.Sub)]
    [InlineData(SocketType.Sub, SocketType.XPub)]
    [InlineData(SocketType.XSub, SocketType.Pub)]
    [InlineData(SocketType.Pub, SocketType.XSub)]
    [InlineData(SocketType.XPub, SocketType.XSub)]
    [InlineData(SocketType.XSub, SocketType.XPub)]
    public async Task Socket_types_that_belong_together_exchange_messages_as_they_are_whoever_binds(SocketType ours, SocketType theirs)
    {
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        foreach (bool weBind in (bool[])[true, false]) await ExchangeAsync(peer, we, ours, theirs, weBind);
        Assert.False(we.Errors.Reader.TryRead(out Exception? error), $"{error}");
    }

    private static async Task ExchangeAsync(Peer peer, OurSide we, SocketType ours, SocketType theirs, bool weBind)
    {
        OurStream stream = await we.OpenAsync(ours);
        PeerSocket socket = await peer.OpenAsync(theirs);
        if (ours == SocketType.Sub) await we.Loop.InvokeAsync(() => stream.Stream.Subscribe(""));
        if (theirs == SocketType.Sub) await socket.SubscribeAsync("");
        await JoinAsync(stream, socket, weBind);
        if (ours is SocketType.XSub) stream.Stream.Send(new Message(Frame.Own([1])));
        if (theirs is SocketType.XSub) await socket.SendAsync([1]);

        switch (ours)
        {
            case SocketType.Pub or SocketType.XPub:
                Task<string[]> heard = socket.ReceiveAsync();
                await stream.RepeatAsync(Frames, heard);
                Assert.Equal(Described, await heard);
                break;
            case SocketType.Sub or SocketType.XSub:
                Assert.Equal(Described, await HearAsync(stream, socket));
                break;
            case SocketType.Push:
                stream.Stream.Send(Frames);
                Assert.Equal(Described, await socket.ReceiveAsync());
                break;
            case SocketType.Pull:
                await socket.SendAsync(_frames);
                Assert.Equal(Described, await stream.ReceiveDescribedAsync());
                break;
            case SocketType.Rep or SocketType.Router:
                await AnswerAsync(stream, socket);
                break;
            default:
                await AskAsync(stream, socket, theirs);
                break;
        }

        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_message_of_one_empty_frame_is_a_message_both_ways()
    {
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        OurStream stream = await we.OpenAsync(SocketType.Pair);
        PeerSocket socket = await peer.OpenAsync(SocketType.Pair);
        await JoinAsync(stream, socket, weBind: true);
        foreach (Message message in (Message[])[new(""), new("", "", ""), new("end")]) stream.Stream.Send(message);
        Assert.Equal([""], await socket.ReceiveAsync());
        Assert.Equal(["", "", ""], await socket.ReceiveAsync());
        Assert.Equal([PeerSocket.Describe("end"u8)], await socket.ReceiveAsync());
        await socket.SendAsync([[]]);
        await socket.SendAsync([[], [], []]);
        Assert.Equal([""], await stream.ReceiveDescribedAsync());
        Assert.Equal(["", "", ""], await stream.ReceiveDescribedAsync());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Sixty_four_mebibytes_in_one_frame_arrive_whole(bool weSend, bool weBind)
    {
        const int Size = 64 * 1024 * 1024;
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        OurStream stream = await we.OpenAsync(SocketType.Pair);
        PeerSocket socket = await peer.OpenAsync(SocketType.Pair);
        await JoinAsync(stream, socket, weBind);
        byte[] big = new byte[Size];
        Array.Fill(big, (byte)7);
        string[] expected = [PeerSocket.Describe("big"u8), PeerSocket.Describe(big)];
        if (weSend)
        {
            stream.Stream.Send(new Message("big", Frame.Own(big)));
            Assert.Equal(expected, await socket.ReceiveAsync());
        }
        else
        {
            await socket.SendLongAsync("big", Size, 7);
            Assert.Equal(expected, await stream.ReceiveDescribedAsync());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subscriber_that_comes_late_misses_what_was_before_and_gets_what_comes_after(bool wePublish)
    {
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        OurStream stream = await we.OpenAsync(wePublish ? SocketType.XPub : SocketType.Sub);
        PeerSocket socket = await peer.OpenAsync(wePublish ? SocketType.Sub : SocketType.XPub);
        if (wePublish)
        {
            string endpoint = await stream.BindAsync();
            await stream.Stream.SendAsync("too early"); // it has gone before anybody is there, however late the loop is
            await socket.SubscribeAsync("");
            await socket.ConnectAsync(endpoint);
            Assert.Equal("\u0001", (await stream.ReceiveAsync())[0].ToText()); // it is there
            stream.Stream.Send("in time");
            Assert.Equal([PeerSocket.Describe("in time"u8)], await socket.ReceiveAsync());
        }
        else
        {
            string endpoint = await socket.BindAsync();
            await socket.SendAsync([.. "too early"u8]);
            await we.Loop.InvokeAsync(() => stream.Stream.Subscribe(""));
            await stream.ConnectAsync(endpoint);
            Assert.Equal(["01"], await socket.ReceiveAsync());
            await socket.SendAsync([.. "in time"u8]);
            Assert.Equal("in time", (await stream.ReceiveAsync())[0].ToText());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_does_not_receive_is_felt_by_our_stream_and_nothing_is_lost(bool weBind)
    {
        const int Count = 500;
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        OurStream stream = await we.OpenAsync(SocketType.Push, static socket => socket.SendHighWaterMark = 2);
        PeerSocket socket = await peer.OpenAsync(SocketType.Pull, new JsonObject { ["hwm"] = 2 });
        await JoinAsync(stream, socket, weBind);
        Frame padding = Frame.Own(new byte[64 * 1024]);
        for (int i = 0; i < Count; i++) stream.Stream.Send(new Message($"{i}", padding));
        Task last = stream.Stream.SendAsync(new Message($"{Count}", padding));
        int[] first = await socket.ReceiveNumberedAsync(3);
        Assert.Equal([0, 1, 2], first);
        Assert.True(stream.Stream.SendQueueLength > Count / 4, $"{stream.Stream.SendQueueLength} wait"); // the system's buffers take some
        Assert.False(last.IsCompleted);
        Assert.Equal(Enumerable.Range(3, Count - 2), await socket.ReceiveNumberedAsync(Count - 2));
        await last;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_is_paused_is_felt_by_the_peer_and_nothing_is_lost(bool weBind)
    {
        const int Count = 500;
        const int Padding = 64 * 1024;
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        OurStream stream = await we.OpenAsync(SocketType.Pull, static socket => socket.ReceiveHighWaterMark = 2, receive: false);
        PeerSocket socket = await peer.OpenAsync(SocketType.Push, new JsonObject { ["hwm"] = 2 });
        await JoinAsync(stream, socket, weBind);
        await socket.SendAsync([.. "first"u8]); // connected
        int sent = await socket.SendNumberedAsync(0, Count, Padding);
        Assert.InRange(sent, 0, Count * 3 / 4);
        await we.Loop.InvokeAsync(stream.BeginReceiving);
        Assert.Equal("first", (await stream.ReceiveAsync())[0].ToText());
        for (int received = 0; received < Count; received++)
        {
            while (received == sent) sent = await socket.SendNumberedAsync(sent, Count, Padding);
            Assert.Equal($"{received}", (await stream.ReceiveAsync())[0].ToText());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Our_authenticator_lets_in_the_peer_whose_key_it_knows_and_nobody_else(bool isKnown)
    {
        Ours.Need(Abilities.Zap);
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        CurveKeyPair serverKeys = we.Engine.CreateCurveKeyPair();
        CurveKeyPair clientKeys = we.Engine.CreateCurveKeyPair();
        Authenticator authenticator = await we.Loop.InvokeAsync(() =>
        {
            Authenticator started = new(we.Loop);
            started.ConfigureCurve("*", [isKnown ? clientKeys.PublicKey : serverKeys.PublicKey]);
            started.Start();
            return started;
        });
        OurStream stream =
            await we.OpenAsync(SocketType.Pull, socket => (socket.CurveServer, socket.CurveSecretKey) = (true, serverKeys.SecretKey));
        Task<SocketEvent> shaken = await stream.WatchAsync(ZMQSocketEvents.HandshakeSucceeded | ZMQSocketEvents.HandshakeFailedAuth);
        PeerSocket socket = await peer.OpenAsync(SocketType.Push, new JsonObject
        {
            ["curve_publickey"] = clientKeys.PublicKeyText, ["curve_secretkey"] = clientKeys.SecretKeyText,
            ["curve_serverkey"] = serverKeys.PublicKeyText,
        });
        await socket.ConnectAsync(await stream.BindAsync());
        Assert.Equal(isKnown ? ZMQSocketEvents.HandshakeSucceeded : ZMQSocketEvents.HandshakeFailedAuth, (await shaken).Event);
        if (isKnown)
        {
            await socket.SendAsync(_frames);
            Assert.Equal(Described, await stream.ReceiveDescribedAsync());
        }

        await we.Loop.InvokeAsync(authenticator.Stop);
    }

    [Fact]
    public async Task We_are_a_client_of_a_peer_that_is_a_CURVE_server()
    {
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        CurveKeyPair serverKeys = we.Engine.CreateCurveKeyPair();
        CurveKeyPair clientKeys = we.Engine.CreateCurveKeyPair();
        PeerSocket socket = await peer.OpenAsync(SocketType.Rep, new JsonObject
        {
            ["curve_server"] = true, ["curve_publickey"] = serverKeys.PublicKeyText, ["curve_secretkey"] = serverKeys.SecretKeyText,
        });
        OurStream stream = await we.OpenAsync(SocketType.Req, ours =>
            (ours.CurvePublicKey, ours.CurveSecretKey, ours.CurveServerKey) =
                (clientKeys.PublicKey, clientKeys.SecretKey, serverKeys.PublicKey));
        await stream.ConnectAsync(await socket.BindAsync());
        stream.Stream.Send(Frames);
        await socket.EchoAsync(1);
        Assert.Equal(Described, await stream.ReceiveDescribedAsync());
    }

    [Fact]
    public async Task Requests_and_replies_of_peers_go_through_our_proxy()
    {
        using Peer peer = Peer.Start(kind);
        await using OurSide we = new(Ours);
        (ZMQProxy proxy, string front, string back) = await we.Loop.InvokeAsync(() =>
        {
            ZMQSocket router = we.Engine.CreateSocket(SocketType.Router);
            ZMQSocket dealer = we.Engine.CreateSocket(SocketType.Dealer);
            router.Bind("tcp://127.0.0.1:*");
            dealer.Bind("tcp://127.0.0.1:*");
            return (new ZMQProxy(router, dealer, loop: we.Loop), router.LastEndpoint, dealer.LastEndpoint);
        });
        PeerSocket client = await peer.OpenAsync(SocketType.Req);
        PeerSocket worker = await peer.OpenAsync(SocketType.Rep);
        await client.ConnectAsync(front);
        await worker.ConnectAsync(back);
        for (int i = 0; i < 3; i++)
        {
            await client.SendAsync(_frames);
            await worker.EchoAsync(1);
            Assert.Equal(Described, await client.ReceiveAsync());
        }

        Assert.Equal((3, 3), (proxy.Statistics.MessagesIn, proxy.Statistics.MessagesOut));
        proxy.Close(TimeSpan.Zero);
        await proxy.Completion;
    }

    /// <returns>Where they meet.</returns>
    private static async Task<string> JoinAsync(OurStream stream, PeerSocket socket, bool weBind)
    {
        string endpoint = weBind ? await stream.BindAsync() : await socket.BindAsync();
        if (weBind) await socket.ConnectAsync(endpoint);
        else await stream.ConnectAsync(endpoint);
        return endpoint;
    }

    /// <summary>They ask, and we answer with the same.</summary>
    private static async Task AnswerAsync(OurStream stream, PeerSocket socket)
    {
        await socket.SendAsync(_frames);
        Message request = await stream.ReceiveAsync();
        Assert.Equal(Described, request.TakeLast(_frames.Length).Select(static frame => PeerSocket.Describe(frame.Span)));
        stream.Stream.Send(request);
        Assert.Equal(Described, await socket.ReceiveAsync());
    }

    /// <summary>We ask, and they answer with the same.</summary>
    private static async Task AskAsync(OurStream stream, PeerSocket socket, SocketType theirs)
    {
        bool needsEnvelope = stream.Stream.Socket.Type == SocketType.Dealer && theirs == SocketType.Rep;
        Message request = needsEnvelope ? Frames.Prepend(Frame.Empty) : Frames;
        stream.Stream.Send(request);
        await socket.EchoAsync(1);
        Assert.Equal(needsEnvelope ? ["", .. Described] : Described, await stream.ReceiveDescribedAsync());
    }

    /// <summary>They publish until we have heard it.</summary>
    private static async Task<string[]> HearAsync(OurStream stream, PeerSocket socket)
    {
        Task<string[]> heard = stream.ReceiveDescribedAsync();
        while (!heard.IsCompleted) await socket.SendAsync(_frames);
        return await heard;
    }

    private static async Task EchoOnceAsync(OurStream stream, PeerSocket socket, string text)
    {
        stream.Stream.Send(text);
        await socket.EchoAsync(1);
        Assert.Equal(text, (await stream.ReceiveAsync())[0].ToText());
    }
}
