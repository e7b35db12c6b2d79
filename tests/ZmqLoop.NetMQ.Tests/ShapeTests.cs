using System.Net.Sockets;
using System.Runtime.CompilerServices;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Interop;
using ZmqLoop.Polling;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>What happens with a NetMQ whose inside is not what we think.</summary>
public sealed class ShapeTests
{
    private const string SocketBase = "NetMQ.Core.SocketBase, NetMQ";

    [Fact]
    public void A_member_of_another_shape_is_not_taken_for_the_one_that_is_looked_for()
    {
        Assert.True(SocketInternals.AreKnown);
        Assert.True(MemberLookup.Exists(static () => SocketInternals.HasIn(null!)));
        Assert.False(MemberLookup.Exists(static () => Answer(null!)));
        Assert.False(MemberLookup.Exists(static () => Handle(null!)));
        Assert.False(MemberLookup.Exists(static () => _ = Stopped(null!)));
        Assert.False(MemberLookup.Exists(static () => ProcessCommands(null!, 0)));
        Assert.False(MemberLookup.Exists(static () => Nothing(null!)));
    }

    [Fact]
    public async Task Where_the_inside_of_NetMQ_is_not_known_its_selector_waits_and_one_line_says_so()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(
            typeof(ShapeTests), nameof(Here_the_inside_of_NetMQ_is_not_known), ("ZMQLOOP_NETMQ_POLLER", ""));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_the_inside_of_NetMQ_is_not_known()
    {
        TestProcess.SkipElsewhere();
        SocketInternals.AreKnown = false;
        using RecordingLoggers loggers = new();
        NetMQEngineOptions options = new() { LoggerFactory = loggers };
        using NetMQEngine engine = new(options);
        Assert.IsType<SelectorPoller>(engine.CreatePoller()).Dispose();
        engine.CreatePoller().Dispose(); // said already
        Assert.Throws<PlatformNotSupportedException>(() => new NetMQEngine(options with { Poller = NetMQPollerKind.Epoll }));
        if (OperatingSystem.IsLinux()) Assert.Contains("selector", Assert.Single(loggers.Entries).Text, StringComparison.Ordinal);

        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        using ResponseSocket server = new();
        using NetMQLoopPoller poller = new(loop);
        string endpoint = $"tcp://127.0.0.1:{server.BindRandomPort("tcp://127.0.0.1")}";
        server.ReceiveReady += (_, args) => args.Socket.SendFrame("re: " + args.Socket.ReceiveFrameString());
        poller.Add(server);
        using ZMQStream client = new(engine.CreateSocket(SocketType.Req), loop);
        string? answer = null;
        client.OnRecv(message => answer = message[0].ToText());
        client.Connect(endpoint);
        client.Send("question");
        Deadline.RunUntil(loop, () => answer is not null);
        Assert.Equal("re: question", answer);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "HasIn")]
    private static extern int Answer([UnsafeAccessorType(SocketBase)] object core); // a bool

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Handle")]
    private static extern TcpClient Handle([UnsafeAccessorType(SocketBase)] object core); // a Socket

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_isStopped")]
    private static extern ref long Stopped([UnsafeAccessorType(SocketBase)] object core); // a bool

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void ProcessCommands([UnsafeAccessorType(SocketBase)] object core, int timeout); // three of them

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern void Nothing([UnsafeAccessorType(SocketBase)] object core);
}
