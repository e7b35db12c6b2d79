namespace ZmqLoop.Streams.SocketTests;

/// <summary>Memory that was lent to a stream comes back when the fate of its message is decided, whatever it is: no garbage collection
/// helps.</summary>
public sealed class LentFateTests
{
    private static readonly byte[] _bytes = new byte[100_000];

    public static TheoryData<string> Fates =>
    [
        "sent", "sent, with a callback", "sent, with OnSend", "sent, awaited", "dropped as the oldest", "dropped as the newest",
        "refused as full", "expired", "expired, awaited", "cleared", "cancelled", "unroutable", "unroutable, reported", "closed",
        "closed, with a callback", "closed, awaited",
    ];

    [Theory]
    [MemberData(nameof(Fates))]
    public void The_tracker_ends_with_the_messages_fate(string fate)
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using RealWorld world = new();
        using CancellationTokenSource cancel = new();
        string what = fate.Split(',')[0];
        ZMQStream stream = Stream(world, what);
        if (what == "sent") Connect(world, stream);
        if (fate.EndsWith("OnSend", StringComparison.Ordinal))
            stream.OnSend(static (message, _) => Assert.Equal(100_000, message[0].Span.Length));
        Task tracker = Send(stream, fate, cancel.Token);
        bool ended = false;
        world.Loop.CallLater(0.05, () =>
        {
            if (what == "cleared") stream.ClearSendQueue();
            if (what == "cancelled") cancel.Cancel();
            if (what == "closed") stream.Close(TimeSpan.Zero);
        });
        world.RunUntil(() => ended = tracker.IsCompleted);
        Assert.True(ended);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_callback_keeps_is_its_own_and_what_it_does_not_keep_is_over(bool keeps)
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using RealWorld world = new();
        ZMQStream stream = world.Stream(SocketType.Push);
        Connect(world, stream);
        Message? shown = null;
        Task tracker = Begin(stream, message => stream.Send(message, (sent, _) => shown = keeps ? sent.Keep() : sent));
        world.RunUntil(() => shown is not null);
        if (keeps)
        {
            Assert.False(tracker.IsCompleted);
            Assert.Equal(_bytes, shown![0].ToArray());
            shown.Dispose();
        }
        else
        {
            Assert.Throws<ObjectDisposedException>(() => shown![0].ToArray());
        }

        world.RunUntil(() => tracker.IsCompleted); // over inproc the receiver had it, too
    }

    private static ZMQStream Stream(RealWorld world, string what)
    {
        SendQueueFullMode mode = what switch
        {
            "dropped as the oldest" => SendQueueFullMode.DropOldest,
            "dropped as the newest" => SendQueueFullMode.DropNewest,
            _ => SendQueueFullMode.Throw,
        };
        bool routes = what == "unroutable";
        ZMQStreamOptions options = new() { SendQueueLimit = 1, SendQueueFullMode = mode };
        ZMQStream stream = world.Stream(routes ? SocketType.Router : SocketType.Push, options);
        if (routes) stream.Socket.RouterMandatory = true;
        return stream;
    }

    private static void Connect(RealWorld world, ZMQStream stream)
    {
        string name = RealWorld.Inproc();
        stream.Bind(name);
        ZMQStream peer = world.Stream(SocketType.Pull);
        peer.Connect(name);
        peer.OnRecv(static _ => { }, copy: false);
    }

    private static Task Send(ZMQStream stream, string fate, CancellationToken cancel) => fate switch
    {
        "expired" => Begin(stream, message => stream.Send(message, TimeSpan.FromMilliseconds(20))),
        "expired, awaited" => Begin(stream, message => _ = stream.SendAsync(message, TimeSpan.FromMilliseconds(20))),
        "cancelled" => Begin(stream, message => _ = stream.SendAsync(message, cancel)),
        "unroutable" or "sent, with a callback" or "closed, with a callback" =>
            Begin(stream, message => stream.Send(message, static (_, _) => { })),
        "sent, awaited" or "closed, awaited" => Begin(stream, message => _ = stream.SendAsync(message)),
        "dropped as the oldest" or "dropped as the newest" => Begin(stream, message =>
        {
            stream.Send(message);
            stream.Send("the next");
        }),
        "refused as full" => Begin(stream, message =>
        {
            stream.Send("the first");
            Assert.False(stream.TrySend(message));
        }),
        _ => Begin(stream, message => stream.Send(message)),
    };

    private static Task Begin(ZMQStream stream, Action<Message> send)
    {
        using Message message = new();
        Task tracker = message.Lend(_bytes, stream.Socket.Engine);
        send(message);
        return tracker;
    }
}
