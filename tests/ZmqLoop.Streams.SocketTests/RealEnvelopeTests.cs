namespace ZmqLoop.Streams.SocketTests;

/// <summary>What a ROUTER's clients send does not decide how it is read.</summary>
public sealed class RealEnvelopeTests
{
    public static TheoryData<string, bool> Styles { get; } = new()
    {
        { "callback", true }, { "callback", false }, { "async callback", true }, { "async callback", false }, { "receive", true },
        { "reader", true },
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void A_stream_says_what_is_spoken_in_every_style_of_receiving(string style, bool copy)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket dealer) = world.Pair(SocketType.Router, SocketType.Dealer,
            options: new ZMQStreamOptions { EnvelopeFormat = EnvelopeFormat.Delimiter });
        Serve(world, stream, style, copy);
        RealWorld.Send(dealer, "", "pay", "", "100");
        RealWorld.Send(dealer, "no delimiter");
        RealWorld.Send(dealer, "");
        RealWorld.Send(dealer, "", "");
        world.RunUntil(() => world.Log.Count == 4);
        Assert.Equal(["2: pay||100", "1: ", "2: ", "2: "], world.Log);
        foreach (int frames in (int[])[3, 0, 0, 1]) Assert.Equal($"|{frames} frames", Receive(world, dealer));
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public void Without_a_word_it_is_the_routing_id_alone(string style, bool copy)
    {
        using RealWorld world = new();
        (ZMQStream stream, ZMQSocket dealer) = world.Pair(SocketType.Router, SocketType.Dealer);
        Serve(world, stream, style, copy);
        RealWorld.Send(dealer, "pay", "alice", "", "100");
        RealWorld.Send(dealer, "");
        world.RunUntil(() => world.Log.Count == 2);
        Assert.Equal(["1: pay|alice||100", "1: "], world.Log);
        Assert.Equal("4 frames", Receive(world, dealer));
        Assert.Equal("1 frames", Receive(world, dealer));
    }

    private static string Receive(RealWorld world, ZMQSocket dealer)
    {
        Message? answer = null;
        world.RunUntil(() => dealer.TryReceive(out answer));
        return answer!.Text();
    }

    private static void Serve(RealWorld world, ZMQStream stream, string style, bool copy)
    {
        void Answer(Message request)
        {
            world.Log.Add($"{request.Envelope.Length}: {string.Join('|', request.Body.ToArray().Select(static frame => frame.ToText()))}");
            stream.Send(request.Reply($"{request.Body.Length} frames"));
        }

        switch (style)
        {
            case "callback":
                stream.OnRecv(Answer, copy);
                break;
            case "async callback":
                stream.OnRecv(async request =>
                {
                    await Task.Yield();
                    Answer(request);
                }, copy);
                break;
            case "receive":
                world.Loop.AddCallback(async () =>
                {
                    while (!stream.IsClosed) Answer(await stream.ReceiveAsync());
                });
                break;
            default:
                world.Loop.AddCallback(async () =>
                {
                    await foreach (Message request in stream.ReadAllAsync()) Answer(request);
                });
                break;
        }
    }
}
