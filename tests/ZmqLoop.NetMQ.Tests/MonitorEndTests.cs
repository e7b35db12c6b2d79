using System.Net;
using System.Net.Sockets;
using NetMQ;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>The end of NetMQ's context after a socket was monitored, while peers come and go: in a process of its own, since the others
/// have that context, too.</summary>
public sealed class MonitorEndTests
{
    private const int Rounds = 8;
    private const int Connections = 200;

    [Fact]
    public async Task Cleanup_does_not_wait_for_connections_of_a_monitored_socket_that_is_closed()
    {
        (int exitCode, string output) = await TestProcess.RunAsync(
            typeof(MonitorEndTests), nameof(Here_a_monitored_socket_is_closed_while_peers_come_and_go));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Here_a_monitored_socket_is_closed_while_peers_come_and_go()
    {
        TestProcess.SkipElsewhere();
        using NetMQEngine engine = new();
        for (int round = 0; round < Rounds; round++)
        {
            using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
            using ZMQStream stream = new(engine.CreateSocket(SocketType.Pull), loop);
            using SocketMonitor monitor = new(stream.Socket, loop);
            int accepted = 0;
            monitor.OnEvent(occurred =>
            {
                if (occurred.Event == ZMQSocketEvents.Accepted) accepted++;
            });
            int port = stream.BindToRandomPort("tcp://127.0.0.1");
            stream.OnRecv(static _ => { });
            using ManualResetEventSlim stop = new();
            Thread peers = new(() => ComeAndGo(port, stop));
            peers.Start();
            Deadline.RunUntil(loop, () => accepted >= Connections);
            stream.Close(TimeSpan.Zero);
            monitor.Close();
            Deadline.RunThread(() => NetMQConfig.Cleanup());
            stop.Set();
            Assert.True(peers.Join(Deadline.Default));
        }
    }

    private static void ComeAndGo(int port, ManualResetEventSlim stop)
    {
        List<Socket> open = [];
        for (int i = 0; !stop.IsSet; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
                if (i % 3 == 0) socket.LingerState = new LingerOption(true, 0); // a reset
                if (i % 3 == 2) open.Add(socket);
                else socket.Dispose();
            }
            catch (SocketException)
            {
                socket.Dispose(); // the listener is closed
                stop.Wait(1);
            }
        }

        open.ForEach(static socket => socket.Dispose());
    }
}
