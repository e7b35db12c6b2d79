using System.Net;
using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Streams;
using ZmqLoop.Fuzz;
using ZmqLoop.Guard;
using ZmqLoop.Interop;

namespace ZmqLoop.Tests;

/// <summary>What strangers send to NetMQ's I/O threads: in processes of their own, since the threads are the process's.</summary>
public sealed class GuardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task What_strangers_send_to_a_service_costs_them_their_connection_and_nobody_else_anything() =>
        RunThere(nameof(Here_strangers_come));

    [Fact]
    public async Task Here_strangers_come()
    {
        TestProcess.SkipElsewhere();
        await using GuardWorld world = new(new NetMQEngineOptions { IOThreads = 2 });
        int port = world.Serve(configure: static socket => socket.MaxMessageSize = -1);
        world.AskAllTheTime(port);
        for (int round = 0; round < 20; round++)
        {
            foreach (string kind in HostileInputs.Known)
                await Attacker.SendAsync(port, HostileInputs.OfKind(kind), Cancellation); // until it was closed
        }

        world.WaitForAnswer();
        Deadline.WaitUntil(() => world.Contained("connection") == 20 * HostileInputs.Known.Count, world.Describe);
        var told = world.Loggers.Entries.Where(static entry => entry.Category == "ZmqLoop.NetMQ" && entry.Exception is not null).ToList();
        Assert.Contains(told, static entry => entry.Text.Contains("127.1.", StringComparison.Ordinal)); // who it was
        Assert.Contains(told, static entry => entry.Exception is IndexOutOfRangeException);
        Assert.InRange(told.Count, 1, 20); // and the rest is counted
    }

    [Fact]
    public Task A_server_that_turns_on_its_client_costs_that_connection_which_is_made_anew() => RunThere(nameof(Here_a_server_is_hostile));

    [Fact]
    public async Task Here_a_server_is_hostile()
    {
        TestProcess.SkipElsewhere();
        await using GuardWorld world = new();
        world.AskAllTheTime(world.Serve());
        using Socket hostile = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        hostile.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hostile.Listen();
        ZMQStream client = world.Open(SocketType.Dealer, static socket => socket.ReconnectInterval = TimeSpan.FromMilliseconds(10));
        world.Do(() =>
        {
            client.Connect($"tcp://127.0.0.1:{((IPEndPoint)hostile.LocalEndPoint!).Port}");
            client.Send("hello");
            return true;
        });
        IEnumerable<string> kinds = Enumerable.Range(0, 12).Select(static i => HostileInputs.Known[1 + (i % 3)]);
        Queue<HostileInput> inputs = new(kinds.Select(static kind => HostileInputs.OfKind(kind, "ROUTER")));
        await Attacker.ServeAsync(hostile, () => inputs.TryDequeue(out HostileInput? input) ? input : null, static _ => { }, Cancellation)
            .WaitAsync(Deadline.Default, Cancellation);
        Deadline.WaitUntil(() => world.Contained("connection") == 12, world.Describe);
        world.WaitForAnswer();
    }

    [Fact]
    public Task A_connection_that_breaks_when_its_socket_makes_room_is_found_and_closed() =>
        RunThere(nameof(Here_room_is_made_for_a_hostile_connection));

    [Fact]
    public async Task Here_room_is_made_for_a_hostile_connection()
    {
        TestProcess.SkipElsewhere();
        await using GuardWorld world = new();
        world.AskAllTheTime(world.Serve());
        await SendTo(mark: 4, Zmtp.Message("m"u8));
        await SendTo(mark: 3, [.. Zmtp.Message("m"u8, more: true), .. Zmtp.Message("m"u8)]); // what is not whole is not there to be read
        Deadline.WaitUntil(() => world.Contained("connection") == 20, world.Describe);
        Assert.Equal(0, world.Contained("other"));
        world.WaitForAnswer();

        async Task SendTo(int mark, byte[] message)
        {
            ZMQStream server = world.Open(SocketType.Pull, socket => socket.ReceiveHighWaterMark = mark);
            int port = world.Do(() => server.BindToRandomPort("tcp://127.0.0.1"));
            for (int count = mark + 1; count < mark + 11; count++) await Send(Enumerable.Repeat(message, count), server, port);
        }

        async Task Send(IEnumerable<byte[]> messages, ZMQStream server, int port)
        {
            byte[][] sent = [Zmtp.Handshake("PUSH"), .. messages, Zmtp.EmptyCommand];
            byte[] bytes = [.. sent.SelectMany(static part => part)];
            Task attack = Attacker.SendAsync(port, new HostileInput("messages and an empty command", bytes, Kills: true), Cancellation);
            while (!attack.IsCompleted) world.Do(() => server.Socket.TryReceive(out _));
            await attack;
        }
    }

    [Fact]
    public Task Sockets_that_were_bound_before_anybody_guarded_them_are_guarded_too_and_so_are_those_of_the_next_context() =>
        RunThere(nameof(Here_sockets_are_adopted));

    [Fact]
    public async Task Here_sockets_are_adopted()
    {
        TestProcess.SkipElsewhere();
        for (int context = 0; context < 3; context++)
        {
            using (RouterSocket old = new())
            {
                int port = old.BindRandomPort("tcp://127.0.0.1");
                using DealerSocket client = new($">tcp://127.0.0.1:{port}");
                Exchange(old, client); // the I/O thread has been at work
                old.AsZMQSocket();
                foreach (string kind in HostileInputs.Known) await Attacker.SendAsync(port, HostileInputs.OfKind(kind), Cancellation);
                Exchange(old, client);
            }

            Deadline.RunThread(static () => NetMQConfig.Cleanup());
        }

        static void Exchange(RouterSocket server, DealerSocket client)
        {
            client.SendFrame("ping");
            Deadline.WaitUntil(() =>
            {
                NetMQMessage? received = null;
                if (!server.TryReceiveMultipartMessage(TimeSpan.FromMilliseconds(10), ref received)) return false;
                if (received.Last.ConvertToString() != "ping") return false; // a stranger's
                server.SendMultipartMessage(received);
                return true;
            });
            Deadline.WaitUntil(() => client.TryReceiveFrameString(TimeSpan.FromMilliseconds(10), out string? answer) && answer == "ping");
        }
    }

    [Fact]
    public Task A_connector_that_breaks_tries_again() => RunThere(nameof(Here_a_connector_breaks));

    [Fact]
    public async Task Here_a_connector_breaks()
    {
        TestProcess.SkipElsewhere();
        await using GuardWorld world = new();
        int port = world.Serve();
        world.AskAllTheTime(port);
        ZMQStream client = world.Open(SocketType.Dealer, static socket =>
        {
            socket.ReconnectInterval = TimeSpan.FromMilliseconds(10);
            socket.Set(ZMQSocketOptions.TcpKeepalive, 1);
            socket.Set(ZMQSocketOptions.TcpKeepaliveCnt, 100_000); // more than the system takes
        });
        world.Do(() =>
        {
            client.Connect($"tcp://127.0.0.1:{port}");
            return true;
        });
        Deadline.WaitUntil(() => world.Contained("connector") > 3, world.Describe);
        world.WaitForAnswer();
    }

    [Fact]
    public Task Several_engines_share_the_guard_and_the_end_of_one_is_not_its_end() => RunThere(nameof(Here_are_several_engines));

    [Fact]
    public async Task Here_are_several_engines()
    {
        TestProcess.SkipElsewhere();
        NetMQEngine first = new();
        ZMQSocket ofFirst = first.CreateSocket(SocketType.Router);
        int port = ofFirst.BindToRandomPort("tcp://127.0.0.1");
        await using GuardWorld world = new();
        world.AskAllTheTime(world.Serve());
        first.Dispose();
        using NetMQEngine careless = new(new NetMQEngineOptions { GuardIOThreads = false }); // comes too late to take it off
        using ZMQSocket another = careless.CreateSocket(SocketType.Router);
        int anotherPort = another.BindToRandomPort("tcp://127.0.0.1");
        foreach (string kind in HostileInputs.Known)
        {
            await Attacker.SendAsync(port, HostileInputs.OfKind(kind), Cancellation);
            await Attacker.SendAsync(anotherPort, HostileInputs.OfKind(kind), Cancellation);
        }

        ofFirst.Dispose();
        world.WaitForAnswer();
    }

    [Fact]
    public Task A_guard_that_is_not_wanted_is_not_put_in() => RunThere(nameof(Here_no_guard_is_wanted));

    [Fact]
    public void Here_no_guard_is_wanted()
    {
        TestProcess.SkipElsewhere();
        using NetMQEngine engine = new(new NetMQEngineOptions { GuardIOThreads = false });
        using ZMQSocket socket = engine.CreateSocket(SocketType.Router);
        object context = ProactorInternals.ContextOf(SocketInternals.Core(((NetMQSocketAdapter)socket).NetMQSocket));
        foreach (object ioThread in ProactorInternals.IOThreads(context))
            Assert.IsNotType<GuardedPort>(ProactorInternals.Port(ProactorInternals.ProactorOf(ioThread)));
    }

    private static async Task RunThere(string method)
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(GuardTests), method);
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }
}
