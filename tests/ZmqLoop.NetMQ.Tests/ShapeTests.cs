using System.Net.Sockets;
using System.Runtime.CompilerServices;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Guard;
using ZmqLoop.Interop;
using ZmqLoop.Polling;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>What happens with a NetMQ whose inside is not what we think.</summary>
public sealed class ShapeTests
{
    private const string Lie = "ZMQLOOP_SHAPE_THAT_LIES";
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
    public Task Where_the_inside_of_NetMQ_is_not_known_its_selector_waits_and_one_line_says_so() =>
        RunThere(nameof(Here_the_inside_of_NetMQ_is_not_known), lie: "");

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
        AskAndClose(engine);
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("I/O threads")]
    [InlineData("connections")]
    [InlineData("accepting")]
    public Task Where_the_guard_has_not_what_it_needs_one_line_says_so_and_all_else_works(string lie) =>
        RunThere(nameof(Here_the_guard_has_not_what_it_needs), lie);

    [Fact]
    public void Here_the_guard_has_not_what_it_needs()
    {
        TestProcess.SkipElsewhere();
        switch (Environment.GetEnvironmentVariable(Lie))
        {
            case "sockets": SocketInternals.AreKnown = false; break;
            case "I/O threads": ProactorInternals.AreKnown = false; break;
            case "connections": ConnectionInternals.AreKnown = false; break;
            default: AcceptInternals.AreKnown = false; break;
        }

        using RecordingLoggers loggers = new();
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = loggers, Poller = NetMQPollerKind.Selector });
        AskAndClose(engine);
        AskAndClose(engine); // said already
        string told = Assert.Single(loggers.Entries, static entry => entry.Text.Contains("guard", StringComparison.Ordinal)).Text;
        Assert.Contains("does not have the members", told, StringComparison.Ordinal);
        Assert.Contains("ZmqLoop.LibZmq", told, StringComparison.Ordinal);
        Assert.DoesNotContain(loggers.Entries, static entry => entry.Text.Contains("AsyncIO", StringComparison.Ordinal)); // it says all
        Assert.DoesNotContain(PortsOfASocket(engine), static port => port is GuardedPort);
    }

    [Fact]
    public Task Where_connections_cannot_be_ended_as_they_should_one_line_says_so_and_they_end_as_NetMQ_does_it() =>
        RunThere(nameof(Here_connections_cannot_be_ended_as_they_should), lie: "");

    [Fact]
    public void Here_connections_cannot_be_ended_as_they_should()
    {
        TestProcess.SkipElsewhere();
        CloseInternals.AreKnown = false;
        using RecordingLoggers loggers = new();
        using NetMQEngine engine = new(new NetMQEngineOptions { LoggerFactory = loggers });
        AskAndClose(engine);
        AskAndClose(engine); // said already
        string told = Assert.Single(loggers.Entries).Text;
        Assert.Contains("what a closed socket lingers for may be lost", told, StringComparison.Ordinal);
        Assert.All(PortsOfASocket(engine), static port => Assert.IsType<GuardedPort>(port)); // which does not depend on it
    }

    /// <summary>A socket of NetMQ's and one of the engine, on one loop; both are closed, and the context ends.</summary>
    private static void AskAndClose(NetMQEngine engine)
    {
        using (ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false }))
        {
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

        Deadline.RunThread(static () => NetMQConfig.Cleanup());
    }

    private static object[] PortsOfASocket(NetMQEngine engine)
    {
        using NetMQSocketAdapter socket = (NetMQSocketAdapter)engine.CreateSocket(SocketType.Dealer);
        return [.. ProactorInternals.IOThreads(ProactorInternals.ContextOf(SocketInternals.Core(socket.NetMQSocket)))
            .Select(static ioThread => ProactorInternals.Port(ProactorInternals.ProactorOf(ioThread)))];
    }

    private static async Task RunThere(string method, string lie)
    {
        (int exitCode, string output) =
            await TestProcess.RunAsync(typeof(ShapeTests), method, ("ZMQLOOP_NETMQ_POLLER", ""), (Lie, lie));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
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
