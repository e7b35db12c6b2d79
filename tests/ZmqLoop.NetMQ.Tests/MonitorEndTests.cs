using System.Net;
using System.Net.Sockets;
using NetMQ;
using NetMQ.Monitoring;
using NetMQ.Sockets;
using ZmqLoop.Interop;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>The end of NetMQ's context after a socket was monitored, while peers come and go: in a process of its own, since the others
/// have that context, too.</summary>
public sealed class MonitorEndTests
{
    private const int Rounds = 8;
    private const int Connections = 200;

    [Theory]
    [InlineData(nameof(Here_a_monitored_socket_is_closed_while_peers_come_and_go))]
    [InlineData(nameof(Here_a_socket_of_NetMQs_is_disposed_of_that_NetMQs_own_monitor_tells_of))]
    [InlineData(nameof(Here_sockets_are_disposed_of_that_try_to_connect_and_are_monitored))]
    public async Task Cleanup_does_not_wait_for_connections_of_a_monitored_socket_that_is_closed(string here)
    {
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(MonitorEndTests), here);
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

    [Fact]
    public void Here_a_socket_of_NetMQs_is_disposed_of_that_NetMQs_own_monitor_tells_of()
    {
        TestProcess.SkipElsewhere();
        using NetMQEngine engine = new();
        for (int round = 0; round < Rounds * 2; round++)
        {
            using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
            using NetMQLoopPoller poller = new(loop);
            using PullSocket socket = new();
            int accepted = 0;
            NetMQMonitor monitor = new(socket, $"inproc://monitor-{round}", NetMQ.SocketEvents.All & ~NetMQ.SocketEvents.Listening);
            monitor.Accepted += (_, _) => accepted++;
            monitor.AttachToPoller(poller);
            int port = socket.BindRandomPort("tcp://127.0.0.1");
            poller.Add(socket);
            using ManualResetEventSlim stop = new();
            Thread peers = new(() => ComeAndGo(port, stop));
            peers.Start();
            Deadline.RunUntil(loop, () => accepted >= Connections / 4);
            monitor.DetachFromPoller();
            poller.Remove(socket);
            socket.Dispose();
            monitor.Dispose();
            Deadline.RunThread(static () => NetMQConfig.Cleanup());
            stop.Set();
            Assert.True(peers.Join(Deadline.Default));
        }
    }

    [Fact]
    public void Here_sockets_are_disposed_of_that_try_to_connect_and_are_monitored()
    {
        TestProcess.SkipElsewhere();
        using NetMQEngine engine = new();
        for (int round = 0; round < Rounds * 10; round++)
        {
            DealerSocket[] sockets = [.. Enumerable.Range(0, 10).Select(static _ => new DealerSocket())];
            List<NetMQMonitor> monitors = [];
            foreach (DealerSocket socket in sockets)
            {
                socket.AsZMQSocket(engine);
                socket.Options.ReconnectInterval = TimeSpan.FromMilliseconds(1);
                monitors.Add(new NetMQMonitor(socket, $"inproc://monitor-{round}-{monitors.Count}", NetMQ.SocketEvents.All));
                socket.Connect("tcp://127.0.0.1:1");
            }

            object context = ContextInternals.Present!;
            Thread ending = new(static () => NetMQConfig.Cleanup());
            if (round % 2 == 0)
            {
                ending.Start(); // before they are
                Deadline.WaitUntil(() => ContextInternals.IsEnding(context));
            }

            foreach (DealerSocket socket in sockets) socket.Dispose();
            monitors.ForEach(static monitor => monitor.Dispose());
            if (round % 2 != 0) ending.Start();
            Assert.True(ending.Join(Deadline.Default), "Cleanup waits.");
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
